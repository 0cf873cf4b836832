//! What can go wrong with an inbox, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use arrow::error::ArrowError;

/// A failure of the inbox; cloned to everybody whose frame was in the group that failed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum InboxError {
    /// An option makes no sense.
    #[error("cannot open the inbox: {problem}")]
    Options {
        /// Which, and what to give.
        problem: String,
    },
    /// Another process has the inbox.
    #[error(
        "inbox {folder} is in use by another process ({holder}): wait until it ends or stop it, \
         then start again", folder = folder.display()
    )]
    Locked {
        /// The folder.
        folder: PathBuf,
        /// What the lock file says about the holder.
        holder: String,
    },
    /// Nothing more fits at the moment; nothing was kept of what was given.
    #[error(
        "the inbox is full: {pending_bytes} bytes wait to be written or landed; \
         send again after {} ms", retry_after.as_millis()
    )]
    Full {
        /// Bytes of frames that are queued, or durable and not released.
        pending_bytes: u64,
        /// When to try again.
        retry_after: Duration,
    },
    /// One call holds more than a frame may.
    #[error("a batch of {bytes} bytes is over the inbox's limit of {bytes_max}: split it")]
    TooLarge {
        /// Its size as a frame.
        bytes: u64,
        /// The limit.
        bytes_max: u64,
    },
    /// A batch has more rows than a frame may.
    #[error("a batch of {rows} rows is over the inbox's limit of {rows_max}: split it")]
    TooManyRows {
        /// Its rows.
        rows: usize,
        /// The limit.
        rows_max: usize,
    },
    /// The file system refused. After a failed append nothing of it is acknowledged, and the inbox
    /// stays usable: send again once the disk has space or is repaired.
    #[error("cannot {action} {path}; free space or repair the disk", path = path.display())]
    Disk {
        /// What was being done.
        action: &'static str,
        /// To which file or folder.
        path: PathBuf,
        /// The error below.
        #[source]
        source: Arc<io::Error>,
    },
    /// A durable frame or a header does not read as it was written.
    #[error(
        "inbox segment {file} is damaged at byte {offset}: {problem}. Stop the hub, copy the \
         folder, and put the file back from a backup; without one, move the folder away, start \
         again, and have the devices send again what the lake does not hold",
        file = file.display()
    )]
    Damaged {
        /// The segment.
        file: PathBuf,
        /// Where in it.
        offset: u64,
        /// What is wrong.
        problem: String,
    },
    /// A segment between two others, or before the first, is not there.
    #[error(
        "inbox {folder} lacks {missing}. Put the file back from a backup; without one, move the \
         folder away, start again, and have the devices send again what the lake does not hold",
        folder = folder.display()
    )]
    Missing {
        /// The folder.
        folder: PathBuf,
        /// Which file or sequences.
        missing: String,
    },
    /// A segment was written by a later version of the hub.
    #[error(
        "inbox segment {file} has format version {found}, this hub reads {known}: start the \
         version that wrote it, let it land everything, then start this one",
        file = file.display()
    )]
    Version {
        /// The segment.
        file: PathBuf,
        /// Its version.
        found: u32,
        /// The latest this program reads.
        known: u32,
    },
    /// A batch or a segment does not have the inbox's columns.
    #[error("{what} does not fit the inbox: {problem}")]
    Schema {
        /// The batch or the segment.
        what: String,
        /// Which column, and what to do.
        problem: String,
    },
    /// Arrow refused.
    #[error("cannot {action} a batch of the inbox")]
    Arrow {
        /// What was being done.
        action: &'static str,
        /// The error below.
        #[source]
        source: Arc<ArrowError>,
    },
    /// A release of frames that were never appended.
    #[error(
        "cannot release the inbox through {sequence}: its last frame is {last}; the position comes \
         from another inbox, so open this one with that position as landed"
    )]
    Unknown {
        /// The sequence asked for.
        sequence: u64,
        /// The last there is.
        last: u64,
    },
    /// The writer has ended.
    #[error("the inbox is closed: open it again")]
    Closed,
}

impl InboxError {
    pub(crate) fn disk(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Disk { action, path: path.to_owned(), source: Arc::new(source) }
    }

    pub(crate) fn arrow(action: &'static str) -> impl FnOnce(ArrowError) -> Self {
        move |source| Self::Arrow { action, source: Arc::new(source) }
    }

    pub(crate) fn damaged(file: &Path, offset: u64, problem: impl Into<String>) -> Self {
        Self::Damaged { file: file.to_owned(), offset, problem: problem.into() }
    }
}
