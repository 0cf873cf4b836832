//! `yuanliu sync`.

use anyhow::Result;
use chrono::{NaiveDate, NaiveTime, TimeDelta, Utc};
use yuanliu_contract::{Feeds, ReadRange, StreamSpec, System};
use yuanliu_engine::{DriftPolicy, Progress, RunOptions, RunOutcome, RunReport, StreamRun};
use yuanliu_metadata::{NewRun, RunCounts};
use yuanliu_scans::Receipt;

use super::args::{Common, SyncArgs};
use super::feed::feed;
use super::systems::{chosen, require_stream};
use crate::adapters::{LakeTables, MetadataRejects, SystemClock};
use crate::config::SystemConfig;
use crate::drift::{self, Drift};
use crate::exit;
use crate::hub::{Hub, open_system};
use crate::ledger::Ledger;
use crate::live::{Cause, Live, LiveRun};
use crate::output::Format;
use crate::progress;
use crate::reread;

pub(super) async fn run(common: &Common, args: SyncArgs) -> Result<u8> {
    let hub = Hub::open_for_writing(common).await?;
    let (reports, code) = sync(&hub, None, common.is_quiet(), &args).await?;
    if common.format == Format::Json {
        common.json_output().write_json(&serde_json::to_value(&reports)?)?;
    } else {
        common.write_texts(&HEADER, reports.iter().map(row)).await?;
    }
    Ok(code)
}

const HEADER: [&str; 9] = [
    "system",
    "stream",
    "outcome",
    "read",
    "loaded",
    "unchanged",
    "rejected",
    "deleted",
    "message",
];

fn row(report: &RunReport) -> Vec<String> {
    vec![
        report.system.clone(),
        report.stream.clone(),
        format!("{:?}", report.outcome).to_lowercase(),
        report.read.to_string(),
        report.loaded.to_string(),
        report.unchanged.to_string(),
        report.rejected.to_string(),
        report.deleted.to_string(),
        report.message.clone().unwrap_or_default(),
    ]
}

/// Reads the chosen streams one after another; a failure of one does not stop the others.
///
/// Scan events go to the ledger that is open; without one it is opened when there are any.
pub(crate) async fn sync(
    hub: &Hub,
    ledger: Option<&Ledger>,
    is_quiet: bool,
    args: &SyncArgs,
) -> Result<(Vec<RunReport>, u8)> {
    let syncing = Syncing { hub, ledger, is_quiet, cause: &args.cause };
    let mut reports = Vec::new();
    let mut code = exit::DONE;
    for system in chosen(&hub.config, args.system.as_deref())? {
        let opened = open_system(system)?;
        for stream in &args.stream {
            require_stream(&*opened, &system.name, stream)?;
        }
        let wanted = |spec: &StreamSpec| {
            (args.stream.is_empty() || args.stream.contains(&spec.name))
                && (system.sync.streams.is_empty() || system.sync.streams.contains(&spec.name))
        };
        let drift = watch_drift(hub, system, &*opened).await?;
        for spec in opened.streams().into_iter().filter(wanted) {
            let is_broken =
                drift.get(&spec.name).is_some_and(|found| found.iter().any(|c| c.is_breaking()));
            let policy = system.sync.on_drift(&spec.name);
            let task = match policy {
                DriftPolicy::Freeze if is_broken => Task::Hold(drifted(&drift, &spec.name)),
                // Keys of another meaning must not mark rows as deleted.
                DriftPolicy::Quarantine if is_broken && args.deletes => {
                    Task::Hold(drifted(&drift, &spec.name))
                }
                DriftPolicy::Quarantine if is_broken => {
                    let why = drifted(&drift, &spec.name);
                    Task::SetAside(options(hub, system, args), why)
                }
                _ if args.deletes => Task::Deletes { forced: args.force },
                _ => {
                    let options = options(hub, system, args);
                    let full = options.full
                        || (!options.is_backfill()
                            && reread::is_owed(&hub.metadata, &system.name, &spec.name).await?);
                    Task::Read(RunOptions { full, ..options })
                }
            };
            let (report, failed) =
                syncing.stream(system, opened.clone(), spec.clone(), task).await?;
            code = code.max(failed);
            let is_short = report.missing > 0;
            reports.push(report);
            if is_short {
                // Positions do not reach rows that came back as they were.
                let task = Task::Read(RunOptions { full: true, ..options(hub, system, args) });
                let (report, failed) = syncing.stream(system, opened.clone(), spec, task).await?;
                code = code.max(failed);
                reports.push(report);
            }
        }
    }
    Ok((reports, code))
}

