//! Where reads of the trace index run.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

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

    /// Runs a read, of which a panic is an error wherever it runs.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        read: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ReadPanicked> {
        match self.in_place.try_acquire() {
            Ok(_one_of_them) => catch_unwind(AssertUnwindSafe(read)).map_err(|_| ReadPanicked),
            Err(_) => spawn_blocking(read).await.map_err(|_| ReadPanicked),
        }
    }
}

/// A read that panicked; the log says of what.
#[derive(Debug, thiserror::Error)]
#[error("a read of the trace index panicked")]
pub(crate) struct ReadPanicked;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_panic_is_an_error_wherever_it_runs() {
        let reading = Reading::new();
        assert_eq!(reading.run(|| 1).await.unwrap(), 1);
        assert!(reading.run(|| -> u8 { panic!("in place") }).await.is_err());
        let _all_in_place = reading.in_place.acquire().await.unwrap();
        assert_eq!(reading.run(|| 2).await.unwrap(), 2);
        assert!(reading.run(|| -> u8 { panic!("beside") }).await.is_err());
    }
}
