//! `yuanliu index`: the trace index from the lake, and whether it says what the lake says.

use anyhow::Result;
use serde_json::json;

use super::args::{BuildArgs, Common, IndexCommand};
use super::build::build;
use crate::exit;
use crate::hub::Hub;
use crate::ledger::{Bounds, Ledger};
use crate::output::Format;

pub(super) async fn run(common: &Common, command: IndexCommand) -> Result<u8> {
    let hub = Hub::open_for_writing(common).await?;
    match command {
        IndexCommand::Rebuild => {
            let rebuilt = Ledger::rebuild_index(&hub, Bounds::COMMAND).await?;
            let answer = json!({
                "events": rebuilt.events,
                "bytes": rebuilt.bytes,
                "elapsed_ms": rebuilt.elapsed_ms,
            });
            show(common, &answer).await?;
            Ok(exit::DONE)
        }
        IndexCommand::Check(args) => {
            let ledger = Ledger::open(&hub, Bounds::COMMAND).await?;
            ledger.land().await?;
            build(&hub, common.is_quiet(), &BuildArgs::default()).await?;
            let checked = ledger.check_index(&hub, args.codes).await?;
            let answer = json!({
                "compared": checked.compared,
                "different": checked.different,
                "examples": checked.examples,
            });
            show(common, &answer).await?;
            Ok(if checked.different == 0 { exit::DONE } else { exit::PROBLEMS })
        }
    }
}

async fn show(common: &Common, answer: &serde_json::Value) -> Result<()> {
    if common.format == Format::Json {
        return common.json_output().write_json(answer);
    }
    let facts = answer.as_object().into_iter().flatten();
    let rows = facts.map(|(name, value)| vec![name.clone(), value.to_string()]);
    common.write_texts(&["fact", "value"], rows).await?;
    Ok(())
}
