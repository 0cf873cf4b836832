//! Deciding what is new, keeping it, and showing it: one thread for all deliveries.
//!
//! While one group of deliveries is written to disk the next gathers, so a busy ledger syncs once
//! for many of them.

use std::sync::Arc;

use arrow::array::AsArray;
use arrow::compute::concat_batches;
use arrow::record_batch::RecordBatch;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use yuanliu_inbox::Inbox;
use yuanliu_scans::{Classified, KnownEvents, classify};
use yuanliu_trace_index::{Progress, TraceIndex};

use super::error::LedgerError;
use super::unbuilt::Unbuilt;

/// Deliveries that may wait for the thread.
pub(super) const DELIVERIES_MAX: usize = 256;

/// A group takes no further delivery beyond so many events.
const GROUP_EVENTS_MAX: usize = 50_000;

/// Rows read from the inbox at a time when the index lags behind.
const CATCH_UP_ROWS: usize = 50_000;

/// Events somebody waits for.
pub(super) struct Delivery {
    pub(super) events: RecordBatch,
    pub(super) answer: oneshot::Sender<Result<Classified, LedgerError>>,
}

/// What the thread works with.
pub(super) struct Acceptor {
    pub(super) inbox: Inbox,
    pub(super) index: Arc<TraceIndex>,
    pub(super) unbuilt: Arc<Unbuilt>,
    pub(super) runtime: Handle,
}

impl Acceptor {
    /// Works until the ledger is dropped.
    pub(super) fn run(self, mut deliveries: mpsc::Receiver<Delivery>) {
        while let Some(first) = deliveries.blocking_recv() {
            let mut events = first.events.num_rows();
            let mut group = vec![first];
            while events < GROUP_EVENTS_MAX
                && let Ok(next) = deliveries.try_recv()
            {
                events += next.events.num_rows();
                group.push(next);
            }
            let settled = self.settle(&group);
            answer(group, settled);
        }
    }

    fn settle(&self, group: &[Delivery]) -> Result<Vec<Classified>, LedgerError> {
        // A duplicate may only be told of what is kept, and the index tells what is.
        self.catch_up().map_err(LedgerError::index)?;
        let classified = self.classify(group)?;
        let new: Vec<RecordBatch> = classified
            .iter()
            .map(|one| one.accepted.clone())
            .filter(|batch| batch.num_rows() > 0)
            .collect();
        if new.is_empty() {
            return Ok(classified);
        }
        let batch = |source| LedgerError::Batch(Arc::new(source));
        let new = concat_batches(new[0].schema_ref(), &new).map_err(batch)?;
        let appended = self.runtime.block_on(self.inbox.append(new.clone()));
        let inbox_sequence = appended.map_err(LedgerError::Inbox)?;
        self.unbuilt.add(&new, inbox_sequence);
        let is_unheard = classified.iter().all(|one| one.collisions.is_empty());
        let applied = self.index.progress().and_then(|progress| {
            let progress = Progress { inbox_sequence, ..progress };
            // Without a collision no id of what is kept was there already.
            if is_unheard {
                self.index.apply_new(&new, progress)
            } else {
                self.index.apply(&new, progress)
            }
        });
        applied.map_err(|error| LedgerError::Behind(Arc::new(error)))?;
        Ok(classified)
    }

    /// Applies what is in the inbox and not in the index: after a crash, or after the index failed.
    pub(super) fn catch_up(&self) -> Result<(), yuanliu_trace_index::IndexError> {
        let last = self.inbox.status().last_sequence;
        loop {
            let progress = self.index.progress()?;
            if progress.inbox_sequence >= last {
                return Ok(());
            }
            let frames = self.inbox.read_after(progress.inbox_sequence, CATCH_UP_ROWS);
            // Frames that cannot be read now cannot be landed either, which is told there.
            let frames = frames.unwrap_or_default();
            if frames.is_empty() {
                return Ok(());
            }
            for (inbox_sequence, batch) in frames {
                self.index.apply(&batch, Progress { inbox_sequence, ..progress })?;
            }
        }
    }

    /// Notes what waits in the inbox, which no build has counted.
    pub(super) fn recall_unbuilt(&self) -> Result<(), yuanliu_inbox::InboxError> {
        let status = self.inbox.status();
        let mut read = status.oldest_sequence.map_or(status.last_sequence, |oldest| oldest - 1);
        loop {
            let frames = self.inbox.read_after(read, CATCH_UP_ROWS)?;
            let Some((last, _)) = frames.last() else { return Ok(()) };
            read = *last;
            for (inbox_sequence, batch) in frames {
                self.unbuilt.add(&batch, inbox_sequence);
            }
        }
    }

    /// What the index has under the ids of a group, asked for all at once: in order they cost less.
    fn known(&self, group: &[Delivery]) -> Result<KnownEvents, LedgerError> {
        let mut known = KnownEvents::default();
        let contents =
            self.index.contents(group.iter().flat_map(ids)).map_err(LedgerError::index)?;
        for (id, contents) in group.iter().flat_map(ids).zip(contents) {
            for content in contents {
                known.insert(id, content);
            }
        }
        Ok(known)
    }

    fn classify(&self, group: &[Delivery]) -> Result<Vec<Classified>, LedgerError> {
        let batch = |source| LedgerError::Batch(Arc::new(source));
        let mut known = self.known(group)?;
        let mut classified = Vec::with_capacity(group.len());
        for delivery in group {
            let one = classify(&delivery.events, &known).map_err(batch)?;
            known.extend(&one.accepted).map_err(batch)?;
            classified.push(one);
        }
        Ok(classified)
    }
}

fn ids(delivery: &Delivery) -> impl Iterator<Item = &str> {
    let ids = delivery.events.column_by_name("event_id").and_then(|ids| ids.as_string_opt::<i32>());
    ids.into_iter().flatten().map(Option::unwrap_or_default)
}

fn answer(group: Vec<Delivery>, settled: Result<Vec<Classified>, LedgerError>) {
    match settled {
        Ok(settled) => {
            for (delivery, one) in group.into_iter().zip(settled) {
                // Whoever has hung up sends again and is told that it was kept.
                let _ = delivery.answer.send(Ok(one));
            }
        }
        Err(error) => {
            for delivery in group {
                let _ = delivery.answer.send(Err(error.clone()));
            }
        }
    }
}
