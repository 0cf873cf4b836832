//! One run of a job as a row.

use sqlx::FromRow;
use yuanliu_schedule::{JobCounts, JobRun, Outcome, Trigger};

use crate::error::Cause;
use crate::store::value::{Value, count, exact, time, time_if_any, values, word};

/// The columns of a [`JobRow`] in their order.
macro_rules! columns {
    () => {
        "run_id, job, trigger, due_at, queued_at, started_at, ended_at, outcome, read, loaded, \
         unchanged, rejected, message, message_zh, asked_by"
    };
}
pub(super) use columns;

#[derive(FromRow)]
pub(super) struct JobRow {
    run_id: String,
    job: String,
    trigger: String,
    due_at: Option<String>,
    queued_at: String,
    started_at: Option<String>,
    ended_at: Option<String>,
    outcome: String,
    read: i64,
    loaded: i64,
    unchanged: i64,
    rejected: i64,
    message: Option<String>,
    message_zh: Option<String>,
    asked_by: Option<String>,
}

impl JobRow {
    pub(super) fn run(self) -> Result<JobRun, Cause> {
        Ok(JobRun {
            trigger: word(&self.trigger, Trigger::parse(&self.trigger))?,
            due_at: time_if_any(self.due_at.as_deref())?,
            queued_at: time(&self.queued_at)?,
            started_at: time_if_any(self.started_at.as_deref())?,
            ended_at: time_if_any(self.ended_at.as_deref())?,
            outcome: word(&self.outcome, Outcome::parse(&self.outcome))?,
            counts: JobCounts {
                read: count(self.read)?,
                loaded: count(self.loaded)?,
                unchanged: count(self.unchanged)?,
                rejected: count(self.rejected)?,
            },
            run_id: self.run_id,
            job: self.job,
            message: self.message,
            message_zh: self.message_zh,
            asked_by: self.asked_by,
        })
    }
}

/// The values of a run in the order of [`columns`].
pub(super) fn row(run: &JobRun) -> Vec<Value> {
    let JobCounts { read, loaded, unchanged, rejected } = run.counts;
    values![
        &run.run_id,
        &run.job,
        run.trigger.as_str(),
        run.due_at.map(exact),
        exact(run.queued_at),
        run.started_at.map(exact),
        run.ended_at.map(exact),
        run.outcome.as_str(),
        read,
        loaded,
        unchanged,
        rejected,
        &run.message,
        &run.message_zh,
        &run.asked_by,
    ]
}

/// Adds a run that may be there already.
pub(super) const INSERT: &str = concat!(
    "insert into job_run (",
    columns!(),
    ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
     on conflict do nothing"
);
