//! What jobs do.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use async_trait::async_trait;
use chrono::{TimeDelta, Utc};
use tokio_util::sync::CancellationToken;
use yuanliu_alerts::AlertDesk;
use yuanliu_engine::{RunOutcome, RunReport};
use yuanliu_schedule::{JobCounts, JobKind, Order, Outcome, ReportJob, Work, WorkReport};

use super::telling::{after_build, after_sync};
use crate::backup::back_up;
use crate::cli::{BuildArgs, SyncArgs, ask_report, build, sync};
use crate::desk::trigger;
use crate::exit;
use crate::http::Service;
use crate::live::Cause;
use crate::output::{Format, Output};

/// Does what jobs say with the hub that serves.
pub(super) struct JobWork {
    pub(super) service: Arc<Service>,
    pub(super) alerts: Arc<AlertDesk>,
}

#[async_trait]
impl Work for JobWork {
    async fn run(&self, order: Order, stop: CancellationToken) -> WorkReport {
        let began = Instant::now();
        // In a box: what a job may do is one deep future, deeper than the compiler follows by itself.
        let done = Box::pin(async {
            match &order.job.kind {
                JobKind::Sync { system, stream } => {
                    Box::pin(self.sync(system, stream.as_deref(), cause(&order))).await
                }
                JobKind::Build { models } => Box::pin(self.build(models, cause(&order))).await,
                JobKind::Maintain => self.maintain().await,
                JobKind::Report(report) => self.report(report).await,
                JobKind::Backup { to } => self.backup(to.as_deref()).await,
            }
        });
        // Whatever is stopped has landed what it said it had; the next run goes on from there.
        let done = tokio::select! {
            done = done => done,
            () = stop.cancelled() => Err(anyhow::anyhow!("the hub ends or the time is up")),
        };
        let done = done
            .unwrap_or_else(|error| told(Outcome::Red, JobCounts::default(), exit::chain(&error)));
        let metrics = &self.service.hub.metrics;
        metrics.job_ended(&order.job.name, done.outcome.as_str(), began.elapsed());
        done
    }
}

impl JobWork {
    async fn sync(&self, system: &str, stream: Option<&str>, cause: Cause) -> Result<WorkReport> {
        let service = &self.service;
        let args = SyncArgs {
            system: Some(system.to_owned()),
            stream: stream.map(str::to_owned).into_iter().collect(),
            cause,
            ..SyncArgs::default()
        };
        let (reports, code) = sync(&service.hub, Some(&service.ledger), true, &args).await?;
        after_sync(service, &self.alerts, system, &reports, code).await;
        let mut counts = JobCounts::default();
        let mut worst = Outcome::Green;
        let mut said = Vec::new();
        for report in &reports {
            counts.read += report.read;
            counts.loaded += report.loaded;
            counts.unchanged += report.unchanged;
            counts.rejected += report.rejected;
            let outcome = outcome(report);
            if outcome != Outcome::Green {
                let why = report.message.as_deref().unwrap_or("look at the run");
                said.push(format!("{}: {why}", report.stream));
            }
            worst = worse(worst, outcome);
        }
        Ok(told(worst, counts, said.join("; ")))
    }

    async fn build(&self, models: &[String], cause: Cause) -> Result<WorkReport> {
        if models.is_empty() {
            self.service.bring_up_to_date(cause).await?;
        } else {
            let args = BuildArgs { model: models.to_vec(), cause };
            build(&self.service.hub, true, &args).await?;
        }
        after_build(&self.service, &self.alerts).await?;
        Ok(told(Outcome::Green, JobCounts::default(), String::new()))
    }

    async fn maintain(&self) -> Result<WorkReport> {
        let hub = &self.service.hub;
        let retention = TimeDelta::hours(hub.config.hub.vacuum_retention_hours);
        let reports = hub.lake.maintain(retention).await?;
        let removed: u64 = reports.iter().map(|report| report.files_deleted as u64).sum();
        let said = format!("{} table(s), {removed} file(s) removed", reports.len());
        Ok(told(Outcome::Green, JobCounts::default(), said))
    }

    async fn backup(&self, to: Option<&str>) -> Result<WorkReport> {
        let service = &self.service;
        service.ledger.land().await?;
        let now = Utc::now();
        let folder = match to {
            Some(folder) => service.folder.join(folder.strip_prefix("folder:").unwrap_or(folder)),
            None => service.hub.config.hub.data.join("backups"),
        };
        let archive = folder.join(format!("yuanliu-{}.zip", now.format("%Y%m%dT%H%M%SZ")));
        let made = back_up(&service.hub, &service.folder, &archive, false, now).await?;
        let rows = made.tables.iter().map(|table| table.rows).sum();
        let counts = JobCounts { read: rows, loaded: rows, ..JobCounts::default() };
        Ok(told(Outcome::Green, counts, format!("{rows} row(s) in {}", archive.display())))
    }

    async fn report(&self, job: &ReportJob) -> Result<WorkReport> {
        let Some(folder) = job.to.strip_prefix("folder:") else {
            bail!("a report goes to folder:PATH, not to {}", job.to);
        };
        let service = &self.service;
        let format = match job.format.as_str() {
            "csv" => Format::Csv,
            "json" => Format::Json,
            _ => Format::Xlsx,
        };
        let folder = service.folder.join(folder);
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("making the folder of reports {}", folder.display()))?;
        let zone = service.hub.config.hub.time_zone;
        let day = Utc::now().with_timezone(&zone).format("%Y-%m-%d");
        let file = folder.join(format!("{}-{day}.{}", job.report, job.format));
        let output = Output { format, file: Some(file.clone()), zone };
        let rows = ask_report(&service.hub, &service.models, &job.report, &job.parameters, &output)
            .await?;
        let counts = JobCounts { read: rows, loaded: rows, ..JobCounts::default() };
        Ok(told(Outcome::Green, counts, format!("{} row(s) in {}", rows, file.display())))
    }
}

fn cause(order: &Order) -> Cause {
    Cause { trigger: Some(trigger(order.trigger)), job: Some(order.job.name.clone()) }
}

fn told(outcome: Outcome, counts: JobCounts, said: String) -> WorkReport {
    let message = Some(said).filter(|said| !said.is_empty());
    WorkReport { outcome, counts, message_zh: message.clone(), message }
}

fn outcome(report: &RunReport) -> Outcome {
    match report.outcome {
        RunOutcome::Green => Outcome::Green,
        RunOutcome::Yellow => Outcome::Yellow,
        RunOutcome::Red => Outcome::Red,
    }
}

fn worse(one: Outcome, other: Outcome) -> Outcome {
    let weight = |outcome| match outcome {
        Outcome::Green => 0,
        Outcome::Yellow => 1,
        _ => 2,
    };
    if weight(other) > weight(one) { other } else { one }
}
