//! What the scheduler needs of the world: a clock, a store, leases, and somebody who does the work.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use crate::budget::CallBudgets;
use crate::freshness::ReportTimes;
use crate::job::JobSpec;
use crate::run::{JobCounts, JobRun, JobState, Outcome, Trigger};
use crate::signal::Signal;

/// Now, and waiting for a time.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The current instant.
    fn now(&self) -> DateTime<Utc>;

    /// Returns when this clock shows `until` or later.
    async fn sleep_until(&self, until: DateTime<Utc>);
}

/// The store could not do something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else took the lease since; whoever gets this must stop what it does for the job.
    #[error("the lease of {name} was taken by another process")]
    Fenced {
        /// What the lease is for.
        name: String,
    },
    /// There is no such run, or it is not in the state that was asked for.
    #[error("run {run_id} is not {wanted}")]
    NoSuchRun {
        /// The run.
        run_id: String,
        /// What it should have been.
        wanted: &'static str,
    },
    /// The store did not answer.
    #[error("{action} in the job store")]
    Failed {
        /// What was being done.
        action: &'static str,
        /// The error below.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// The right to decide on a job and to run it, for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// What it is for: the job's name.
    pub name: String,
    /// Who holds it.
    pub owner: String,
    /// Greater than that of every earlier lease of this name.
    pub fence: u64,
    /// It may be taken by others from then on.
    pub expires_at: DateTime<Utc>,
}

/// Leases that all processes share.
#[async_trait]
pub trait Leases: Send + Sync {
    /// Takes the lease of `name` if nobody else holds one at `now`, with a fence greater than every one
    /// before. Whoever asks under the name of the present owner gets it at once: its earlier self is gone.
    async fn acquire(
        &self,
        name: &str,
        owner: &str,
        now: DateTime<Utc>,
        ttl: Duration,
    ) -> Result<Option<Lease>, StoreError>;

    /// Extends a lease to `now + ttl`; false if its fence is no longer the latest of its name.
    async fn renew(
        &self,
        lease: &Lease,
        now: DateTime<Utc>,
        ttl: Duration,
    ) -> Result<bool, StoreError>;

    /// Gives a lease back; nothing if it was taken since. The fence is remembered.
    async fn release(&self, lease: &Lease) -> Result<(), StoreError>;
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunEnd {
    /// When.
    pub at: DateTime<Utc>,
    /// One that is not open.
    pub outcome: Outcome,
    /// What it moved.
    pub counts: JobCounts,
    /// What a person should know, English.
    pub message: Option<String>,
    /// The same, Chinese.
    pub message_zh: Option<String>,
}

/// Where states and history are kept. Each call is one transaction. Calls that take a lease fail with
/// [`StoreError::Fenced`] and change nothing if a lease of the same name with a greater fence was given.
#[async_trait]
pub trait JobStore: Send + Sync {
    /// The states of all jobs that were ever admitted, paused or asked for.
    async fn states(&self) -> Result<Vec<JobState>, StoreError>;

    /// The state of one.
    async fn state(&self, job: &str) -> Result<Option<JobState>, StoreError>;

    /// Notes that due times up to `decided_until` are decided, and the runs that came of it, queued or
    /// passed over, in their order. A run whose job has one of the same `due_at` is left out.
    async fn admit(
        &self,
        lease: &Lease,
        decided_until: DateTime<Utc>,
        runs: &[JobRun],
    ) -> Result<(), StoreError>;

    /// Notes that a queued run begins.
    async fn begin(&self, lease: &Lease, run_id: &str, at: DateTime<Utc>)
    -> Result<(), StoreError>;

    /// Notes how a queued or running run ended.
    async fn end(&self, lease: &Lease, run_id: &str, end: &RunEnd) -> Result<(), StoreError>;

    /// Queues a run that a person asked for, without a lease. If one that a person asked for is queued
    /// already, that one is given back. `decided_until` of a job not known yet is `queued_at`.
    async fn ask(&self, run: &JobRun) -> Result<JobRun, StoreError>;

    /// Pauses or resumes a job. Due times of the pause are never made up for: resuming sets
    /// `decided_until` to `at` if it is earlier, as pausing does for a job not known yet.
    async fn pause(&self, job: &str, is_paused: bool, at: DateTime<Utc>) -> Result<(), StoreError>;

    /// A job's history, newest first: at most `rows_max` runs admitted before the run `before`.
    async fn history(
        &self,
        job: &str,
        before: Option<&str>,
        rows_max: u32,
    ) -> Result<Vec<JobRun>, StoreError>;
}

/// What is to be done, as the work gets it.
#[derive(Debug, Clone)]
pub struct Order {
    /// The run's name in the history.
    pub run_id: String,
    /// The job.
    pub job: Arc<JobSpec>,
    /// Why it runs.
    pub trigger: Trigger,
    /// The due time it stands for.
    pub due_at: Option<DateTime<Utc>>,
    /// Calls a minute by account and time of day.
    pub budgets: Arc<CallBudgets>,
    /// Greater than that of every earlier run of this job; whatever the work writes elsewhere can be
    /// guarded by it.
    pub fence: u64,
}

/// What came of the work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkReport {
    /// Green, yellow or red; anything else is taken as red.
    pub outcome: Outcome,
    /// What it moved.
    pub counts: JobCounts,
    /// What a person should know, English.
    pub message: Option<String>,
    /// The same, Chinese.
    pub message_zh: Option<String>,
}

/// Does what a job says.
#[async_trait]
pub trait Work: Send + Sync {
    /// Does it, once. When `stop` is cancelled it ends as soon as it can leave things whole; some time
    /// later it is dropped wherever it is. It does not repeat what failed.
    async fn run(&self, order: Order, stop: CancellationToken) -> WorkReport;
}

/// Takes what people should be told.
#[async_trait]
pub trait SignalSink: Send + Sync {
    /// Takes one; signals of the same key are about the same thing.
    async fn raise(&self, signal: Signal);
}

/// Knows how old the data behind reports is.
#[async_trait]
pub trait ReportAges: Send + Sync {
    /// The times of every report that may be late.
    async fn times(&self) -> Result<Vec<ReportTimes>, StoreError>;
}
