//! What is kept of a job between runs.

use std::collections::BTreeMap;

use sqlx::FromRow;
use yuanliu_schedule::{JobRun, JobState};

use super::row::{JobRow, columns};
use crate::error::Cause;
use crate::store::value::{time, values};
use crate::store::{Metadata, Work};

#[derive(FromRow)]
struct StateRow {
    job: String,
    paused_at: Option<String>,
    decided_until: String,
}

impl Metadata {
    /// The states of one job or of all, as they are in one instant.
    pub(super) async fn job_states(&self, job: Option<&str>) -> Result<Vec<JobState>, Cause> {
        let mut work = self.begin_snapshot().await?;
        let states: Vec<StateRow> = work
            .rows(
                "select job, paused_at, decided_until from job_state \
                 where ($1 is null or job = $1) order by job",
                values![job],
            )
            .await?;
        let mut open = runs(
            &mut work,
            concat!(
                "select ",
                columns!(),
                " from job_run where outcome in ('queued', 'running') \
                 and ($1 is null or job = $1) order by admission"
            ),
            job,
        )
        .await?;
        let mut last = runs(
            &mut work,
            concat!(
                "select ",
                columns!(),
                " from job_run where admission in (select (select admission from job_run \
                 where job = job_state.job and started_at is not null and ended_at is not null \
                 order by ended_at desc, admission desc limit 1) from job_state \
                 where ($1 is null or job = $1))"
            ),
            job,
        )
        .await?;
        let state = |row: StateRow| {
            Ok(JobState {
                is_paused: row.paused_at.is_some(),
                decided_until: time(&row.decided_until)?,
                open: open.remove(&row.job).unwrap_or_default(),
                last: last.remove(&row.job).and_then(|mut runs| runs.pop()),
                job: row.job,
            })
        };
        states.into_iter().map(state).collect()
    }
}

/// Runs by job, each job's in the order of the answer.
async fn runs(
    work: &mut Work,
    sql: &'static str,
    job: Option<&str>,
) -> Result<BTreeMap<String, Vec<JobRun>>, Cause> {
    let rows: Vec<JobRow> = work.rows(sql, values![job]).await?;
    let mut runs: BTreeMap<String, Vec<JobRun>> = BTreeMap::new();
    for row in rows {
        let run = row.run()?;
        runs.entry(run.job.clone()).or_default().push(run);
    }
    Ok(runs)
}
