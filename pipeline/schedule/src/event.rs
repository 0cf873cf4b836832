//! What a scheduler does, as it does it, for whoever watches.

use crate::run::JobRun;

/// One step. Watchers who are slow miss some: the history is in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A run was admitted, queued or passed over.
    Admitted(JobRun),
    /// A run began.
    Started(JobRun),
    /// A run ended and its end is noted.
    Ended(JobRun),
    /// Another process took the job; the run goes on nowhere and is noted by that one.
    Lost {
        /// The job.
        job: String,
    },
    /// The store could not do something; it is tried again.
    Trouble {
        /// What and why.
        message: String,
    },
}
