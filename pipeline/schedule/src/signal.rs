//! What people should be told.

use chrono::{DateTime, Utc};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignalKind {
    /// A run ended red.
    JobFailed,
    /// A run ended yellow.
    JobDoubtful,
    /// A run ended well after one that did not.
    JobRecovered,
    /// A run was stopped before its end.
    JobInterrupted,
    /// A job waits because one that it comes after failed.
    JobHeld,
    /// Due times were passed over: too many were missed or too many wait.
    DueTimesDropped,
    /// A report's data is older than its bound.
    ReportLate,
    /// A report that was late is no longer.
    ReportFresh,
}

impl SignalKind {
    /// The word for it in alert rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::JobFailed => "job_failed",
            Self::JobDoubtful => "job_doubtful",
            Self::JobRecovered => "job_recovered",
            Self::JobInterrupted => "job_interrupted",
            Self::JobHeld => "job_held",
            Self::DueTimesDropped => "due_times_dropped",
            Self::ReportLate => "report_late",
            Self::ReportFresh => "report_fresh",
        }
    }
}

/// One thing to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal {
    /// What happened.
    pub kind: SignalKind,
    /// The job or report.
    pub object: String,
    /// The same for everything that is told about one occurrence, by whichever process.
    pub key: String,
    /// When.
    pub at: DateTime<Utc>,
    /// One sentence, English.
    pub message: String,
    /// The same, Chinese.
    pub message_zh: String,
}
