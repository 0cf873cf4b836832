//! What can be wrong with region data.

use std::path::PathBuf;

use thiserror::Error;

/// A region data file could not be used.
#[derive(Debug, Error)]
pub enum TableError {
    /// The file could not be read.
    #[error("cannot read region file {}; check that it exists and may be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line is not well-formed CSV in UTF-8, or a column is missing.
    #[error("region file {file}, line {line}: not a row with the expected columns")]
    Csv {
        /// The file's name.
        file: String,
        /// The line, counted from 1; 0 when the reader could not tell.
        line: u64,
        /// Why.
        source: csv::Error,
    },
    /// A line is well-formed but says something impossible.
    #[error("region file {file}, line {line}: {problem}")]
    Value {
        /// The file's name.
        file: String,
        /// The line, counted from 1.
        line: u64,
        /// What to correct.
        problem: String,
    },
}

/// A map could not be used.
#[derive(Debug, Error)]
pub enum MapError {
    /// The file could not be read.
    #[error("cannot read map {}; check that it exists and may be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The compact form is broken or cut off.
    #[error("map {file} is not a map or is damaged at byte {byte}; write it anew")]
    Format {
        /// The file's name.
        file: String,
        /// Where reading stopped.
        byte: usize,
    },
    /// The GeoJSON holds nothing usable.
    #[error("map {file} is not usable GeoJSON: {problem}")]
    GeoJson {
        /// The file's name.
        file: String,
        /// What to correct.
        problem: String,
    },
}

/// A database of IP addresses could not be used.
#[derive(Debug, Error)]
pub enum IpError {
    /// The file could not be read.
    #[error("cannot read IP database {}; check that it exists and may be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is not an ip2region file of a known version.
    #[error("IP database {file} is not an ip2region xdb file of version 2 or 3: {problem}")]
    Format {
        /// The file's name.
        file: String,
        /// What is wrong.
        problem: String,
    },
}
