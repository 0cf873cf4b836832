//! How a hub lets go: of runs that people started, and of what only one may have open.

use std::sync::Weak;
use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use yuanliu_trace_index::TraceIndex;
use yuanliu_warehouse::Lake;

use crate::http::Service;

/// How long work on other threads may take to notice that nobody waits for it.
const LETTING_GO: Duration = Duration::from_secs(60);
/// How often it is looked whether it has.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Runs that people start; none outlives the hub that it works with.
#[derive(Clone, Default)]
pub(crate) struct StartedRuns {
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl StartedRuns {
    /// Runs it in the background.
    pub(crate) fn start(&self, run: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        // What is dropped has landed what it said it had; the next run goes on from there.
        self.tasks.spawn(async move { stop.run_until_cancelled(run).await });
    }

    /// Waits until all have ended, and drops those that take longer than `patience`.
    pub(super) async fn end(&self, patience: Duration) {
        self.tasks.close();
        if timeout(patience, self.tasks.wait()).await.is_err() {
            let runs = self.tasks.len();
            tracing::warn!(runs, "runs are given up because the hub ends; start them again");
            self.stop.cancel();
            self.tasks.wait().await;
        }
    }
}

/// What a hub has open that the next one must open.
pub(crate) struct Held {
    pub(super) service: Weak<Service>,
    pub(super) lake: Weak<Lake>,
    pub(super) index: Weak<TraceIndex>,
}

impl Held {
    /// Waits until nothing of it is open any more.
    ///
    /// # Errors
    ///
    /// If something is still at work with it after a minute.
    pub(crate) async fn is_let_go(&self) -> Result<()> {
        let end = Instant::now() + LETTING_GO;
        while self.service.strong_count() + self.lake.strong_count() + self.index.strong_count() > 0
        {
            if Instant::now() >= end {
                bail!(
                    "what was under way before the configuration changed has not ended within {} \
                     seconds; the change is kept, start the hub again",
                    LETTING_GO.as_secs()
                );
            }
            sleep(LOOK_EVERY).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn what_ends_in_time_is_waited_for() {
        let runs = StartedRuns::default();
        let (told, ended) = oneshot::channel();
        runs.start(async move {
            tokio::task::yield_now().await;
            let _ = told.send(());
        });
        runs.end(Duration::from_secs(60)).await;
        assert_eq!(ended.await, Ok(()));
    }

    #[tokio::test]
    async fn what_takes_longer_is_dropped() {
        let runs = StartedRuns::default();
        let held = Arc::new(());
        let left = Arc::downgrade(&held);
        runs.start(async move {
            std::future::pending::<()>().await;
            drop(held);
        });
        runs.end(Duration::ZERO).await;
        assert_eq!(left.strong_count(), 0);
    }
}