/// What changed in the system's objects: looked at anew where a stream is to be held back for it, and
/// the first time, so that later changes have something to be compared with.
async fn watch_drift(hub: &Hub, system: &SystemConfig, opened: &dyn System) -> Result<Drift> {
    let is_known = !hub.metadata.shapes(&system.name).await?.is_empty();
    if is_known && !system.sync.watches_drift() {
        return Ok(Drift::new());
    }
    match drift::look(&hub.metadata, &system.name, opened).await {
        Ok(drift) => Ok(drift),
        // The streams say themselves what is wrong with the system; what was seen last still counts.
        Err(error) => {
            tracing::warn!(system = system.name, "{}", exit::chain(&error));
            drift::known_drift(&hub.metadata, &system.name).await
        }
    }
}

/// Which fields of a stream changed, for a person.
fn drifted(drift: &Drift, stream: &str) -> String {
    let changes = drift.get(stream).into_iter().flatten().filter(|change| change.is_breaking());
    let fields: Vec<_> =
        changes.map(|change| format!("{} {}", change.field, change.change.as_str())).collect();
    format!(
        "the system changed: {}; see `yuanliu systems drift`, correct catalogue and models, then \
         `yuanliu systems drift --accept`",
        fields.join(", ")
    )
}

fn options(hub: &Hub, system: &SystemConfig, args: &SyncArgs) -> RunOptions {
    let zone = hub.config.hub.time_zone;
    let midnight = |date: NaiveDate| {
        let start = date.and_time(NaiveTime::MIN).and_local_timezone(zone).earliest();
        start.map(|start| start.with_timezone(&Utc))
    };
    RunOptions {
        full: args.full,
        range: ReadRange {
            changed_from: args.from.and_then(midnight),
            changed_to: args.to.and_then(|to| midnight(to + TimeDelta::days(1))),
            look_back: system.sync.look_back,
            safety_lag: system.sync.safety_lag,
            keys_only: false,
        },
        ..RunOptions::default()
    }
}

/// What to do with one stream.
enum Task {
    Read(RunOptions),
    Deletes {
        forced: bool,
    },
    /// Read where no model looks, and why.
    SetAside(RunOptions, String),
    /// Nothing, and why.
    Hold(String),
}

/// What all streams of one call share.
struct Syncing<'a> {
    hub: &'a Hub,
    ledger: Option<&'a Ledger>,
    is_quiet: bool,
    cause: &'a Cause,
}

