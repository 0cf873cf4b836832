//! How a port says no.

use std::time::Duration;

use thiserror::Error;

/// Why a port did not do what it was asked.
#[derive(Debug, Error)]
pub enum PortError {
    /// There is no such thing, or the principal may not know that there is.
    #[error("{0}")]
    NotFound(String),
    /// The question makes no sense as asked.
    #[error("{what}; {remedy}")]
    Invalid {
        /// What is wrong.
        what: String,
        /// What would be right.
        remedy: String,
    },
    /// It does not fit what is there now.
    #[error("{0}")]
    Conflict(String),
    /// The principal may not.
    #[error("{0}")]
    Refused(String),
    /// Not now; asking again later may help.
    #[error("{what}")]
    Unavailable {
        /// What cannot be reached or is busy.
        what: String,
        /// When to ask again, if that is known.
        retry_after: Option<Duration>,
    },
    /// The hub's own fault: told to the log in full and to the caller by a number.
    #[error("{0}")]
    Failed(String),
}

impl PortError {
    /// A question that makes no sense, and what would.
    pub fn invalid(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Invalid { what: what.into(), remedy: remedy.into() }
    }
}

/// What a port answers.
pub type Answer<T> = Result<T, PortError>;
