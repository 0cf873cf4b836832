//! What an archive says of itself.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The name of the manifest in the archive.
pub(super) const NAME: &str = "manifest.json";

/// What tells such an archive from any other ZIP file.
pub(super) const FORMAT: &str = "yuanliu-backup";

/// The version of the layout.
pub(super) const FORMAT_VERSION: i64 = 1;

/// What an archive says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// `yuanliu-backup`.
    pub format: String,
    /// The version of the layout.
    pub format_version: i64,
    /// The version of the hub that wrote it.
    pub hub_version: String,
    /// The step of the schema the rows are of.
    pub schema_version: i64,
    /// When.
    pub created_at: DateTime<Utc>,
    /// The tables.
    pub tables: Vec<KeptTable>,
    /// The folders by name.
    pub folders: Vec<String>,
    /// Every file of the archive but this one.
    pub parts: Vec<Part>,
    /// What was left out, for a person to bring along.
    pub left_out: Vec<LeftOut>,
}

/// A table of the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptTable {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// How many rows it has.
    pub rows: u64,
}

/// A file of the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its path in the archive.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256 in hex.
    pub sha256: String,
}

/// A file that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The folder by name.
    pub folder: String,
    /// Its path in the folder.
    pub path: String,
    /// `secret`: the configuration refers to it as one; `link`: it is no file.
    pub why: String,
}

/// Where the rows of a table are in the archive.
pub(super) fn table_path(table: &str) -> String {
    format!("metadata/{table}.jsonl")
}

/// Where the files of a folder are in the archive.
pub(super) fn folder_path(folder: &str) -> String {
    format!("folders/{folder}/")
}
