//! What people do with jobs: look, run now, pause, resume, put another file in force.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::{Notify, broadcast, watch};

use crate::after::{Readiness, readiness};
use crate::event::Event;
use crate::file::Jobs;
use crate::job::JobSpec;
use crate::ports::{Clock, JobStore, StoreError};
use crate::run::{JobRun, JobState, Trigger};

/// What could not be done for a person.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// No such job.
    #[error("there is no job `{job}`; there are: {}", known.join(", "))]
    NoSuchJob {
        /// What was asked for.
        job: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A job as a person sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct JobView {
    /// What its file says.
    pub spec: Arc<JobSpec>,
    /// What is kept of it; none: it was never decided on.
    pub state: Option<JobState>,
    /// When it is due next; none while it is paused, switched off, or due by other jobs only.
    pub next_due: Option<DateTime<Utc>>,
    /// What the jobs it comes after say.
    pub readiness: Readiness,
}

/// The jobs in the hands of people; every copy speaks to the same scheduler.
#[derive(Clone)]
pub struct JobDesk {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) store: Arc<dyn JobStore>,
    pub(crate) jobs: watch::Sender<Arc<Jobs>>,
    pub(crate) wake: Arc<Notify>,
    pub(crate) events: broadcast::Sender<Event>,
}

impl JobDesk {
    /// Queues a run for a person. It begins when the present one has ended, whatever the job waits for
    /// and also while it is paused. Asked twice before it begins, it is the same run.
    pub async fn run_now(&self, job: &str, asked_by: &str) -> Result<JobRun, AskError> {
        self.known(job)?;
        let mut run = JobRun::queued(job, Trigger::Manual, None, self.clock.now());
        run.asked_by = Some(asked_by.to_owned());
        let run = self.store.ask(&run).await?;
        self.wake.notify_one();
        Ok(run)
    }

    /// Nothing is due from now on. What runs goes on.
    pub async fn pause(&self, job: &str) -> Result<(), AskError> {
        self.set_paused(job, true).await
    }

    /// It is due again, from now on: due times of the pause are not made up for.
    pub async fn resume(&self, job: &str) -> Result<(), AskError> {
        self.set_paused(job, false).await
    }

    async fn set_paused(&self, job: &str, is_paused: bool) -> Result<(), AskError> {
        self.known(job)?;
        self.store.pause(job, is_paused, self.clock.now()).await?;
        self.wake.notify_one();
        Ok(())
    }

    /// Every job, in the order of the file.
    pub async fn views(&self) -> Result<Vec<JobView>, StoreError> {
        let states = self.store.states().await?;
        let states: BTreeMap<_, _> = states.into_iter().map(|s| (s.job.clone(), s)).collect();
        let (jobs, now) = (self.jobs.borrow().clone(), self.clock.now());
        Ok(jobs.jobs.iter().map(|job| view(job, &states, now)).collect())
    }

    /// A job's runs, newest first, those before `before`.
    pub async fn history(
        &self,
        job: &str,
        before: Option<&str>,
        rows_max: u32,
    ) -> Result<Vec<JobRun>, AskError> {
        self.known(job)?;
        Ok(self.store.history(job, before, rows_max).await?)
    }

    /// Puts other jobs in force. What runs goes on as it began.
    pub fn replace(&self, jobs: Jobs) {
        self.jobs.send_replace(Arc::new(jobs));
        self.wake.notify_one();
    }

    /// The jobs in force.
    pub fn jobs(&self) -> Arc<Jobs> {
        self.jobs.borrow().clone()
    }

    /// What the scheduler does from now on.
    pub fn watch(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    fn known(&self, job: &str) -> Result<(), AskError> {
        let jobs = self.jobs.borrow();
        if jobs.job(job).is_some() {
            return Ok(());
        }
        let known = jobs.jobs.iter().map(|job| job.name.clone()).collect();
        Err(AskError::NoSuchJob { job: job.to_owned(), known })
    }
}

fn view(job: &Arc<JobSpec>, states: &BTreeMap<String, JobState>, now: DateTime<Utc>) -> JobView {
    let state = states.get(&job.name).cloned();
    let is_due = job.is_enabled && !state.as_ref().is_some_and(|state| state.is_paused);
    let timetable = job.timetable.as_ref().filter(|_| is_due);
    JobView {
        next_due: timetable.and_then(|timetable| timetable.next_after(now)),
        readiness: readiness(job, states),
        spec: job.clone(),
        state,
    }
}
