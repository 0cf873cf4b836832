//! What can go wrong with a backup or a restore.

use std::io;
use std::path::PathBuf;

use crate::error::MetadataError;

/// A backup or a restore could not be done; what was there is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The metadata store failed.
    #[error(transparent)]
    Store(#[from] MetadataError),
    /// A file or folder could not be read or written.
    #[error("{action} {}", .path.display())]
    File {
        /// What was being done.
        action: &'static str,
        /// To what.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// The name of a folder cannot be one in an archive.
    #[error("{0:?} names no folder of an archive; use letters, digits, - and _, each name once")]
    FolderName(String),
    /// It is no archive, or not as it was written.
    #[error("the archive {} cannot be restored: {reason}; take another copy of it", .archive.display())]
    Damaged {
        /// The archive.
        archive: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The archive was written by a newer version.
    #[error(
        "the archive is of format {found}, this version knows {known}; install the version that wrote it"
    )]
    Newer {
        /// What it says.
        found: i64,
        /// What is known.
        known: i64,
    },
    /// There is something where the archive is to go.
    #[error(
        "{0} is not empty; restore into an empty one, or say that what is there is to be replaced"
    )]
    NotEmpty(String),
    /// The work was ended before it was done.
    #[error("the work was ended: {0}")]
    Ended(String),
}

impl BackupError {
    pub(super) fn file(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { action, path, source }
    }
}
