//! Everything that is not the lake in one archive, and back, into either database.
//!
//! ```text
//! manifest.json                 version, time, every part with its size and SHA-256, what was left out
//! metadata/<table>.jsonl        one row a line, the same for both databases
//! folders/<name>/<path>         the configuration and whatever else the caller names
//! ```
//!
//! Rows are read in one transaction, so they are of one instant. Nothing is written anywhere before every part of an
//! archive was read and fits its hash, and a restore that fails leaves store and folders as they were.

mod error;
mod folders;
mod manifest;
mod pack;
mod restore;
mod secrets;
mod tables;
mod unpack;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::store::Metadata;

pub use error::BackupError;
pub use manifest::{KeptTable, LeftOut, Manifest, Part};
pub use restore::{RestoreFolder, Restored};
pub use unpack::{inspect, unpack_configuration};

/// A folder to back up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupFolder {
    /// Names it in the archive: `configuration`, `inbox`.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// Whether files that its TOML files refer to as `file:PATH` go in too.
    pub with_secrets: bool,
}

impl Metadata {
    /// Writes an archive; one that was there is replaced once the new one is whole.
    ///
    /// Sessions and logins by OIDC on their way are not in it: nobody is logged in by a restore.
    pub async fn backup(
        &self,
        folders: &[BackupFolder],
        archive: &Path,
        at: DateTime<Utc>,
    ) -> Result<Manifest, BackupError> {
        pack::check_names(folders)?;
        let parts = folders::Scratch::beside(archive, "parts")?;
        let tables = self.dump_tables(parts.path()).await?;
        let (folders, archive) = (folders.to_owned(), archive.to_owned());
        // Compressing and hashing take a processor for themselves.
        let packing = tokio::task::spawn_blocking(move || {
            pack::pack(parts.path(), tables, &folders, &archive, at)
        });
        packing.await.map_err(|error| BackupError::Ended(error.to_string()))?
    }
}
