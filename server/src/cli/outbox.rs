//! `yuanliu outbox add|list|approve|send|discard`.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use chrono::Utc;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use yuanliu_contract::{OutgoingDocument, OutgoingKind, Seams, Writer};
use yuanliu_engine::outbox::{content_hash, outgoing_document};
use yuanliu_engine::{MinuteBudget, OutboxRun, RunOutcome, SendOptions, SendReport};
use yuanliu_metadata::{
    Added, Metadata, NewOutboxEntry, OutboxEntry, OutboxError, OutboxFilter, RunCounts,
};

use super::args::Common;
use crate::adapters::{MetadataOutbox, SystemClock};
use crate::config::{Config, ConfigError, SystemConfig};
use crate::exit::{self, UsageError};
use crate::output::Format;

/// Entries read at a time; the rest follow.
const PAGE_ROWS: u32 = 1_000;

/// A file of documents larger than this is no file of documents.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// The statuses `outbox list` knows.
const STATUSES: &str = "draft, approved, sending, sent, refused, failed, unknown, discarded, all";

#[derive(Debug, Subcommand)]
pub(crate) enum OutboxCommand {
    /// check documents and add them as drafts
    Add(AddArgs),
    /// documents with their status, number and last error
    List(ListArgs),
    /// let drafts, or again what a system refused, be sent
    Approve(ApproveArgs),
    /// send what is approved; a document a system holds is never sent again
    Send(SendArgs),
    /// drop documents that no system holds
    Discard(DiscardArgs),
}

#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// 系统 the system they are for
    #[arg(long)]
    system: String,
    /// 种类 delivery_result or inspection_result
    #[arg(long)]
    kind: String,
    /// 文件 JSON: one object or an array of them
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

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

#[derive(Debug, Args)]
pub(crate) struct ApproveArgs {
    /// numbers from `outbox list`
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    ids: Vec<i64>,
    /// 全部草稿 every draft
    #[arg(long)]
    all: bool,
    /// 批准人 who answers for it
    #[arg(long)]
    by: String,
}

#[derive(Debug, Args)]
pub(crate) struct SendArgs {
    /// 系统 all enabled ones that take documents if left out
    #[arg(long)]
    system: Option<String>,
    /// 最多单据数 at most so many of each system
    #[arg(long, default_value_t = yuanliu_engine::outbox::ENTRIES_MAX_DEFAULT)]
    limit: usize,
    /// 沉淀秒数 how long a call whose answer was lost may still take effect
    #[arg(long, default_value_t = yuanliu_engine::outbox::SETTLING_DEFAULT.as_secs())]
    settling_s: u64,
}

#[derive(Debug, Args)]
pub(crate) struct DiscardArgs {
    /// numbers from `outbox list`
    #[arg(required = true)]
    ids: Vec<i64>,
    /// 说明 why it is right to drop them
    #[arg(long)]
    note: String,
}

pub(super) async fn run(common: &Common, command: OutboxCommand) -> Result<u8> {
    let config = Config::load(&common.config)?;
    let data = &config.hub.data;
    std::fs::create_dir_all(data)
        .with_context(|| format!("making the data folder {}", data.display()))?;
    let metadata = Metadata::open(&data.join("metadata.db")).await?;
    match command {
        OutboxCommand::Add(args) => add(common, &config, &metadata, args).await,
        OutboxCommand::List(args) => list(common, &metadata, args).await,
        OutboxCommand::Approve(args) => approve(common, &metadata, args).await,
        OutboxCommand::Send(args) => send(common, &config, &metadata, args).await,
        OutboxCommand::Discard(args) => discard(common, &metadata, args).await,
    }
}

