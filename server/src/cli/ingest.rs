//! `yuanliu ingest FILE…`.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use anyhow::{Context, Result};
use arrow::array::AsArray;
use arrow::record_batch::RecordBatch;
use chrono::Utc;
use serde::{Deserialize, Serialize};
use serde_json::json;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};
use yuanliu_metadata::{NewReject, RunCounts};
use yuanliu_scans::{EventReader, KnownEvents, Receipt, Rejected, ScanRules, classify};
use yuanliu_warehouse::{Lake, Position, TableName};

use super::args::{Common, IngestArgs};
use crate::exit;
use crate::hub::{Hub, code_rules};
use crate::models::SCAN_TABLE;
use crate::output::Format;
use crate::progress;

/// Events landed in one commit.
const LANDING_ROWS: usize = 50_000;

/// Rejects of scan files are kept under this system and stream.
const SYSTEM: &str = "scans";
const STREAM: &str = "event";

/// What a landing of scan events says besides its sequence.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ScanPosition {
    /// The file or stream that was landed last.
    pub(crate) file: String,
    /// How many of its records had been read.
    pub(crate) events: u64,
    /// Up to which `_seq` the rows of a raw table were taken as scan events.
    pub(crate) fed: BTreeMap<String, i64>,
}

/// Where the ledger of scan events stands: its sequence and what was said with it.
pub(crate) async fn scan_position(lake: &Lake) -> Result<(i64, ScanPosition)> {
    let position = lake.position(&SCAN_TABLE.parse()?).await?;
    let Some(position) = position else { return Ok((0, ScanPosition::default())) };
    let said = serde_json::from_str(&position.text).context("reading the position of the scans")?;
    Ok((position.sequence, said))
}

pub(super) async fn run(common: &Common, args: IngestArgs) -> Result<u8> {
    let hub = Hub::open_for_writing(common).await?;
    let mut receipts = Vec::new();
    let mut code = exit::DONE;
    for file in &args.files {
        match ingest(&hub, common.is_quiet(), file).await {
            Ok(receipt) => {
                if receipt.rejected > 0 || receipt.collisions > 0 {
                    code = code.max(exit::PROBLEMS);
                }
                receipts.push((file, receipt));
            }
            // The files before it stand; those after it are still read.
            Err(error) => {
                eprintln!("error: {}", exit::chain(&error));
                code = code.max(exit::PROBLEMS);
            }
        }
    }
    if common.format == Format::Json {
        let answer: Vec<_> = receipts
            .iter()
            .map(|(file, receipt)| json!({"file": file.display().to_string(), "receipt": receipt}))
            .collect();
        common.json_output().write_json(&answer.into())?;
        return Ok(code);
    }
    let header = [
        "file",
        "total",
        "accepted",
        "duplicate",
        "rejected",
        "collisions",
        "sentinels",
        "reasons",
    ];
    let rows = receipts.iter().map(|(file, receipt)| {
        let reasons: Vec<_> = receipt.reasons.iter().map(|(r, n)| format!("{r}: {n}")).collect();
        vec![
            file.display().to_string(),
            receipt.total.to_string(),
            receipt.accepted.to_string(),
            receipt.duplicate.to_string(),
            receipt.rejected.to_string(),
            receipt.collisions.to_string(),
            receipt.sentinels.to_string(),
            reasons.join(", "),
        ]
    });
    common.write_texts(&header, rows).await?;
    Ok(code)
}

/// Takes one file. What is landed already is recognised by id and content, so that a file taken
/// again, or taken up after a crash, adds what is missing and nothing else.
pub(crate) async fn ingest(hub: &Hub, is_quiet: bool, file: &Path) -> Result<Receipt> {
    let name = file.display().to_string();
    let label = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    as_run(hub, &name, async |run_id, receipt| {
        take(hub, is_quiet, file, &label, run_id, receipt).await
    })
    .await
}

