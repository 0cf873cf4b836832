//! What can go wrong with the metadata store.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// The metadata store could not do something.
#[derive(Debug, thiserror::Error)]
#[error("{action} in the metadata store {place}")]
pub struct MetadataError {
    /// What was being done, and to what.
    pub action: String,
    /// The store: a path, or a URL without its password.
    pub place: Arc<str>,
    /// The error below.
    #[source]
    pub cause: Cause,
}

/// Why it could not.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// The URL is not one of a store.
    #[error("{0}; write postgres://USER@HOST:PORT/DATABASE, or the path of a SQLite file")]
    Address(String),
    /// There is no connection to the database.
    #[error(
        "the database cannot be reached; see that it runs, and that address, login and certificate are right"
    )]
    Unreachable(#[source] sqlx::Error),
    /// Every connection is taken, or other writers hold the database.
    #[error("the database is busy; try again")]
    Busy(#[source] sqlx::Error),
    /// No answer in time. What was to be written may have been.
    #[error("no answer within {} s; look whether it was done before doing it again", .0.as_secs())]
    TimedOut(Duration),
    /// What is to be written goes against what is there.
    #[error("what is there does not allow it")]
    Conflict(#[source] sqlx::Error),
    /// The store was written by a newer version.
    #[error(
        "its schema is at step {found}, this version knows {known}; install the version that wrote it"
    )]
    Newer {
        /// The step it is at.
        found: i64,
        /// The last step this version knows.
        known: i64,
    },
    /// A step was applied that differs from the one of this version.
    #[error(
        "step {0} of its schema is not the one that was released; restore a backup into an empty store"
    )]
    Changed(i64),
    /// A value in the store is none of those it may hold.
    #[error("{0}; the store was written by something else")]
    Unknown(String),
    /// A list was asked for after something that is no cursor of it.
    #[error("{0:?} is no cursor of this list; begin it anew")]
    Cursor(String),
    /// A file or folder could not be read or written.
    #[error("{}", .0.display())]
    File(PathBuf, #[source] std::io::Error),
    /// Anything else the database says.
    #[error("the database says")]
    Database(#[source] sqlx::Error),
}

impl From<sqlx::Error> for Cause {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match &error {
            E::Io(_) | E::Tls(_) | E::Protocol(_) | E::PoolClosed | E::WorkerCrashed => {
                Self::Unreachable(error)
            }
            E::PoolTimedOut => Self::Busy(error),
            E::Configuration(_) => Self::Address(error.to_string()),
            E::Database(said) => match said.code().as_deref() {
                // SQLITE_BUSY and its kinds; lock not available, deadlock, serialization, connections, statement_timeout.
                Some(
                    "5" | "6" | "261" | "517" | "773" | "55P03" | "40P01" | "40001" | "53300"
                    | "57014",
                ) => Self::Busy(error),
                // Class 08: connection; class 28: login; 3D000: no such database; 57P0x: shutting down.
                Some(code)
                    if code.len() == 5
                        && (code.starts_with("08")
                            || code.starts_with("28")
                            || code.starts_with("57P0")
                            || code == "3D000") =>
                {
                    Self::Unreachable(error)
                }
                _ if said.is_unique_violation()
                    || said.is_check_violation()
                    || said.is_foreign_key_violation() =>
                {
                    Self::Conflict(error)
                }
                _ => Self::Database(error),
            },
            _ => Self::Database(error),
        }
    }
}

impl MetadataError {
    /// Whether the same call may do once the database answers again.
    pub fn is_transient(&self) -> bool {
        matches!(self.cause, Cause::Unreachable(_) | Cause::Busy(_) | Cause::TimedOut(_))
    }
}
