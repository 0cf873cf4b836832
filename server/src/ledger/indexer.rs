//! Taking what is kept into the trace index: a thread of its own, so that keeping need not wait for it.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use arrow::record_batch::RecordBatch;
use tokio::sync::oneshot;
use yuanliu_inbox::Inbox;
use yuanliu_scans::Classified;
use yuanliu_trace_index::{IndexError, Progress, TraceIndex};

use super::accept::Group;
use super::error::LedgerError;

/// Kept groups that may wait for the thread.
pub(super) const GROUPS_MAX: usize = 1;

/// Rows read from the inbox at a time when the index lags behind.
const CATCH_UP_ROWS: usize = 50_000;

/// A group that survives a power cut.
pub(super) struct Kept {
    pub(super) group: Group,
    pub(super) classified: Vec<Classified>,
    /// What of it was not kept before.
    pub(super) new: Option<RecordBatch>,
    /// The last frame of the inbox that has events of it.
    pub(super) through: u64,
}

/// What the thread is to do.
pub(super) enum Work {
    /// Apply a group, then answer it.
    Apply(Kept),
    /// Apply everything that is kept, after the index failed.
    CatchUp(oneshot::Sender<Result<(), LedgerError>>),
}

/// What the thread works with; nothing else applies events while it runs.
pub(super) struct Indexer {
    pub(super) inbox: Inbox,
    pub(super) index: Arc<TraceIndex>,
}

impl Indexer {
    /// Works until nobody keeps anything any more.
    pub(super) fn run(self, work: Receiver<Work>) {
        for work in work {
            match work {
                Work::Apply(kept) => {
                    let applied = self.apply(&kept);
                    let behind = |error| LedgerError::Behind(Arc::new(error));
                    kept.group.answer(applied.map(|()| kept.classified).map_err(behind));
                }
                Work::CatchUp(answer) => {
                    // Whoever does not wait for it any more has hung up on everybody.
                    let _ = answer.send(self.catch_up().map_err(LedgerError::index));
                }
            }
        }
    }

    fn apply(&self, kept: &Kept) -> Result<(), IndexError> {
        let progress = self.index.progress()?;
        if progress.inbox_sequence >= kept.through {
            return Ok(());
        }
        let is_next = progress.inbox_sequence + 1 == kept.through;
        let Some(new) = kept.new.as_ref().filter(|_| is_next) else {
            return self.apply_after_others(kept);
        };
        let progress = Progress { inbox_sequence: kept.through, ..progress };
        // Without a collision no id of what is kept was there already.
        if kept.classified.iter().all(|one| one.collisions.is_empty()) {
            self.index.apply_new(new, progress)?;
        } else {
            self.index.apply(new, progress)?;
        }
        Ok(())
    }

    /// An earlier group failed: what says how far the index is must not leave it out.
    fn apply_after_others(&self, kept: &Kept) -> Result<(), IndexError> {
        self.catch_up()?;
        let progress = self.index.progress()?;
        if let Some(new) = &kept.new
            && progress.inbox_sequence < kept.through
        {
            self.index.apply(new, progress)?;
        }
        Ok(())
    }

    /// Applies what is in the inbox and not in the index: after a crash, or after the index failed.
    pub(super) fn catch_up(&self) -> Result<(), IndexError> {
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
}
