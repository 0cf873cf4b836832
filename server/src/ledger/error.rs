//! Why events were not taken.

use std::sync::Arc;
use std::time::Duration;

use yuanliu_inbox::InboxError;
use yuanliu_trace_index::IndexError;

/// When to come back if many deliveries wait.
const BUSY_RETRY: Duration = Duration::from_secs(1);

/// A failure of the ledger; cloned to everybody whose events were in the group that failed.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum LedgerError {
    /// As many deliveries wait as may; nothing was kept.
    #[error("too many deliveries wait; send again after {} s", retry_after.as_secs())]
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// The inbox refused; nothing was kept.
    #[error("keeping scan events")]
    Inbox(#[source] InboxError),
    /// The index could not be asked or written.
    #[error("asking the trace index")]
    Index(#[source] Arc<IndexError>),
    /// The events are durable, but the index could not take them; they show when it has caught up.
    #[error("the events are kept, the trace index lags behind: send the same events again")]
    Behind(#[source] Arc<IndexError>),
    /// A batch without the columns of scan events.
    #[error("reading a batch of scan events")]
    Batch(#[source] Arc<arrow::error::ArrowError>),
    /// The ledger was closed.
    #[error("the ledger is closed; start the hub again")]
    Closed,
}

impl LedgerError {
    pub(super) fn busy() -> Self {
        Self::Busy { retry_after: BUSY_RETRY }
    }

    pub(super) fn index(error: IndexError) -> Self {
        Self::Index(Arc::new(error))
    }

    /// When the sender should come back, if all that is wrong is that much waits.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy { retry_after } | Self::Inbox(InboxError::Full { retry_after, .. }) => {
                Some(*retry_after)
            }
            _ => None,
        }
    }
}
