//! Deciding what is new and keeping it: one thread for all deliveries.
//!
//! While one group of deliveries is written to disk the next gathers, so a busy ledger syncs once
//! for many of them; and while the index takes one, the next is kept.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use arrow::array::AsArray;
use arrow::compute::concat_batches;
use arrow::record_batch::RecordBatch;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use yuanliu_inbox::Inbox;
use yuanliu_scans::{Classified, KnownEvents, classify};
use yuanliu_trace_index::TraceIndex;

use super::error::LedgerError;
use super::indexer::{Kept, Work};
use super::unbuilt::Unbuilt;

/// Deliveries that may wait for the thread.
pub(super) const DELIVERIES_MAX: usize = 256;

/// A group takes no further delivery beyond so many events.
const GROUP_EVENTS_MAX: usize = 50_000;

/// Kept groups the index may lack: one that it takes, one that waits, and one being handed over.
const UNINDEXED_GROUPS_MAX: usize = 3;

/// Rows read from the inbox at a time.
const READ_ROWS: usize = 50_000;

/// Events somebody waits for.
pub(super) struct Delivery {
    pub(super) events: RecordBatch,
    pub(super) answer: oneshot::Sender<Result<Classified, LedgerError>>,
}

/// Deliveries that are settled together.
pub(super) struct Group(Vec<Delivery>);

/// What the thread works with.
pub(super) struct Acceptor {
    pub(super) inbox: Inbox,
    pub(super) index: Arc<TraceIndex>,
    pub(super) unbuilt: Arc<Unbuilt>,
    pub(super) runtime: Handle,
    /// To the thread that takes what is kept into the index.
    pub(super) indexer: SyncSender<Work>,
    /// Kept, and perhaps not in the index yet; the oldest first.
    pub(super) unindexed: VecDeque<(u64, RecordBatch)>,
}

impl Acceptor {
    /// Works until the ledger is dropped.
    pub(super) fn run(mut self, mut deliveries: mpsc::Receiver<Delivery>) {
        while let Some(first) = deliveries.blocking_recv() {
            let mut events = first.events.num_rows();
            let mut group = vec![first];
            while events < GROUP_EVENTS_MAX
                && let Ok(next) = deliveries.try_recv()
            {
                events += next.events.num_rows();
                group.push(next);
            }
            self.settle(Group(group));
        }
    }

    /// Hands a group on, to be answered when a trace sees its events, also those that were kept before.
    fn settle(&mut self, group: Group) {
        let (classified, new) = match self.keep(&group) {
            Ok(kept) => kept,
            Err(error) => return group.answer(Err(error)),
        };
        let Some(through) = self.unindexed.back().map(|(sequence, _)| *sequence) else {
            return group.answer(Ok(classified));
        };
        let kept = Kept { group, classified, new, through };
        if let Err(unsent) = self.indexer.send(Work::Apply(kept))
            && let Work::Apply(kept) = unsent.0
        {
            kept.group.answer(Err(LedgerError::Closed));
        }
    }

    /// Tells what is new, which is nothing or the last that is not in the index, and writes it to the
    /// inbox.
    fn keep(&mut self, group: &Group) -> Result<Keeping, LedgerError> {
        self.forget_indexed()?;
        let classified = self.classify(group)?;
        let new: Vec<RecordBatch> = classified
            .iter()
            .map(|one| one.accepted.clone())
            .filter(|batch| batch.num_rows() > 0)
            .collect();
        if new.is_empty() {
            return Ok((classified, None));
        }
        let batch = |source| LedgerError::Batch(Arc::new(source));
        let new = concat_batches(new[0].schema_ref(), &new).map_err(batch)?;
        let appended = self.runtime.block_on(self.inbox.append(new.clone()));
        let inbox_sequence = appended.map_err(LedgerError::Inbox)?;
        self.unbuilt.add(&new, inbox_sequence);
        self.unindexed.push_back((inbox_sequence, new.clone()));
        Ok((classified, Some(new)))
    }

    /// Forgets what the index has by now. If it lacks more than is on the way to it, it failed, and
    /// nothing is taken before it has caught up.
    fn forget_indexed(&mut self) -> Result<(), LedgerError> {
        self.forget_through_index()?;
        if self.unindexed.len() < UNINDEXED_GROUPS_MAX {
            return Ok(());
        }
        let (answer, answered) = oneshot::channel();
        self.indexer.send(Work::CatchUp(answer)).map_err(|_| LedgerError::Closed)?;
        answered.blocking_recv().map_err(|_| LedgerError::Closed)??;
        self.unindexed.clear();
        Ok(())
    }

    fn forget_through_index(&mut self) -> Result<(), LedgerError> {
        let indexed = self.index.progress().map_err(LedgerError::index)?.inbox_sequence;
        while self.unindexed.front().is_some_and(|(sequence, _)| *sequence <= indexed) {
            self.unindexed.pop_front();
        }
        Ok(())
    }

    /// Notes what waits in the inbox, which no build has counted.
    pub(super) fn recall_unbuilt(&self) -> Result<(), yuanliu_inbox::InboxError> {
        let status = self.inbox.status();
        let mut read = status.oldest_sequence.map_or(status.last_sequence, |oldest| oldest - 1);
        loop {
            let frames = self.inbox.read_after(read, READ_ROWS)?;
            let Some((last, _)) = frames.last() else { return Ok(()) };
            read = *last;
            for (inbox_sequence, batch) in frames {
                self.unbuilt.add(&batch, inbox_sequence);
            }
        }
    }

    /// What is kept under the ids of a group. The index is asked for all at once: in order they cost
    /// less.
    fn known(&self, group: &Group) -> Result<KnownEvents, LedgerError> {
        let mut known = KnownEvents::default();
        let contents =
            self.index.contents(group.0.iter().flat_map(ids)).map_err(LedgerError::index)?;
        for (id, contents) in group.0.iter().flat_map(ids).zip(contents) {
            for content in contents {
                known.insert(id, content);
            }
        }
        for (_, batch) in &self.unindexed {
            known.extend(batch).map_err(|source| LedgerError::Batch(Arc::new(source)))?;
        }
        Ok(known)
    }

    fn classify(&self, group: &Group) -> Result<Vec<Classified>, LedgerError> {
        let batch = |source| LedgerError::Batch(Arc::new(source));
        let mut known = self.known(group)?;
        let mut classified = Vec::with_capacity(group.0.len());
        for delivery in &group.0 {
            let one = classify(&delivery.events, &known).map_err(batch)?;
            known.extend(&one.accepted).map_err(batch)?;
            classified.push(one);
        }
        Ok(classified)
    }
}

/// What became of each delivery, and what of them is new.
type Keeping = (Vec<Classified>, Option<RecordBatch>);

impl Group {
    /// Tells everybody who waits; whoever has hung up sends again and is told that it was kept.
    pub(super) fn answer(self, settled: Result<Vec<Classified>, LedgerError>) {
        match settled {
            Ok(settled) => {
                for (delivery, one) in self.0.into_iter().zip(settled) {
                    let _ = delivery.answer.send(Ok(one));
                }
            }
            Err(error) => {
                for delivery in self.0 {
                    let _ = delivery.answer.send(Err(error.clone()));
                }
            }
        }
    }
}

fn ids(delivery: &Delivery) -> impl Iterator<Item = &str> {
    let ids = delivery.events.column_by_name("event_id").and_then(|ids| ids.as_string_opt::<i32>());
    ids.into_iter().flatten().map(Option::unwrap_or_default)
}
