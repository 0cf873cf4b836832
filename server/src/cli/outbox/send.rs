//! `yuanliu outbox send`.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use chrono::Utc;
use clap::Args;
use yuanliu_engine::{OutboxRun, RunOutcome, SendOptions, SendReport};
use yuanliu_metadata::{Metadata, RunCounts};

use super::super::args::Common;
use super::writable;
use crate::adapters::{MetadataOutbox, SystemClock};
use crate::config::{Config, SystemConfig};
use crate::exit::{self, UsageError};
use crate::output::Format;
use crate::writer::open_writer;

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

pub(super) async fn send(
    common: &Common,
    config: &Config,
    metadata: &Metadata,
    args: SendArgs,
) -> Result<u8> {
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
