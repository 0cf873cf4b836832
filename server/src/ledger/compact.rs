//! Keeping the trace index in one run beside what came lately: a thread of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{JoinHandle, park_timeout};
use std::time::Duration;

use anyhow::{Context, Result};
use yuanliu_trace_index::{Compaction, IndexError, TraceIndex};

use super::Ledger;

/// How often it is looked whether enough came.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// After a failure, which is told each time.
const LOOK_AGAIN: Duration = Duration::from_secs(300);

/// The thread; it stops what it is at when it is dropped.
pub(super) struct Compactor {
    stop: Arc<AtomicBool>,
    /// `None` only while dropping.
    thread: Option<JoinHandle<()>>,
}

impl Compactor {
    /// `notes_codes`: see [`TraceIndex::note_codes`].
    pub(super) fn start(index: Arc<TraceIndex>, notes_codes: bool) -> Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::Builder::new().name("compaction".to_owned());
        let thread = thread
            .spawn(move || run(&index, notes_codes, &stopped))
            .context("starting the thread that compacts the trace index")?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Compactor {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // A panic of it left the index as it was.
            let _ = thread.join();
        }
    }
}

fn run(index: &TraceIndex, notes_codes: bool, stop: &AtomicBool) {
    if notes_codes && let Err(error) = index.note_codes(stop) {
        tell(error);
    }
    let mut wait = LOOK_EVERY;
    loop {
        park_timeout(wait);
        if stop.load(Ordering::Relaxed) {
            return;
        }
        wait = match index.compact(stop) {
            Ok(Compaction::NotDue | Compaction::Stopped) => LOOK_EVERY,
            Ok(Compaction::Done { entries }) => {
                tracing::info!(entries, "trace index compacted");
                LOOK_EVERY
            }
            Ok(Compaction::NoRoom { needed, free }) => {
                tracing::warn!(
                    needed_mib = needed >> 20,
                    free_mib = free >> 20,
                    "the trace index cannot be compacted, and answers more slowly; make room on its disk"
                );
                LOOK_AGAIN
            }
            Err(error) => {
                tell(error);
                LOOK_AGAIN
            }
        };
    }
}

fn tell(error: IndexError) {
    let error = format!("{:#}", anyhow::Error::from(error));
    tracing::error!(error, "compacting the trace index; it answers as before, only more slowly");
}

impl Ledger {
    /// Compacts the index if that is due, for a command that ends after it; a failure is told.
    pub(crate) async fn compact_index(&self) -> Result<()> {
        let index = Arc::clone(&self.index);
        let compacted = tokio::task::spawn_blocking(move || index.compact(&AtomicBool::new(false)));
        if let Err(error) = compacted.await.context("compacting the trace index")? {
            tell(error);
        }
        Ok(())
    }
}
