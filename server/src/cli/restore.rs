//! `yuanliu restore`.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::json;
use yuanliu_metadata::{BackupError, RestoreFolder, inspect, unpack_configuration};

use super::args::{Common, RestoreArgs};
use crate::backup::{CONFIGURATION, DECISIONS};
use crate::exit::{self, UsageError};
use crate::hub::Hub;
use crate::serving::Serving;

pub(super) async fn run(common: &Common, args: RestoreArgs) -> Result<u8> {
    let archive = args.archive.clone();
    let manifest = inspect(&archive).map_err(told)?;
    let brings_configuration = !common.config.join("hub.toml").exists();
    if brings_configuration {
        // Everything else is where the configuration says it is.
        unpack_configuration(&archive, CONFIGURATION, &common.config).map_err(told)?;
        for left in manifest.left_out.iter().filter(|left| left.folder == CONFIGURATION) {
            eprintln!("left out of the archive, to be brought along: {}", left.path);
        }
    }
    let hub = Hub::open_for_writing(common).await.with_context(|| {
        format!("opening the hub of {} for what the archive holds", common.config.display())
    })?;
    if Serving::find(&hub.config.hub.data).await.is_some() {
        bail!(UsageError("a hub serves this data folder; end it first".to_owned()));
    }
    let folder = |path: PathBuf| RestoreFolder { name: DECISIONS.to_owned(), path };
    let folders: Vec<_> = match manifest.folders.iter().any(|name| name == DECISIONS) {
        true => hub.config.decisions_folder().map(folder).into_iter().collect(),
        false => Vec::new(),
    };
    let restored = hub.metadata.restore(&archive, &folders, args.replace).await.map_err(told)?;
    let rows: u64 = restored.manifest.tables.iter().map(|table| table.rows).sum();
    common.json_output().write_json(&json!({
        "created_at": restored.manifest.created_at,
        "rows": rows,
        "configuration": if brings_configuration { "restored" } else { "kept as it was" },
    }))?;
    Ok(exit::DONE)
}

/// What is there already is for a person to decide about.
fn told(error: BackupError) -> anyhow::Error {
    match error {
        BackupError::NotEmpty(_) => {
            UsageError(format!("{error}; --replace takes the archive's instead")).into()
        }
        error => error.into(),
    }
}
