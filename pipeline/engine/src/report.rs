//! What a run of one stream did.

use serde::Serialize;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RunOutcome {
    /// Read to the fence, nothing rejected.
    Green,
    /// Read to the fence, some rows rejected, or no rows where rows are expected.
    Yellow,
    /// Stopped by an error; what had landed stays.
    Red,
}

/// The counts of one run; `read = loaded + unchanged + rejected` always.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunReport {
    /// The system read from.
    pub system: String,
    /// The stream read.
    pub stream: String,
    /// How it ended.
    pub outcome: RunOutcome,
    /// Rows received.
    pub read: u64,
    /// Rows landed, new or changed.
    pub loaded: u64,
    /// Rows whose content is what the lake already holds.
    pub unchanged: u64,
    /// Rows kept as rejects.
    pub rejected: u64,
    /// Rows marked as deleted. Those the system reported are among the loaded; those found by
    /// comparing keys were never read and are not.
    pub deleted: u64,
    /// Keys the system has and the lake lacks; only a comparison of keys finds them.
    pub missing: u64,
    /// Commits made.
    pub landings: u64,
    /// What a person should know: the error with its hint, or why the run is not green.
    pub message: Option<String>,
}

impl RunReport {
    /// A run that has done nothing yet.
    pub(crate) fn begin(system: &str, stream: &str) -> Self {
        Self {
            system: system.to_owned(),
            stream: stream.to_owned(),
            outcome: RunOutcome::Green,
            read: 0,
            loaded: 0,
            unchanged: 0,
            rejected: 0,
            deleted: 0,
            missing: 0,
            landings: 0,
            message: None,
        }
    }

    /// A stream that was not read, and why.
    pub fn held(system: &str, stream: &str, why: String) -> Self {
        let begun = Self::begin(system, stream);
        Self { outcome: RunOutcome::Red, message: Some(why), ..begun }
    }

    /// The same report with something more for a person to know; it is not green any more.
    pub fn with_remark(mut self, remark: &str) -> Self {
        if self.outcome == RunOutcome::Green {
            self.outcome = RunOutcome::Yellow;
        }
        let said = self.message.take().map(|said| format!("{said}; ")).unwrap_or_default();
        self.message = Some(format!("{said}{remark}"));
        self
    }

    /// Whether every row read is accounted for.
    pub fn is_balanced(&self) -> bool {
        self.read == self.loaded + self.unchanged + self.rejected
    }
}
