//! The one thread that writes: takes what is queued, makes it durable at once, and answers.

mod active;
mod group;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use tokio::sync::oneshot;

use self::active::Active;
use self::group::Group;
use crate::error::InboxError;
use crate::inbox::Shared;
use crate::payload::Payload;
use crate::segment::{Spot, read_part, scan};

/// A group ends when it has so many bytes, unless one call is larger.
const GROUP_BYTES_MAX: u64 = 8 << 20;
/// The buffer of a larger group is given back.
const BUFFER_BYTES_KEPT: usize = 2 * GROUP_BYTES_MAX as usize;
/// After so long without work the last group is marked as durable.
const IDLE: Duration = Duration::from_secs(1);

/// What somebody waits for.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) frames: Vec<Payload>,
    /// As reserved in the ledger.
    pub(crate) bytes: u64,
    /// Gets the sequence of the first frame.
    pub(crate) answer: oneshot::Sender<Result<u64, InboxError>>,
}

pub(crate) struct Writer {
    shared: Arc<Shared>,
    active: Option<Active>,
    /// Whether the last segment found on opening may be written on.
    may_resume: bool,
    group: Group,
}

impl Writer {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, active: None, may_resume: true, group: Group::default() }
    }

    /// Writes until nobody can call any more.
    pub(crate) fn run(mut self, calls: &Receiver<Call>) {
        loop {
            let first = match calls.recv_timeout(IDLE) {
                Ok(call) => call,
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    self.mark();
                    match calls.recv() {
                        Ok(call) => call,
                        Err(_) => break,
                    }
                }
            };
            let mut bytes = first.bytes;
            let mut together = vec![first];
            while bytes < GROUP_BYTES_MAX
                && let Ok(call) = calls.try_recv()
            {
                bytes += call.bytes;
                together.push(call);
            }
            self.commit(together);
        }
        self.mark();
    }

    fn commit(&mut self, calls: Vec<Call>) {
        let first = self.shared.ledger().last_sequence.saturating_add(1);
        self.group.fill(first, &calls);
        let written = self.write();
        let bytes = calls.iter().map(|call| call.bytes).sum();
        match &written {
            Ok(start) => self.note_durable(*start, bytes),
            Err(error) => {
                let mut ledger = self.shared.ledger();
                ledger.unreserve(bytes);
                ledger.status.disk_error = Some(describe(error));
            }
        }
        let mut sequence = first;
        for call in calls {
            let frames = call.frames.len() as u64;
            // Somebody who no longer waits does not want to know.
            let _ = call.answer.send(written.clone().map(|_| sequence));
            sequence = sequence.saturating_add(frames);
        }
        self.group.shrink(BUFFER_BYTES_KEPT);
    }

    /// Makes the group durable and returns where it starts; after an error none of it is left in
    /// what is read.
    fn write(&mut self) -> Result<u64, InboxError> {
        let mut active = self.segment_with_room()?;
        let start = active.end;
        if let Err(error) = active.write(&self.group.bytes) {
            if active.cut() {
                self.active = Some(active);
            }
            return Err(error);
        }
        if let Err(error) = active.sync() {
            // The system may forget that pages failed, so this file is never written again.
            active.cut();
            drop(active);
            self.check_again();
            return Err(error);
        }
        self.active = Some(active);
        Ok(start)
    }

    /// The segment to write to; it is taken out, and put back only if it can be trusted.
    fn segment_with_room(&mut self) -> Result<Active, InboxError> {
        if self.active.is_none() && std::mem::take(&mut self.may_resume) {
            self.active = Active::resume(&self.shared)?;
        }
        let limit = self.shared.options.segment_bytes;
        match self.active.take() {
            Some(active) if active.has_room(self.group.bytes.len() as u64, limit) => Ok(active),
            // If this fails, what is left of the new segment may say where the full one ends: so
            // nothing is written to the full one any more, even if a smaller group would fit.
            _ => Active::create(&self.shared),
        }
    }

    fn note_durable(&self, start: u64, bytes: u64) {
        let mut ledger = self.shared.ledger();
        let end = start + self.group.bytes.len() as u64;
        // A segment ends long before four bytes do not hold its length.
        let offset = u32::try_from(start).unwrap_or(u32::MAX);
        let spots = self.group.spots.iter();
        let spots = spots.map(|spot| Spot { start: spot.start.saturating_add(offset), ..*spot });
        if let Some(segment) = ledger.segments.back_mut() {
            segment.spots.extend(spots);
            segment.length = end;
        }
        ledger.last_sequence = ledger.last_sequence.saturating_add(self.group.spots.len() as u64);
        ledger.unreserve(bytes);
        let counts = &mut ledger.status;
        counts.pending_bytes += bytes;
        counts.pending_events += self.group.spots.iter().map(|s| u64::from(s.rows)).sum::<u64>();
        counts.syncs += 1;
        counts.disk_error = None;
        let last = ledger.last_sequence;
        drop(ledger);
        self.shared.last.send_replace(last);
    }

    /// Marks the last group as durable, so that damage to it is told from a torn tail.
    fn mark(&mut self) {
        let next = self.shared.ledger().last_sequence.saturating_add(1);
        if let Some(mut active) = self.active.take()
            && (active.mark(next).is_ok() || active.cut())
        {
            self.active = Some(active);
        }
    }

    /// Reads what was acknowledged in the last segment again after a sync of it failed.
    fn check_again(&self) {
        let (name, length, first, frames, start) = {
            let ledger = self.shared.ledger();
            let Some(last) = ledger.segments.back() else { return };
            let Some(start) = last.spots.first().map(|spot| spot.start) else { return };
            (last.name(), last.length, last.first_sequence, last.spots.len(), start)
        };
        let problem = match read_part(self.shared.disk.as_ref(), &name, 0, length) {
            Err(error) => Some(error.to_string()),
            Ok(bytes) => {
                let found = scan(&bytes, start, first);
                match found.problem {
                    Some(problem) => Some(format!("at byte {}: {problem}", found.end)),
                    None if found.spots.len() == frames => None,
                    None => Some(format!("{} of {frames} frames", found.spots.len())),
                }
            }
        };
        if let Some(problem) = problem {
            self.shared.ledger().status.damage = Some(format!("segment {name}: {problem}"));
        }
    }
}

/// An error with its cause, for the status.
fn describe(error: &InboxError) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
