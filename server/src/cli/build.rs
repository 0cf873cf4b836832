//! `yuanliu build`.

use anyhow::{Context, Result};
use chrono::Utc;
use serde_json::json;
use yuanliu_metadata::{NewRun, RunCounts};
use yuanliu_warehouse::{Build, BuildEvent, BuildReport, Outcome, Selection, TableName};

use super::args::{BuildArgs, Common};
use crate::exit::{self, UsageError};
use crate::freshness;
use crate::hub::Hub;
use crate::live::LiveRun;
use crate::models::Models;
use crate::output::{Format, batch_json};
use crate::progress;

/// Findings of an audit shown without being asked for.
const SAMPLE_SHOWN: usize = 3;

pub(super) async fn run(common: &Common, args: BuildArgs) -> Result<u8> {
    let hub = Hub::open_for_writing(common).await?;
    let report = build(&hub, common.is_quiet(), &args).await?;
    if common.format == Format::Json {
        common.json_output().write_json(&as_json(&hub, &report))?;
    } else {
        let header = ["model", "outcome", "partitions", "rebuilt", "changed", "rows", "ms"];
        let rows = report.models.iter().map(|model| {
            vec![
                model.name.to_string(),
                outcome(model.outcome).to_owned(),
                model.partitions_total.to_string(),
                model.partitions_rebuilt.to_string(),
                model.partitions_changed.to_string(),
                model.rows.to_string(),
                model.elapsed_ms.to_string(),
            ]
        });
        common.write_texts(&header, rows).await?;
        tell_findings(&hub, &report);
    }
    Ok(if report.is_clean() { exit::DONE } else { exit::PROBLEMS })
}

/// Brings the models up to date and notes it in the ledger.
pub(crate) async fn build(hub: &Hub, is_quiet: bool, args: &BuildArgs) -> Result<BuildReport> {
    let models = Models::load(hub)?;
    let began = Utc::now();
    let build = Build {
        lake: hub.lake.clone(),
        graph: models.graph.clone(),
        sources: models.sources.clone(),
        now: began,
        as_of: None,
        selection: selection(&models, &args.model)?,
    };
    let run_id = uuid::Uuid::now_v7().to_string();
    let run = NewRun {
        run_id: &run_id,
        kind: "build",
        system: "warehouse",
        stream: "models",
        trigger: args.cause.trigger,
        job: args.cause.job.as_deref(),
    };
    hub.metadata.note_run_begin(&run, Utc::now()).await?;
    let bar = progress::bar("build", 1, false, is_quiet);
    let told = bar.clone();
    let running = LiveRun {
        run_id: run_id.clone(),
        kind: "build",
        system: "warehouse".to_owned(),
        stream: "models".to_owned(),
        rows: 0,
        phase: String::new(),
        has_ended: false,
    };
    hub.live.tell(running.clone());
    let (live, at) = (hub.live.clone(), running.clone());
    let mut tell = move |event: BuildEvent<'_>| {
        if let BuildEvent::Started { name, place, of } = event {
            told.set_length(of as u64);
            told.set_position(place as u64);
            told.set_message(name.to_string());
            live.tell(LiveRun { rows: place as u64, phase: name.to_string(), ..at.clone() });
        }
    };
    let result = build.run(&mut tell).await;
    bar.finish_with_message("");
    let rebuilt = |report: &BuildReport| {
        report.models.iter().filter(|model| model.outcome == Outcome::Rebuilt).count() as u64
    };
    let (outcome, counts, message) = match &result {
        Ok(report) => {
            let all = report.models.len() as u64;
            let rebuilt = rebuilt(report);
            let counts =
                RunCounts { read: all, loaded: rebuilt, unchanged: all - rebuilt, rejected: 0 };
            let findings: u64 = report.audits.iter().map(|audit| audit.rows).sum();
            let outcome = if report.is_clean() { "green" } else { "yellow" };
            (outcome, counts, format!("{rebuilt} model(s) rebuilt, {findings} finding(s)"))
        }
        Err(error) => ("red", RunCounts::default(), error.to_string()),
    };
    hub.metadata.end_run(&run_id, outcome, counts, Some(&message), Utc::now()).await?;
    hub.live.tell(LiveRun { rows: counts.read, has_ended: true, ..running });
    let built = result?;
    hub.metrics.built((Utc::now() - began).to_std().unwrap_or_default());
    if args.model.is_empty() {
        freshness::note(hub, &models, began).await.context("noting how far reports reach")?;
    }
    Ok(built)
}

fn selection(models: &Models, wanted: &[String]) -> Result<Selection> {
    if wanted.is_empty() {
        return Ok(Selection::All);
    }
    let mut names = Vec::new();
    for text in wanted {
        let name: TableName = text.parse()?;
        if models.graph.model(&name).is_none() {
            return Err(UsageError(format!("there is no model `{text}`")).into());
        }
        names.push(name);
    }
    Ok(Selection::Models(names))
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Unchanged => "unchanged",
        Outcome::Rebuilt => "rebuilt",
    }
}

fn tell_findings(hub: &Hub, report: &BuildReport) {
    for audit in report.audits.iter().filter(|audit| audit.rows > 0) {
        eprintln!("audit {}: {} row(s)", audit.name, audit.rows);
        if let Some(sample) = &audit.sample {
            for row in batch_json(sample, hub.config.hub.time_zone).iter().take(SAMPLE_SHOWN) {
                eprintln!("  {row}");
            }
        }
    }
}

fn as_json(hub: &Hub, report: &BuildReport) -> serde_json::Value {
    let models: Vec<_> = report
        .models
        .iter()
        .map(|model| {
            json!({
                "name": model.name.to_string(),
                "outcome": outcome(model.outcome),
                "partitions_total": model.partitions_total,
                "partitions_rebuilt": model.partitions_rebuilt,
                "partitions_changed": model.partitions_changed,
                "rows": model.rows,
                "elapsed_ms": model.elapsed_ms,
            })
        })
        .collect();
    let audits: Vec<_> = report
        .audits
        .iter()
        .map(|audit| {
            let zone = hub.config.hub.time_zone;
            let sample = audit.sample.as_ref().map(|s| batch_json(s, zone)).unwrap_or_default();
            json!({"name": audit.name.to_string(), "rows": audit.rows, "sample": sample})
        })
        .collect();
    json!({"models": models, "audits": audits})
}
