//! What can go wrong with an index.

use std::io;
use std::path::{Path, PathBuf};

use arrow::error::ArrowError;

/// A failure of the trace index; the index can always be built again from the lake.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// It was written by another version.
    #[error(
        "the trace index in `{}` has format {found}, this version reads format {expected}; build it again with `index rebuild`",
        folder.display()
    )]
    Format {
        /// The folder.
        folder: PathBuf,
        /// What its marker says.
        found: String,
        /// What this version reads.
        expected: String,
    },
    /// Its build did not end.
    #[error(
        "the trace index in `{}` was not built to the end; build it again with `index rebuild`",
        folder.display()
    )]
    Unfinished {
        /// The folder.
        folder: PathBuf,
    },
    /// Something else is where an index is to be built.
    #[error(
        "`{}` already holds files; give `index rebuild` a folder that does not exist yet",
        folder.display()
    )]
    Occupied {
        /// The folder.
        folder: PathBuf,
    },
    /// Another process has it open.
    #[error(
        "the trace index in `{}` is open in another process; end that process or ask it instead",
        folder.display()
    )]
    Locked {
        /// The folder.
        folder: PathBuf,
    },
    /// It was deleted or moved while it was open.
    #[error(
        "the trace index in `{}` is gone; restart, and build it again with `index rebuild`",
        folder.display()
    )]
    Gone {
        /// The folder.
        folder: PathBuf,
    },
    /// A file beside the store could not be read or written.
    #[error("cannot {doing} `{}`; check the disk and the rights to the folder", path.display())]
    File {
        /// What was being done.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The store refused.
    #[error(
        "cannot {doing} the trace index in `{}`; check the disk, then restart, and if it persists build the index again with `index rebuild`",
        folder.display()
    )]
    Store {
        /// What was being done.
        doing: &'static str,
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: fjall::Error,
    },
    /// What is stored makes no sense.
    #[error(
        "the trace index in `{}` is damaged: {what}; build it again with `index rebuild`",
        folder.display()
    )]
    Damaged {
        /// The folder.
        folder: PathBuf,
        /// What was found.
        what: String,
    },
    /// The store does not keep up, or has stopped writing to disk.
    #[error(
        "the trace index in `{}` has not written to disk for {waited_s} s; check that the disk is not full or slow, then apply the events again",
        folder.display()
    )]
    Stalled {
        /// The folder.
        folder: PathBuf,
        /// How long it was waited for, in seconds.
        waited_s: u64,
    },
    /// A batch that is none of scan events.
    #[error(
        "column `{column}` of a batch of scan events {problem}; apply batches of the raw event table"
    )]
    Batch {
        /// The column.
        column: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A column of a batch that cannot be read as what it should be.
    #[error(
        "cannot read column `{column}` of a batch of scan events as {wanted}; apply batches of the raw event table"
    )]
    Column {
        /// The column.
        column: &'static str,
        /// The type.
        wanted: String,
        /// Why.
        source: ArrowError,
    },
}

impl IndexError {
    pub(crate) fn file(
        doing: &'static str,
        path: impl AsRef<Path>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.as_ref().to_owned();
        move |source| Self::File { doing, path, source }
    }
}
