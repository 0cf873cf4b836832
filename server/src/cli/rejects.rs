//! `yuanliu rejects list|replay|discard`.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::Utc;
use serde_json::json;
use yuanliu_metadata::{Reject, RejectFilter};

use super::args::{Common, DiscardArgs, RejectListArgs, RejectPick, RejectsCommand};
use crate::exit::{self, UsageError};
use crate::hub::Hub;
use crate::output::Format;

/// Rejects handled at a time; the rest follow.
const PAGE_ROWS: u32 = 1_000;

pub(super) async fn run(common: &Common, command: RejectsCommand) -> Result<u8> {
    match command {
        RejectsCommand::List(args) => list(common, args).await,
        RejectsCommand::Replay(pick) => replay(common, pick).await,
        RejectsCommand::Discard(args) => discard(common, args).await,
    }
}

async fn list(common: &Common, args: RejectListArgs) -> Result<u8> {
    let hub = Hub::open(common).await?;
    let status = match args.status.as_str() {
        "all" => None,
        "open" | "replayed" | "discarded" => Some(args.status),
        other => {
            let known = "open, replayed, discarded, all";
            return Err(UsageError(format!("no status `{other}`; there are {known}")).into());
        }
    };
    let filter = RejectFilter {
        system: args.system,
        stream: args.stream,
        reason: args.reason,
        status,
        after_id: 0,
    };
    let rejects = hub.metadata.rejects(&filter, args.limit).await?;
    if common.format == Format::Json {
        common.json_output().write_json(&serde_json::to_value(&rejects)?)?;
        return Ok(exit::DONE);
    }
    let header = ["id", "system", "stream", "reason", "message", "position", "payload", "status"];
    let rows = rejects.into_iter().map(|reject| {
        vec![
            reject.reject_id.to_string(),
            reject.system,
            reject.stream,
            reject.reason,
            reject.message,
            reject.position,
            reject.payload,
            reject.status,
        ]
    });
    common.write_texts(&header, rows).await?;
    Ok(exit::DONE)
}

/// The open rejects a person picked.
async fn picked(hub: &Hub, pick: &RejectPick) -> Result<Vec<Reject>> {
    let mut filter = RejectFilter {
        system: pick.system.clone(),
        stream: pick.stream.clone(),
        reason: pick.reason.clone(),
        status: Some("open".to_owned()),
        after_id: 0,
    };
    let mut all = Vec::new();
    loop {
        let page = hub.metadata.rejects(&filter, PAGE_ROWS).await?;
        let Some(last) = page.last() else { break };
        filter.after_id = last.reject_id;
        all.extend(
            page.into_iter()
                .filter(|reject| pick.ids.is_empty() || pick.ids.contains(&reject.reject_id)),
        );
    }
    let missing: Vec<_> = pick
        .ids
        .iter()
        .filter(|id| !all.iter().any(|reject| reject.reject_id == **id))
        .map(ToString::to_string)
        .collect();
    if missing.is_empty() {
        return Ok(all);
    }
    Err(UsageError(format!("no open reject has the number {}", missing.join(", "))).into())
}

async fn replay(common: &Common, pick: RejectPick) -> Result<u8> {
    let hub = Hub::open_for_writing(common).await?;
    let (loaded, still_rejected) = replay_picked(&hub, &pick).await?;
    let answer = json!({"replayed": loaded, "still_rejected": still_rejected});
    common.json_output().write_json(&answer)?;
    Ok(if still_rejected == 0 { exit::DONE } else { exit::PROBLEMS })
}

/// Types the picked rejects again; how many landed, and how many are still rejected.
pub(crate) async fn replay_picked(hub: &Hub, pick: &RejectPick) -> Result<(usize, usize)> {
    let mut by_stream: BTreeMap<(String, String), Vec<Reject>> = BTreeMap::new();
    for reject in picked(hub, pick).await? {
        by_stream.entry((reject.system.clone(), reject.stream.clone())).or_default().push(reject);
    }
    let (mut loaded, mut still_rejected) = (0, 0);
    for ((system, stream), rejects) in by_stream {
        let outcome = crate::hub::replay(hub, &system, &stream, &rejects).await?;
        loaded += outcome.loaded.len();
        still_rejected += outcome.still_rejected;
        for id in outcome.loaded {
            hub.metadata.close_reject(id, "replayed", "typed and landed", Utc::now()).await?;
        }
    }
    Ok((loaded, still_rejected))
}

async fn discard(common: &Common, args: DiscardArgs) -> Result<u8> {
    let hub = Hub::open(common).await?;
    let rejects = picked(&hub, &args.pick).await?;
    for reject in &rejects {
        hub.metadata.close_reject(reject.reject_id, "discarded", &args.note, Utc::now()).await?;
    }
    common.json_output().write_json(&json!({"discarded": rejects.len()}))?;
    Ok(exit::DONE)
}
