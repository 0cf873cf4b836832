//! Backups: everything that is not the lake, in one file.

use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use yuanliu_metadata::{BackupFolder, Manifest};

use crate::hub::Hub;

/// The configuration in an archive.
pub(crate) const CONFIGURATION: &str = "configuration";

/// What people decided, in an archive.
pub(crate) const DECISIONS: &str = "decisions";

/// Writes an archive of the metadata, the configuration in `folder` and what people decided.
///
/// Scans that wait for the lake are not in it: land them first.
pub(crate) async fn back_up(
    hub: &Hub,
    folder: &Path,
    archive: &Path,
    with_secrets: bool,
    at: DateTime<Utc>,
) -> Result<Manifest> {
    if let Some(parent) = archive.parent() {
        std::fs::create_dir_all(parent)
            .with_context(|| format!("making the folder of backups {}", parent.display()))?;
    }
    let mut folders = vec![BackupFolder {
        name: CONFIGURATION.to_owned(),
        path: folder.to_owned(),
        with_secrets,
    }];
    if let Some(decisions) = hub.config.decisions_folder().filter(|decisions| decisions.is_dir()) {
        folders.push(BackupFolder {
            name: DECISIONS.to_owned(),
            path: decisions,
            with_secrets: false,
        });
    }
    let made = hub.metadata.backup(&folders, archive, at).await;
    made.with_context(|| format!("writing the backup {}", archive.display()))
}
