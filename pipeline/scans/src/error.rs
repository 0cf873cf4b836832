//! What stops a whole file.

use std::io;
use std::path::PathBuf;

use arrow::error::ArrowError;

/// A file that cannot be read as scan events.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// It cannot be opened.
    #[error("cannot open `{}`; check the path and the permission to read it", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Its name does not say what it is.
    #[error(
        "`{}` has no known extension; name it .jsonl, .ndjson, .json or .csv, or one of these with .gz",
        path.display()
    )]
    UnknownFormat {
        /// The file.
        path: PathBuf,
    },
    /// It is UTF-16, which no device writes but spreadsheets do.
    #[error("`{}` is UTF-16; save it as UTF-8 or GB18030", path.display())]
    Utf16 {
        /// The file.
        path: PathBuf,
    },
    /// Reading failed on the way; what was read before is not affected.
    #[error("cannot read `{}` after line {line}; copy the file again and repeat", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The last line that was read.
        line: u64,
        /// Why.
        source: io::Error,
    },
    /// A CSV file without a usable header.
    #[error("the header of `{}` {problem}", path.display())]
    Header {
        /// The file.
        path: PathBuf,
        /// What is wrong with it and what to write.
        problem: String,
    },
    /// The batch could not be put together.
    #[error("cannot put the events of `{}` into a batch", path.display())]
    Rows {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ArrowError,
    },
}
