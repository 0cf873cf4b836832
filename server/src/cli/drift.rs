//! `yuanliu systems drift`.

use anyhow::Result;
use chrono::Utc;
use serde_json::json;

use super::args::{Common, DriftArgs};
use super::systems::chosen;
use crate::drift::{affected_reports, look};
use crate::exit;
use crate::hub::{Hub, open_system};
use crate::models::Models;
use crate::output::Format;

const HEADER: [&str; 9] =
    ["system", "stream", "field", "change", "was", "now", "read", "policy", "reports"];

/// Shows what changed in the systems' objects since someone accepted them; with `--accept`, accepts it.
pub(super) async fn run(common: &Common, args: DriftArgs) -> Result<u8> {
    let hub = Hub::open(common).await?;
    let models = Models::load(&hub)?;
    let mut lines = Vec::new();
    let mut code = exit::DONE;
    for system in chosen(&hub.config, args.system.as_deref())? {
        let opened = open_system(system)?;
        for (stream, changes) in look(&hub.metadata, &system.name, &*opened).await? {
            for change in changes {
                let reports = affected_reports(&models, &system.mapping, &stream, &change.field)?;
                if change.is_breaking() && !args.accept {
                    code = exit::PROBLEMS;
                }
                lines.push(json!({
                    "system": system.name,
                    "stream": stream,
                    "field": change.field,
                    "change": change.change.as_str(),
                    "was": change.was,
                    "now": change.now,
                    "read": change.is_read,
                    "policy": system.sync.on_drift(&stream).as_str(),
                    "reports": reports.join(" "),
                }));
            }
        }
        if args.accept {
            hub.metadata.accept_shapes(&system.name, Utc::now()).await?;
        }
    }
    if common.format == Format::Json {
        common.json_output().write_json(&lines.into())?;
        return Ok(code);
    }
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let rows = lines.iter().map(|line| HEADER.iter().map(|name| text(&line[*name])).collect());
    common.write_texts(&HEADER, rows).await?;
    Ok(code)
}
