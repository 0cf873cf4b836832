//! States and history of jobs, each call in one transaction.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use yuanliu_schedule::{JobRun, JobState, JobStore, Lease, RunEnd, StoreError};

use super::failed;
use super::row::{INSERT, JobRow, columns, row};
use crate::error::Cause;
use crate::store::value::{exact, values};
use crate::store::{Metadata, Work};

/// Whether a call under a lease did what it was to do.
enum Done {
    Yes,
    Fenced,
    NoSuchRun,
}

#[async_trait]
impl JobStore for Metadata {
    async fn states(&self) -> Result<Vec<JobState>, StoreError> {
        let action = "reading the states of all jobs";
        self.within(action, self.job_states(None)).await.map_err(failed(action))
    }

    async fn state(&self, job: &str) -> Result<Option<JobState>, StoreError> {
        let action = "reading the state of a job";
        let states = self.within(format!("{action}: {job}"), self.job_states(Some(job))).await;
        states.map(|mut states| states.pop()).map_err(failed(action))
    }

    async fn admit(
        &self,
        lease: &Lease,
        decided_until: DateTime<Utc>,
        runs: &[JobRun],
    ) -> Result<(), StoreError> {
        let action = "admitting runs of a job";
        let done = self.within(format!("{action}: {}", lease.name), async {
            let mut work = self.begin_work().await?;
            if !work.is_latest(lease).await? {
                return Ok(Done::Fenced);
            }
            work.execute(
                "insert into job_state (job, decided_until) values ($1, $2) \
                 on conflict (job) do update set decided_until = excluded.decided_until \
                 where job_state.decided_until < excluded.decided_until",
                values![&lease.name, exact(decided_until)],
            )
            .await?;
            for run in runs {
                work.execute(INSERT, row(run)).await?;
            }
            work.commit().await?;
            Ok(Done::Yes)
        });
        told(done.await.map_err(failed(action))?, lease, "", "")
    }

    async fn begin(
        &self,
        lease: &Lease,
        run_id: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let action = "noting the start of a job's run";
        let done = self.within(format!("{action}: {run_id} of {}", lease.name), async {
            let begun = "update job_run set outcome = 'running', started_at = $3, holder = $4, \
                         fence = $5 where run_id = $1 and job = $2 and outcome = 'queued'";
            let values = values![run_id, &lease.name, exact(at), &lease.owner, lease.fence];
            let mut work = self.begin_work().await?;
            if !work.is_latest(lease).await? {
                return Ok(Done::Fenced);
            }
            settle(work, begun, values).await
        });
        told(done.await.map_err(failed(action))?, lease, run_id, "queued")
    }

    async fn end(&self, lease: &Lease, run_id: &str, end: &RunEnd) -> Result<(), StoreError> {
        let action = "noting the end of a job's run";
        let done = self.within(format!("{action}: {run_id} of {}", lease.name), async {
            let ended = "update job_run set ended_at = $3, outcome = $4, read = $5, loaded = $6, \
                         unchanged = $7, rejected = $8, message = $9, message_zh = $10 \
                         where run_id = $1 and job = $2 and outcome in ('queued', 'running')";
            let values = values![
                run_id,
                &lease.name,
                exact(end.at),
                end.outcome.as_str(),
                end.counts.read,
                end.counts.loaded,
                end.counts.unchanged,
                end.counts.rejected,
                &end.message,
                &end.message_zh,
            ];
            let mut work = self.begin_work().await?;
            if !work.is_latest(lease).await? {
                return Ok(Done::Fenced);
            }
            settle(work, ended, values).await
        });
        told(done.await.map_err(failed(action))?, lease, run_id, "queued or running")
    }

    async fn ask(&self, run: &JobRun) -> Result<JobRun, StoreError> {
        let action = "queueing a run that was asked for";
        self.within(format!("{action}: {}", run.job), async {
            let mut work = self.begin_work().await?;
            note_job(&mut work, &run.job, run.queued_at).await?;
            work.execute(INSERT, row(run)).await?;
            // Either ours, or the one that was waiting already.
            let waiting: Option<JobRow> = work
                .row(
                    concat!(
                        "select ",
                        columns!(),
                        " from job_run where job = $1 and outcome = 'queued' and trigger = 'manual'"
                    ),
                    values![&run.job],
                )
                .await?;
            work.commit().await?;
            match waiting {
                Some(waiting) => waiting.run(),
                None => Ok(run.clone()),
            }
        })
        .await
        .map_err(failed(action))
    }

    async fn pause(&self, job: &str, is_paused: bool, at: DateTime<Utc>) -> Result<(), StoreError> {
        let action = if is_paused { "pausing a job" } else { "resuming a job" };
        self.within(format!("{action}: {job}"), async {
            let mut work = self.begin_work().await?;
            note_job(&mut work, job, at).await?;
            let sql = if is_paused {
                "update job_state set paused_at = $2 where job = $1 and paused_at is null"
            } else {
                "update job_state set paused_at = null, decided_until = case \
                 when decided_until < $2 then $2 else decided_until end \
                 where job = $1 and paused_at is not null"
            };
            work.execute(sql, values![job, exact(at)]).await?;
            work.commit().await
        })
        .await
        .map_err(failed(action))
    }

    async fn history(
        &self,
        job: &str,
        before: Option<&str>,
        rows_max: u32,
    ) -> Result<Vec<JobRun>, StoreError> {
        let action = "reading the history of a job";
        self.all(
            format!("{action}: {job}"),
            concat!(
                "select ",
                columns!(),
                " from job_run where job = $1 and admission < coalesce((select admission \
                 from job_run where run_id = $2), 9223372036854775807) \
                 order by admission desc limit $3"
            ),
            values![job, before, rows_max],
            JobRow::run,
        )
        .await
        .map_err(failed(action))
    }
}

/// Runs the one statement that settles it.
async fn settle(
    mut work: Work,
    sql: &'static str,
    values: Vec<crate::store::value::Value>,
) -> Result<Done, Cause> {
    if work.execute(sql, values).await? != 1 {
        return Ok(Done::NoSuchRun);
    }
    work.commit().await?;
    Ok(Done::Yes)
}

/// Notes a job that is not known yet.
async fn note_job(work: &mut Work, job: &str, at: DateTime<Utc>) -> Result<(), Cause> {
    let sql = "insert into job_state (job, decided_until) values ($1, $2) on conflict do nothing";
    work.execute(sql, values![job, exact(at)]).await.map(|_| ())
}

fn told(done: Done, lease: &Lease, run_id: &str, wanted: &'static str) -> Result<(), StoreError> {
    match done {
        Done::Yes => Ok(()),
        Done::Fenced => Err(StoreError::Fenced { name: lease.name.clone() }),
        Done::NoSuchRun => Err(StoreError::NoSuchRun { run_id: run_id.to_owned(), wanted }),
    }
}
