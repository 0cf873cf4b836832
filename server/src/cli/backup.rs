//! `yuanliu backup`.

use anyhow::{Result, bail};
use chrono::Utc;
use serde_json::json;

use super::args::{BackupArgs, Common};
use crate::backup::back_up;
use crate::exit::{self, UsageError};
use crate::hub::Hub;
use crate::ledger::{Bounds, Ledger};
use crate::output::Format;
use crate::serving::Serving;

pub(super) async fn run(common: &Common, args: BackupArgs) -> Result<u8> {
    if args.archive.extension().is_none_or(|extension| extension != "zip") {
        bail!(UsageError("a backup is one ZIP file: name it with .zip".to_owned()));
    }
    let mut hub = Hub::open(common).await?;
    // A hub that serves lands by itself; without one, scans that wait have nobody else to land them.
    if Serving::find(&hub.config.hub.data).await.is_none() {
        hub = Hub::open_for_writing(common).await?;
        Ledger::open(&hub, Bounds::COMMAND).await?.land().await?;
    }
    let made = back_up(&hub, &common.config, &args.archive, args.with_secrets, Utc::now()).await?;
    if common.format == Format::Json {
        common.json_output().write_json(&serde_json::to_value(&made)?)?;
        return Ok(exit::DONE);
    }
    let rows: u64 = made.tables.iter().map(|table| table.rows).sum();
    let answer = json!({
        "archive": args.archive,
        "tables": made.tables.len(),
        "rows": rows,
        "files": made.parts.len() - made.tables.len(),
    });
    common.json_output().write_json(&answer)?;
    for left in &made.left_out {
        eprintln!("left out: {} of {} ({})", left.path, left.folder, left.why);
    }
    Ok(exit::DONE)
}