async fn add(common: &Common, config: &Config, metadata: &Metadata, args: AddArgs) -> Result<u8> {
    let kind: OutgoingKind = serde_json::from_value(json!(args.kind)).map_err(|_| {
        let known = "delivery_result, inspection_result";
        UsageError(format!("no kind `{}`; there are {known}", args.kind))
    })?;
    let system = writable(config.system(&args.system).map_err(UsageError)?)?;
    let (mut documents, mut problems) = (Vec::new(), Vec::new());
    for file in &args.files {
        read(file, kind, &mut documents, &mut problems)?;
    }
    if !problems.is_empty() {
        let message = format!("nothing was added:\n  {}", problems.join("\n  "));
        return Err(UsageError(message).into());
    }
    let new = |document: &OutgoingDocument| NewOutboxEntry {
        system: system.name.clone(),
        kind: args.kind.clone(),
        key: document.key.clone(),
        body: document.body.to_string(),
        content_hash: content_hash(document),
    };
    let new: Vec<_> = documents.iter().map(new).collect();
    let added = match metadata.add_to_outbox(&new, Utc::now()).await {
        Ok(added) => added,
        Err(error @ OutboxError::KeysTaken(_)) => return Err(UsageError(error.to_string()).into()),
        Err(error) => return Err(error.into()),
    };
    let ids =
        |wanted: fn(&Added) -> Option<i64>| added.iter().filter_map(wanted).collect::<Vec<_>>();
    let answer = json!({
        "added": ids(|added| if let Added::New(id) = added { Some(*id) } else { None }),
        "known": ids(|added| if let Added::Known(id) = added { Some(*id) } else { None }),
    });
    common.json_output().write_json(&answer)?;
    Ok(exit::DONE)
}

