//! `yuanliu ingest FILE…`.

use std::path::Path;

use anyhow::{Context, Result};
use chrono::Utc;
use serde_json::json;
use tokio::task::JoinHandle;
use xxhash_rust::xxh3::xxh3_128;
use yuanliu_metadata::{NewReject, RunCounts};
use yuanliu_scans::{Chunk, EventReader, Receipt, Rejected, ScanError};

use super::args::{Common, IngestArgs};
use crate::exit;
use crate::hub::{Hub, scan_rules};
use crate::ledger::{Bounds, Ledger, LedgerError};
use crate::output::Format;
use crate::progress;

/// Events read and taken at a time.
const CHUNK_ROWS: usize = 5_000;

/// What waits in the inbox is landed at this many events.
const PENDING_EVENTS_MAX: u64 = 50_000;

/// Rejects of scan files are kept under this system and stream.
const SYSTEM: &str = "scans";
const STREAM: &str = "event";

pub(super) async fn run(common: &Common, args: IngestArgs) -> Result<u8> {
    let hub = Hub::open_for_writing(common).await?;
    let ledger = Ledger::open(&hub, Bounds::COMMAND).await?;
    let mut receipts = Vec::new();
    let mut code = exit::DONE;
    for file in &args.files {
        match ingest(&hub, &ledger, common.is_quiet(), file).await {
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
    ledger.compact_index().await?;
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
pub(crate) async fn ingest(
    hub: &Hub,
    ledger: &Ledger,
    is_quiet: bool,
    file: &Path,
) -> Result<Receipt> {
    let name = file.display().to_string();
    let label = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    as_run(hub, &name, async |run_id, receipt| {
        take(hub, ledger, is_quiet, file, &label, run_id, receipt).await
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

/// Takes the events of a file into the lake; rejects are kept under `label` and the line.
pub(crate) async fn take(
    hub: &Hub,
    ledger: &Ledger,
    is_quiet: bool,
    file: &Path,
    label: &str,
    run_id: &str,
    receipt: &mut Receipt,
) -> Result<()> {
    let rules = scan_rules(&hub.config)?;
    let reader = EventReader::open(file, &rules, Utc::now())?;
    let bar = progress::bar(label, reader.bytes_total(), true, is_quiet);
    let mut reading = read_next(reader);
    loop {
        let (reader, chunk) = reading.await.context("reading scan events")?;
        let Some(chunk) = chunk? else { break };
        let bytes_read = reader.bytes_read();
        // The next events are read while these are taken.
        reading = read_next(reader);
        keep_rejects(hub, run_id, label, &chunk.rejected).await?;
        let classified = match ledger.accept(chunk.events.clone()).await {
            Err(full @ LedgerError::Inbox(_)) if full.retry_after().is_some() => {
                ledger.land().await?;
                ledger.accept(chunk.events).await?
            }
            other => other?,
        };
        receipt.add(&chunk.receipt);
        receipt.classified(&classified);
        if ledger.inbox_status().pending_events >= PENDING_EVENTS_MAX {
            ledger.land().await?;
        }
        bar.set_position(bytes_read);
        bar.set_message(format!("{} events", receipt.total));
    }
    ledger.land().await?;
    bar.finish();
    Ok(())
}

/// Reads a chunk beside the task that takes the one before.
fn read_next(
    mut reader: EventReader,
) -> JoinHandle<(EventReader, Result<Option<Chunk>, ScanError>)> {
    tokio::task::spawn_blocking(move || {
        let chunk = reader.next_chunk(CHUNK_ROWS);
        (reader, chunk)
    })
}

pub(crate) async fn keep_rejects(
    hub: &Hub,
    run_id: &str,
    file: &str,
    rejected: &[Rejected],
) -> Result<()> {
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
