//! Jobs over the API.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use yuanliu_access::Principal;
use yuanliu_api::ports::{Answer, Job, Jobs, MissedRuns, Overlap, Page, PageAsked, PortError, Run};
use yuanliu_schedule::{AskError, JobKind, JobRun, JobSpec, JobView, Missed, Trigger};

use super::Desk;
use super::answer::failed;
use super::runs::outcome;

#[async_trait]
impl Jobs for Desk {
    async fn jobs(&self, _who: &Principal) -> Answer<Vec<Job>> {
        let views = self.0.jobs.views().await.map_err(|error| failed(error.into()))?;
        let mut jobs = Vec::new();
        for view in views {
            jobs.push(self.job(view).await?);
        }
        Ok(jobs)
    }

    async fn run_now(&self, who: &Principal, job: &str) -> Answer<Run> {
        let queued = self.0.jobs.run_now(job, &who.login).await.map_err(refused)?;
        let spec = self.spec(job).await?;
        Ok(run(queued, spec.as_deref()))
    }

    async fn set_paused(&self, _who: &Principal, job: &str, paused: bool) -> Answer<Job> {
        let done =
            if paused { self.0.jobs.pause(job).await } else { self.0.jobs.resume(job).await };
        done.map_err(refused)?;
        let views = self.0.jobs.views().await.map_err(|error| failed(error.into()))?;
        match views.into_iter().find(|view| view.spec.name == job) {
            Some(view) => self.job(view).await,
            None => Err(PortError::NotFound(format!("there is no job {job}"))),
        }
    }

    async fn runs(&self, _who: &Principal, job: &str, page: &PageAsked) -> Answer<Page<Run>> {
        let rows = page.limit.saturating_add(1);
        let found = self.0.jobs.history(job, page.after.as_deref(), rows).await;
        let mut found = found.map_err(refused)?;
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
        let has_more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| has_more).map(|run| run.run_id.clone());
        let spec = self.spec(job).await?;
        let items = found.into_iter().map(|one| run(one, spec.as_deref())).collect();
        Ok(Page { items, next })
    }
}

impl Desk {
    async fn spec(&self, job: &str) -> Answer<Option<Arc<JobSpec>>> {
        let views = self.0.jobs.views().await.map_err(|error| failed(error.into()))?;
        Ok(views.into_iter().map(|view| view.spec).find(|spec| spec.name == job))
    }

    async fn job(&self, view: JobView) -> Answer<Job> {
        let JobView { spec, state, next_due, .. } = view;
        let last = self.0.jobs.history(&spec.name, None, 1).await;
        let last = last.map_err(|error| failed(error.into()))?.into_iter().next();
        Ok(Job {
            name: spec.name.clone(),
            kind: spec.kind.as_str().to_owned(),
            system: spec.kind.system().map(str::to_owned),
            schedule: spec.timetable.as_ref().map(|table| table.expression().to_owned()),
            time_zone: spec.time_zone.name().to_owned(),
            missed: match spec.missed {
                Missed::All => MissedRuns::All,
                Missed::Last => MissedRuns::Last,
                Missed::None => MissedRuns::None,
            },
            overlap: match spec.overlap {
                yuanliu_schedule::Overlap::Skip => Overlap::Skip,
                yuanliu_schedule::Overlap::Queue => Overlap::Queue,
                yuanliu_schedule::Overlap::Forbid => Overlap::Forbid,
            },
            after: spec.after.clone(),
            paused: state.is_some_and(|state| state.is_paused),
            next_due,
            last: last.map(|last| run(last, Some(&spec))),
        })
    }

    /// When each system is read next.
    pub(super) async fn next_syncs(&self) -> Answer<BTreeMap<String, DateTime<Utc>>> {
        let views = self.0.jobs.views().await.map_err(|error| failed(error.into()))?;
        let mut next = BTreeMap::new();
        for view in views {
            if let (Some(system), Some(due)) = (view.spec.kind.system(), view.next_due) {
                let known = next.entry(system.to_owned()).or_insert(due);
                *known = due.min(*known);
            }
        }
        Ok(next)
    }
}

fn refused(error: AskError) -> PortError {
    match error {
        AskError::NoSuchJob { .. } => PortError::NotFound(error.to_string()),
        AskError::Store(error) => failed(error.into()),
    }
}

/// A run of a job as the API tells it, as far as the job is still there.
fn run(run: JobRun, spec: Option<&JobSpec>) -> Run {
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let kind = spec.map(|spec| &spec.kind);
    let stream = match kind {
        Some(JobKind::Sync { stream, .. }) => stream.clone(),
        _ => None,
    };
    Run {
        run_id: run.run_id,
        kind: kind.map_or("job", JobKind::as_str).to_owned(),
        system: kind.and_then(JobKind::system).unwrap_or_default().to_owned(),
        stream: stream.unwrap_or_default(),
        started_at: run.started_at.unwrap_or(run.queued_at),
        ended_at: run.ended_at,
        outcome: outcome(run.outcome.as_str()),
        read: count(run.counts.read),
        loaded: count(run.counts.loaded),
        unchanged: count(run.counts.unchanged),
        rejected: count(run.counts.rejected),
        message: run.message,
        trigger: trigger(run.trigger).to_owned(),
        job: Some(run.job),
    }
}

/// Why a run began, in the words of the API.
pub(crate) fn trigger(trigger: Trigger) -> &'static str {
    match trigger {
        Trigger::Schedule | Trigger::Missed => "schedule",
        Trigger::After => "dependency",
        Trigger::Manual => "person",
    }
}
