//! What must be true of an inbox whatever happened to it.

use std::collections::BTreeMap;

use tokio::task::JoinSet;
use yuanliu_inbox::{Inbox, InboxError, InboxOptions, Recovery};

use crate::batches::{batch, open, options, pending, wait};
use crate::disk::Sim;

/// The inbox with a record of what was acknowledged.
pub(crate) struct Model {
    pub(crate) disk: Sim,
    pub(crate) inbox: Option<Inbox>,
    /// Whether opening says what has landed.
    pub(crate) tells_landed: bool,
    pub(crate) pending_bytes_max: u64,
    acknowledged: BTreeMap<u64, Vec<i64>>,
    /// Refused or cut short: may be there once, at a sequence that was not acknowledged.
    unsure: Vec<Vec<i64>>,
    released: u64,
    next_id: i64,
}

impl Model {
    pub(crate) fn new(tells_landed: bool, pending_bytes_max: u64) -> Self {
        let mut model = Self {
            disk: Sim::default(),
            inbox: None,
            tells_landed,
            pending_bytes_max,
            acknowledged: BTreeMap::new(),
            unsure: Vec::new(),
            released: 0,
            next_id: 1,
        };
        model.open();
        model
    }

    fn options(&self) -> InboxOptions {
        InboxOptions {
            landed_through: self.tells_landed.then_some(self.released),
            pending_bytes_max: self.pending_bytes_max,
            ..options()
        }
    }

    pub(crate) fn inbox(&self) -> &Inbox {
        self.inbox.as_ref().unwrap()
    }

    /// Appends at once, each call some batches of one to three rows.
    pub(crate) fn append(&mut self, calls: &[usize]) {
        let calls: Vec<Vec<Vec<i64>>> =
            calls.iter().map(|frames| (0..*frames).map(|_| self.some_ids()).collect()).collect();
        let outcomes = wait(async {
            let mut running = JoinSet::new();
            for ids in calls {
                let inbox = self.inbox().clone();
                running.spawn(async move {
                    let batches: Vec<_> = ids.iter().map(|ids| batch(ids)).collect();
                    (inbox.append_many(&batches).await, ids)
                });
            }
            running.join_all().await
        });
        for (outcome, ids) in outcomes {
            match outcome {
                Ok(sequences) => {
                    assert_eq!(sequences.clone().count(), ids.len());
                    for (sequence, ids) in sequences.zip(ids) {
                        let other = self.acknowledged.insert(sequence, ids);
                        assert_eq!(other, None, "sequence {sequence} was acknowledged twice");
                    }
                }
                Err(InboxError::Disk { .. }) => self.unsure.extend(ids),
                Err(InboxError::Full { .. }) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }

    fn some_ids(&mut self) -> Vec<i64> {
        let first = self.next_id;
        self.next_id += 1 + first % 3;
        (first..self.next_id).collect()
    }

    /// Releases a part of what is pending, in percent.
    pub(crate) fn release(&mut self, percent: u64) {
        let status = self.inbox().status();
        let sequence = self.released + status.pending_frames * percent / 100;
        match self.inbox().release_through(sequence) {
            Ok(()) | Err(InboxError::Disk { .. }) => self.released = sequence,
            Err(error) => panic!("{error}"),
        }
    }

    /// Ends in good order and opens again.
    pub(crate) fn reopen(&mut self) {
        self.inbox = None;
        self.open();
    }

    /// Ends after so many operations of the disk, in the middle of appending, and opens what that
    /// leaves; with a seed, after a power cut.
    pub(crate) fn end_suddenly(&mut self, operations: usize, calls: &[usize], power: Option<u64>) {
        let before = self.acknowledged.clone();
        self.disk.end_after(operations);
        self.append(calls);
        let left = self.disk.sudden_end();
        self.inbox = None;
        // What was acknowledged on the way may have been so after the end.
        let after = std::mem::replace(&mut self.acknowledged, before);
        for (sequence, ids) in after {
            if !self.acknowledged.contains_key(&sequence) {
                self.unsure.push(ids);
            }
        }
        if let Some(seed) = power {
            left.lose_power(seed);
        }
        self.disk = left;
        self.open();
    }

    fn open(&mut self) {
        let mut opened = open(&self.disk, self.options());
        if matches!(opened, Err(InboxError::Disk { .. })) {
            self.disk.heal();
            opened = open(&self.disk, self.options());
        }
        let (inbox, recovery) = opened.unwrap_or_else(|error| panic!("{error}"));
        self.check_recovery(&inbox, &recovery);
        self.inbox = Some(inbox);
    }

    /// After opening, what was unsure is known.
    fn check_recovery(&mut self, inbox: &Inbox, recovery: &Recovery) {
        let found = pending(inbox).unwrap();
        assert_eq!(recovery.frames as usize, found.len());
        // Frames of a segment that was not removed are pending again if nobody tells otherwise.
        match found.first() {
            Some((oldest, _)) if !self.tells_landed => {
                assert!(*oldest <= self.released + 1, "{oldest} after {}", self.released);
                self.released = oldest - 1;
            }
            _ => {}
        }
        for (sequence, ids) in found {
            if let std::collections::btree_map::Entry::Vacant(new) =
                self.acknowledged.entry(sequence)
            {
                let at = self.unsure.iter().position(|unsure| *unsure == ids);
                let at = at.unwrap_or_else(|| panic!("{ids:?} at {sequence} came from nowhere"));
                self.unsure.remove(at);
                new.insert(ids);
            }
        }
        self.check_with(inbox);
    }

    /// Every acknowledged frame that is not released is there once and in order, and nothing else.
    pub(crate) fn check(&self) {
        self.check_with(self.inbox());
    }

    fn check_with(&self, inbox: &Inbox) {
        let found = pending(inbox).unwrap_or_else(|error| panic!("{error}"));
        let expected: Vec<(u64, Vec<i64>)> = self
            .acknowledged
            .range(self.released + 1..)
            .map(|(sequence, ids)| (*sequence, ids.clone()))
            .collect();
        assert_eq!(found, expected);
        let status = inbox.status();
        assert_eq!(status.pending_frames, expected.len() as u64);
        let events: usize = expected.iter().map(|(_, ids)| ids.len()).sum();
        assert_eq!(status.pending_events, events as u64);
        assert_eq!(status.oldest_sequence, expected.first().map(|(sequence, _)| *sequence));
        assert_eq!(status.queued_bytes, 0);
        assert_eq!(status.pending_bytes == 0, expected.is_empty());
        assert_eq!(status.damage, None);
        let last = self.acknowledged.keys().last().copied().unwrap_or(0);
        assert_eq!(status.last_sequence, last);
    }
}
