//! What went wrong in a system, in terms the engine's policy table can act on.

use std::time::Duration;

/// The few kinds of failure a program would treat differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The hub's own configuration is wrong for this system.
    Config,
    /// The login was refused.
    Auth,
    /// Logged in, but not allowed to do this.
    Permission,
    /// A form, table or field does not exist.
    NotFound,
    /// No connection could be made, or it broke.
    Unreachable,
    /// The system did not answer in time.
    Timeout,
    /// The system asks to be called less often.
    RateLimited,
    /// The session is gone; the next call logs in anew.
    SessionExpired,
    /// The system is there but cannot serve now: a lock, a 5xx, a failed database operation.
    Busy,
    /// The answer could not be understood.
    Malformed,
    /// The system understood and refused for a business reason.
    Refused,
    /// A defect of the hub.
    Internal,
}

/// A failure of one call: what this layer was doing, to which object, and what a person can do.
///
/// `Display` never repeats the source; whoever logs prints the chain once. Neither holds a secret.
#[derive(Debug, thiserror::Error)]
#[error("{action}{}", detail.as_deref().map(|d| format!(": {d}")).unwrap_or_default())]
pub struct ConnectorError {
    /// What the policy table decides by.
    pub kind: ErrorKind,
    /// What was being done to which object, lower case: `reading sales_order from erp-main`.
    pub action: String,
    /// What the system said.
    pub detail: Option<String>,
    /// What a person can do next.
    pub hint: Option<String>,
    /// How long the system asked to be left alone.
    pub retry_after: Option<Duration>,
    /// The error below.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The result of a connector's call.
pub type Result<T> = std::result::Result<T, ConnectorError>;

impl ConnectorError {
    /// An error of `kind` while doing `action`.
    pub fn new(kind: ErrorKind, action: impl Into<String>) -> Self {
        Self {
            kind,
            action: action.into(),
            detail: None,
            hint: None,
            retry_after: None,
            source: None,
        }
    }

    /// Adds what the system said.
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds what a person can do next.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds how long the system asked to be left alone.
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// Adds the error below.
    pub fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.source = Some(source.into());
        self
    }
}
