//! `yuanliu outbox list`.

use anyhow::Result;
use clap::Args;
use serde_json::Value;
use yuanliu_metadata::{Metadata, OutboxEntry, OutboxFilter};

use super::super::args::Common;
use crate::exit::{self, UsageError};
use crate::output::Format;

/// The statuses `outbox list` knows.
const STATUSES: &str = "draft, approved, sending, sent, refused, failed, unknown, discarded, all";

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[arg(long)]
    system: Option<String>,
    /// draft, approved, sending, sent, refused, failed, unknown, discarded or all
    #[arg(long, default_value = "all")]
    status: String,
    #[arg(long, default_value_t = 100)]
    limit: u32,
}

pub(super) async fn list(common: &Common, metadata: &Metadata, args: ListArgs) -> Result<u8> {
    let status = match args.status.as_str() {
        "all" => None,
        known if STATUSES.split(", ").any(|status| status == known) => Some(args.status),
        other => {
            return Err(UsageError(format!("no status `{other}`; there are {STATUSES}")).into());
        }
    };
    let filter = OutboxFilter { system: args.system, status, after_id: 0 };
    let entries = metadata.outbox(&filter, args.limit).await?;
    if common.format == Format::Json {
        let entries: Vec<_> = entries.into_iter().map(entry_json).collect();
        common.json_output().write_json(&entries.into())?;
        return Ok(exit::DONE);
    }
    let header = [
        "id",
        "system",
        "kind",
        "key",
        "status",
        "number",
        "approved_by",
        "attempts",
        "last_error",
        "updated_at",
    ];
    let rows = entries.into_iter().map(|entry| {
        let receipt = entry.receipt.as_deref().map(parsed).unwrap_or_default();
        vec![
            entry.entry_id.to_string(),
            entry.system,
            entry.kind,
            entry.key,
            entry.status,
            receipt["number"].as_str().unwrap_or_default().to_owned(),
            entry.approved_by.unwrap_or_default(),
            entry.attempts.to_string(),
            entry.last_error.unwrap_or_default(),
            entry.updated_at,
        ]
    });
    common.write_texts(&header, rows).await?;
    Ok(exit::DONE)
}

/// An entry with its body and receipt as JSON rather than as text.
fn entry_json(entry: OutboxEntry) -> Value {
    let (body, receipt) = (parsed(&entry.body), entry.receipt.as_deref().map(parsed));
    let mut value = serde_json::to_value(entry).unwrap_or_default();
    value["body"] = body;
    value["receipt"] = receipt.unwrap_or_default();
    value
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}
