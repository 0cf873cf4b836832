//! `yuanliu runs`.

use anyhow::Result;

use super::args::{Common, RunsArgs};
use crate::exit;
use crate::hub::Hub;
use crate::output::Format;

pub(super) async fn run(common: &Common, args: RunsArgs) -> Result<u8> {
    let hub = Hub::open(common).await?;
    let runs = hub.metadata.runs(args.limit).await?;
    if common.format == Format::Json {
        common.json_output().write_json(&serde_json::to_value(&runs)?)?;
        return Ok(exit::DONE);
    }
    let header = [
        "started_at",
        "kind",
        "system",
        "stream",
        "outcome",
        "read",
        "loaded",
        "unchanged",
        "rejected",
        "message",
    ];
    let rows = runs.into_iter().map(|run| {
        vec![
            run.started_at,
            run.kind,
            run.system,
            run.stream,
            run.outcome,
            run.read.to_string(),
            run.loaded.to_string(),
            run.unchanged.to_string(),
            run.rejected.to_string(),
            run.message.unwrap_or_default(),
        ]
    });
    common.write_texts(&header, rows).await?;
    Ok(exit::DONE)
}