/// Reads the documents of one file; what is wrong with each goes to `problems`.
fn read(
    file: &Path,
    kind: OutgoingKind,
    documents: &mut Vec<OutgoingDocument>,
    problems: &mut Vec<String>,
) -> Result<(), UsageError> {
    let name = file.display();
    let failed = |why: String| UsageError(format!("{name} cannot be read: {why}"));
    let size = std::fs::metadata(file).map_err(|e| failed(e.to_string()))?.len();
    if size > FILE_BYTES_MAX {
        return Err(failed(format!("it is larger than {FILE_BYTES_MAX} bytes")));
    }
    let text = std::fs::read_to_string(file).map_err(|e| failed(e.to_string()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let value: Value = serde_json::from_str(text).map_err(|e| failed(e.to_string()))?;
    let bodies = match value {
        Value::Array(items) => items,
        one => vec![one],
    };
    for (at, body) in bodies.iter().enumerate() {
        match outgoing_document(kind, body) {
            Ok(document) => documents.push(document),
            Err(found) => problems.extend(
                found.into_iter().map(|p| format!("{name}[{at}] {}: {}", p.path, p.message)),
            ),
        }
    }
    Ok(())
}

async fn list(common: &Common, metadata: &Metadata, args: ListArgs) -> Result<u8> {
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

async fn approve(common: &Common, metadata: &Metadata, args: ApproveArgs) -> Result<u8> {
    let by = args.by.trim();
    if by.is_empty() {
        return Err(UsageError("--by names the person who answers for it".to_owned()).into());
    }
    let ids = if args.all { drafts(metadata).await? } else { args.ids };
    let (mut approved, mut passed_over) = (Vec::new(), Vec::new());
    for id in ids {
        let done = metadata.approve_outbox(id, by, Utc::now()).await?;
        let list = if done { &mut approved } else { &mut passed_over };
        list.push(id);
    }
    answer_picked(common, "approved", approved, passed_over, "is neither a draft nor refused")
}

async fn drafts(metadata: &Metadata) -> Result<Vec<i64>> {
    let mut filter = OutboxFilter { status: Some("draft".to_owned()), ..Default::default() };
    let mut ids = Vec::new();
    loop {
        let page = metadata.outbox(&filter, PAGE_ROWS).await?;
        let Some(last) = page.last() else { return Ok(ids) };
        filter.after_id = last.entry_id;
        ids.extend(page.iter().map(|entry| entry.entry_id));
    }
}

async fn discard(common: &Common, metadata: &Metadata, args: DiscardArgs) -> Result<u8> {
    let (mut discarded, mut passed_over) = (Vec::new(), Vec::new());
    for id in args.ids {
        let done = metadata.discard_outbox(id, &args.note, Utc::now()).await?;
        let list = if done { &mut discarded } else { &mut passed_over };
        list.push(id);
    }
    let why = "does not exist, is discarded, or its system holds the document or may hold it";
    answer_picked(common, "discarded", discarded, passed_over, why)
}

fn answer_picked(
    common: &Common,
    done: &str,
    ids: Vec<i64>,
    passed_over: Vec<i64>,
    why: &str,
) -> Result<u8> {
    let code = if passed_over.is_empty() { exit::DONE } else { exit::PROBLEMS };
    let mut answer = json!({"passed_over": passed_over});
    answer[done] = json!(ids);
    if code != exit::DONE {
        answer["message"] = json!(format!("passed over: each {why}"));
    }
    common.json_output().write_json(&answer)?;
    Ok(code)
}

async fn send(common: &Common, config: &Config, metadata: &Metadata, args: SendArgs) -> Result<u8> {
    let systems = match &args.system {
        Some(name) => vec![writable(config.system(name).map_err(UsageError)?)?],
        None => config.systems.iter().filter(|s| s.enabled && s.write.is_some()).collect(),
    };
    if systems.is_empty() {
        let message = "no system takes documents: add a [write] section to its file";
        return Err(UsageError(message.to_owned()).into());
    }
    // Held until the process ends, however it ends.
    let _lock = lock(&config.hub.data.join("outbox.lock"))?;
    metadata.mark_interrupted_sends(Utc::now()).await?;
    let options =
        SendOptions { entries_max: args.limit, settling: Duration::from_secs(args.settling_s) };
    let (mut reports, mut code) = (Vec::new(), exit::DONE);
    for system in systems {
        let report = send_to(system, metadata, &options).await?;
        code = code.max(match (report.stopped_by, report.outcome) {
            (Some(kind), _) => exit::of_kind(kind),
            (None, RunOutcome::Green) => exit::DONE,
            _ => exit::PROBLEMS,
        });
        reports.push(report);
    }
    if common.format == Format::Json {
        common.json_output().write_json(&serde_json::to_value(&reports)?)?;
    } else {
        let header = [
            "system", "outcome", "taken", "sent", "known", "refused", "failed", "unknown",
            "message",
        ];
        common.write_texts(&header, reports.iter().map(row)).await?;
    }
    Ok(code)
}

fn row(report: &SendReport) -> Vec<String> {
    let counts =
        [report.taken, report.sent, report.known, report.refused, report.failed, report.unknown];
    let mut row = vec![report.system.clone(), format!("{:?}", report.outcome).to_lowercase()];
    row.extend(counts.map(|count| count.to_string()));
    row.push(report.message.clone().unwrap_or_default());
    row
}

/// Sends to one system and notes the run in the ledger.
async fn send_to(
    system: &SystemConfig,
    metadata: &Metadata,
    options: &SendOptions,
) -> Result<SendReport> {
    let run_id = uuid::Uuid::now_v7().to_string();
    let writer = open_writer(system)?;
    metadata.begin_run(&run_id, "send", &system.name, "outbox", Utc::now()).await?;
    let outbox = MetadataOutbox(metadata);
    let run = OutboxRun {
        system_name: &system.name,
        writer,
        outbox: &outbox,
        clock: Arc::new(SystemClock),
    };
    let (report, error) = run.run(options).await;
    let counts = RunCounts {
        read: report.taken,
        loaded: report.sent,
        unchanged: report.known,
        rejected: report.refused,
    };
    let outcome = format!("{:?}", report.outcome).to_lowercase();
    metadata.end_run(&run_id, &outcome, counts, report.message.as_deref(), Utc::now()).await?;
    match error {
        Some(error) => Err(error.into()),
        None => Ok(report),
    }
}

fn open_writer(system: &SystemConfig) -> Result<Arc<dyn Writer>> {
    let writers = yuanliu_registry::write_backs();
    let writer = writers.iter().find(|writer| writer.kind() == system.kind);
    let (Some(writer), Some(settings), Some(write)) = (writer, &system.settings, &system.write)
    else {
        return Err(UsageError(format!("nothing can be written to {}", system.name)).into());
    };
    let clock = Arc::new(SystemClock);
    let budget = Arc::new(MinuteBudget::new(clock.clone(), system.sync.calls_per_minute));
    writer.open(settings, write, Seams { clock, budget }).map_err(|mut problems| {
        let file = format!("systems/{}.toml", system.name);
        problems.iter_mut().for_each(|problem| problem.path.insert_str(0, &format!("{file}: ")));
        ConfigError { folder: file.into(), problems }.into()
    })
}

/// The system, if it is switched on and documents are written to it.
fn writable(system: &SystemConfig) -> Result<&SystemConfig, UsageError> {
    let name = &system.name;
    if !system.enabled {
        return Err(UsageError(format!("the system `{name}` is switched off")));
    }
    if system.write.is_none() {
        let message = format!("nothing is written to `{name}`: systems/{name}.toml has no [write]");
        return Err(UsageError(message));
    }
    Ok(system)
}

/// Makes this process the one sender.
fn lock(path: &Path) -> Result<File> {
    let file = File::options().create(true).append(true).open(path);
    let file = file.with_context(|| format!("opening {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            anyhow::bail!("another process is sending from this outbox; wait until it ends")
        }
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("locking {}", path.display()))
        }
    }
}