/// Takes scan events as one run of the ledger; `name` says from where.
pub(crate) async fn as_run(
    hub: &Hub,
    name: &str,
    work: impl AsyncFnOnce(&str, &mut Receipt) -> Result<()>,
) -> Result<Receipt> {
    let run_id = uuid::Uuid::now_v7().to_string();
    hub.metadata.begin_run(&run_id, "ingest", SYSTEM, name, Utc::now()).await?;
    let mut receipt = Receipt::default();
    let result = work(&run_id, &mut receipt).await;
    let counts = RunCounts {
        read: receipt.total,
        loaded: receipt.accepted,
        unchanged: receipt.duplicate,
        rejected: receipt.rejected,
    };
    let (outcome, message) = match &result {
        Ok(()) if receipt.rejected + receipt.collisions == 0 => ("green", None),
        Ok(()) => ("yellow", Some(format!("{} collision(s) of ids", receipt.collisions))),
        Err(error) => ("red", Some(exit::chain(error))),
    };
    hub.metadata.end_run(&run_id, outcome, counts, message.as_deref(), Utc::now()).await?;
    result.map(|()| receipt)
}

/// Lands the events of a file; rejects are kept under `label` and the line.
pub(crate) async fn take(
    hub: &Hub,
    is_quiet: bool,
    file: &Path,
    label: &str,
    run_id: &str,
    receipt: &mut Receipt,
) -> Result<()> {
    let rules = ScanRules::new(&code_rules(&hub.config), hub.config.hub.device_time_zone)
        .context("reading [codes] patterns of rules.toml")?;
    let mut reader = EventReader::open(file, &rules, Utc::now())?;
    let bar = progress::bar(label, reader.bytes_total(), true, is_quiet);
    let table: TableName = SCAN_TABLE.parse()?;
    let (mut sequence, mut said) = scan_position(&hub.lake).await?;
    said.file = label.to_owned();
    while let Some(chunk) = reader.next_chunk(LANDING_ROWS)? {
        keep_rejects(hub, run_id, label, &chunk.rejected).await?;
        let known = known_events(&hub.lake, &table, &chunk.events).await?;
        let classified = classify(&chunk.events, &known)?;
        receipt.add(&chunk.receipt);
        receipt.classified(&classified);
        if classified.accepted.num_rows() > 0 {
            sequence += 1;
            said.events = receipt.total;
            let position = Position { sequence, text: serde_json::to_string(&said)? };
            hub.lake.append(&table, vec![classified.accepted], position).await?;
        }
        bar.set_position(reader.bytes_read());
        bar.set_message(format!("{} events", receipt.total));
    }
    bar.finish();
    Ok(())
}

/// What the lake holds under the ids of a batch.
async fn known_events(lake: &Lake, table: &TableName, events: &RecordBatch) -> Result<KnownEvents> {
    let mut known = KnownEvents::default();
    let Some(ids) = events.column_by_name("event_id") else { return Ok(known) };
    let ids: HashSet<String> = ids.as_string::<i32>().iter().flatten().map(str::to_owned).collect();
    for (id, contents) in lake.content_hashes(table, &ids).await? {
        for content in contents {
            known.insert(xxh3_64(id.as_bytes()), content);
        }
    }
    Ok(known)
}

async fn keep_rejects(hub: &Hub, run_id: &str, file: &str, rejected: &[Rejected]) -> Result<()> {
    if rejected.is_empty() {
        return Ok(());
    }
    let new: Vec<_> = rejected
        .iter()
        .map(|reject| {
            let position = format!("{file}:{}", reject.line);
            let identity = format!("{position}\n{}", reject.payload);
            NewReject {
                reason: reject.reason.as_str().to_owned(),
                message: reject.message.clone(),
                payload: reject.payload.clone(),
                payload_hash: format!("{:032x}", xxh3_128(identity.as_bytes())),
                position,
            }
        })
        .collect();
    Ok(hub.metadata.keep_rejects(run_id, SYSTEM, STREAM, &new, Utc::now()).await?)
}