impl Syncing<'_> {
    async fn stream(
        &self,
        system: &SystemConfig,
        opened: std::sync::Arc<dyn yuanliu_contract::System>,
        spec: StreamSpec,
        task: Task,
    ) -> Result<(RunReport, u8)> {
        let Self { hub, ledger, is_quiet, cause } = *self;
        let run_id = uuid::Uuid::now_v7().to_string();
        let metadata = &hub.metadata;
        let kind = match task {
            Task::Read(RunOptions { full: true, .. }) => reread::KIND,
            Task::Read(_) => "sync",
            Task::Deletes { .. } => "deletes",
            Task::SetAside(..) => "quarantine",
            Task::Hold(_) => "held",
        };
        let begun = NewRun {
            run_id: &run_id,
            kind,
            system: &system.name,
            stream: &spec.name,
            trigger: cause.trigger,
            job: cause.job.as_deref(),
        };
        metadata.note_run_begin(&begun, Utc::now()).await?;
        let tables = LakeTables(&hub.lake);
        let rejects = MetadataRejects(metadata);
        let run = StreamRun {
            run_id: &run_id,
            system_name: &system.name,
            system: opened,
            spec,
            tables: &tables,
            rejects: &rejects,
            clock: std::sync::Arc::new(SystemClock),
        };
        let told = LiveRun {
            run_id: run_id.clone(),
            kind,
            system: system.name.clone(),
            stream: run.spec.name.clone(),
            rows: 0,
            phase: "read".to_owned(),
            has_ended: false,
        };
        hub.live.tell(told.clone());
        let bar = Bar {
            bar: progress::spinner(&run.table(), is_quiet),
            live: hub.live.clone(),
            told: told.clone(),
        };
        let (mut report, error) = match task {
            Task::Read(options) => run.run(&options, &bar).await,
            Task::Deletes { forced } => run.reconcile(forced, &bar).await,
            Task::SetAside(options, why) => {
                let options = RunOptions { quarantine: true, ..options };
                let (report, error) = run.run(&options, &bar).await;
                (
                    report.with_remark(&format!("set aside in {}: {why}", run.quarantine_table())),
                    error,
                )
            }
            Task::Hold(why) => (RunReport::held(&system.name, &run.spec.name, why), None),
        };
        bar.bar.finish_with_message(counts(&report));
        let counts = RunCounts {
            read: report.read,
            loaded: report.loaded,
            unchanged: report.unchanged,
            rejected: report.rejected,
        };
        for (outcome, rows) in [
            ("loaded", report.loaded),
            ("unchanged", report.unchanged),
            ("rejected", report.rejected),
        ] {
            hub.metrics.sync_rows(&system.name, &report.stream, outcome, rows);
        }
        let outcome = format!("{:?}", report.outcome).to_lowercase();
        metadata.end_run(&run_id, &outcome, counts, report.message.as_deref(), Utc::now()).await?;
        hub.live.tell(LiveRun { rows: report.read, has_ended: true, ..told });
        let mut code = match (&error, report.outcome) {
            (Some(yuanliu_engine::run::RunError::System(error)), _) => exit::of_kind(error.kind),
            (None, RunOutcome::Green) => exit::DONE,
            _ => exit::PROBLEMS,
        };
        if run.spec.feeds == Feeds::ScanEvents {
            let (message, problems) = feed_scans(hub, ledger, &run.table(), is_quiet).await;
            let messages = report.message.take().into_iter().chain(message);
            report.message = messages.reduce(|all, more| format!("{all}; {more}"));
            if problems {
                code = code.max(exit::PROBLEMS);
            }
        }
        Ok((report, code))
    }
}

/// Takes what landed as scan events; says what came of it and whether a person should look.
async fn feed_scans(
    hub: &Hub,
    ledger: Option<&Ledger>,
    table: &str,
    is_quiet: bool,
) -> (Option<String>, bool) {
    match feed(hub, ledger, table, is_quiet).await {
        Ok(None) => (None, false),
        Ok(Some(receipt)) => {
            let Receipt { accepted, duplicate, rejected, collisions, .. } = receipt;
            let said = format!(
                "scan events: accepted {accepted} duplicate {duplicate} rejected {rejected} \
                 collisions {collisions}"
            );
            (Some(said), rejected + collisions > 0)
        }
        Err(error) => (Some(exit::chain(&error)), true),
    }
}

struct Bar {
    bar: indicatif::ProgressBar,
    live: Live,
    told: LiveRun,
}

impl Progress for Bar {
    fn advanced(&self, report: &RunReport) {
        self.bar.set_message(counts(report));
        self.live.tell(LiveRun { rows: report.read, ..self.told.clone() });
    }
}

fn counts(report: &RunReport) -> String {
    format!(
        "read {} loaded {} unchanged {} rejected {}",
        report.read, report.loaded, report.unchanged, report.rejected
    )
}
