//! Runs that people start, and how they end with the hub.

use std::time::Duration;

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

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
    pub(crate) async fn end(&self, patience: Duration) {
        self.tasks.close();
        if timeout(patience, self.tasks.wait()).await.is_err() {
            let runs = self.tasks.len();
            tracing::warn!(runs, "runs are given up because the hub ends; start them again");
            self.stop.cancel();
            self.tasks.wait().await;
        }
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
