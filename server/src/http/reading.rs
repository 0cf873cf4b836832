//! Where reads of the trace index run.

use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::{JoinError, spawn_blocking};

/// Reads that find nearly all they want in memory.
///
/// One that runs on the thread that asks saves two switches between threads, which cost a tenth of a trace. While it
/// waits for the disk that thread serves nobody else, so one of them is always left alone; what comes when
/// the others read runs beside.
pub(crate) struct Reading {
    in_place: Semaphore,
}

impl Reading {
    /// For the runtime that it is called on; outside of one, everything runs beside.
    pub(crate) fn new() -> Self {
        let workers = Handle::try_current().map_or(1, |runtime| runtime.metrics().num_workers());
        Self { in_place: Semaphore::new(workers.saturating_sub(1)) }
    }

    /// Runs a read; fails only if it panicked.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        read: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        match self.in_place.try_acquire() {
            Ok(_one_of_them) => Ok(read()),
            Err(_) => spawn_blocking(read).await,
        }
    }
}
