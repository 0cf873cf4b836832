//! The run ledger.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::FromRow;

use crate::error::MetadataError;
use crate::pages::{Page, PageRequest};
use crate::store::Metadata;
use crate::store::value::{Sql, asked, stamp, time, values};

/// The counts of a run; read = loaded + unchanged + rejected unless it was stopped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RunCounts {
    /// Rows received.
    pub read: u64,
    /// Rows landed.
    pub loaded: u64,
    /// Rows the lake already held.
    pub unchanged: u64,
    /// Rows kept as rejects.
    pub rejected: u64,
}

/// A run that begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewRun<'a> {
    /// Names the run.
    pub run_id: &'a str,
    /// `sync`, `full` (a sync that reads a stream from its beginning), `ingest`, `build`, `send`, …
    pub kind: &'a str,
    /// The system.
    pub system: &'a str,
    /// The stream.
    pub stream: &'a str,
    /// Why it begins: `schedule`, `after`, `manual`, …; none for a command line.
    pub trigger: Option<&'a str>,
    /// The job it belongs to.
    pub job: Option<&'a str>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunEnd<'a> {
    /// `green`, `yellow`, `red` or `interrupted`.
    pub outcome: &'a str,
    /// What became of the rows it read.
    pub counts: RunCounts,
    /// Rows marked deleted because the system no longer has them.
    pub deleted: u64,
    /// Rows the system has and the lake lacked.
    pub missing: u64,
    /// What a person should know.
    pub message: Option<&'a str>,
}

#[derive(FromRow)]
struct LastRead {
    system: String,
    stream: String,
    started_at: String,
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow)]
pub struct RunRecord {
    /// Names the run.
    pub run_id: String,
    /// `sync`, `full` (a sync that reads a stream from its beginning), `ingest`, `build`, `send`, …
    pub kind: String,
    /// The system, or the file's folder for an ingest.
    pub system: String,
    /// The stream, or the file.
    pub stream: String,
    /// When it began, RFC 3339 UTC.
    pub started_at: String,
    /// When it ended, none while it runs.
    pub ended_at: Option<String>,
    /// `running`, `green`, `yellow`, `red` or `interrupted`.
    pub outcome: String,
    /// Rows received.
    pub read: i64,
    /// Rows landed.
    pub loaded: i64,
    /// Rows the lake already held.
    pub unchanged: i64,
    /// Rows kept as rejects.
    pub rejected: i64,
    /// Rows marked deleted because the system no longer has them.
    pub deleted: i64,
    /// Rows the system has and the lake lacked.
    pub missing: i64,
    /// What a person should know.
    pub message: Option<String>,
    /// Why it began; none for a command line.
    pub trigger: Option<String>,
    /// The job it belongs to.
    pub job: Option<String>,
}

/// Which runs to list; none means any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunFilter {
    /// Of this system.
    pub system: Option<String>,
    /// Of this stream.
    pub stream: Option<String>,
    /// Of this kind.
    pub kind: Option<String>,
    /// With this outcome.
    pub outcome: Option<String>,
    /// Of this job.
    pub job: Option<String>,
    /// Begun at this time or later.
    pub from: Option<DateTime<Utc>>,
    /// Begun before this time.
    pub until: Option<DateTime<Utc>>,
}

// Named, for a connection that was open before a migration takes `*` for the columns of then.
macro_rules! columns {
    () => {
        "run_id, kind, system, stream, started_at, ended_at, outcome, read, loaded, unchanged, \
         rejected, deleted, missing, message, trigger, job"
    };
}

impl Metadata {
    /// Notes that a run begins.
    pub async fn begin_run(
        &self,
        run_id: &str,
        kind: &str,
        system: &str,
        stream: &str,
        at: DateTime<Utc>,
    ) -> Result<(), MetadataError> {
        let run = NewRun { run_id, kind, system, stream, trigger: None, job: None };
        self.note_run_begin(&run, at).await
    }

    /// Notes that a run begins, and why.
    pub async fn note_run_begin(
        &self,
        run: &NewRun<'_>,
        at: DateTime<Utc>,
    ) -> Result<(), MetadataError> {
        let NewRun { run_id, kind, system, stream, trigger, job } = *run;
        self.execute(
            format!("noting the start of run {run_id} ({kind} of {stream} of {system})"),
            "insert into run (run_id, kind, system, stream, started_at, outcome, trigger, job) \
             values ($1, $2, $3, $4, $5, 'running', $6, $7)",
            values![run_id, kind, system, stream, at, trigger, job],
        )
        .await
        .map(|_| ())
    }

    /// Notes how a run ended. Counts that do not balance are refused unless it ended red.
    pub async fn end_run(
        &self,
        run_id: &str,
        outcome: &str,
        counts: RunCounts,
        message: Option<&str>,
        at: DateTime<Utc>,
    ) -> Result<(), MetadataError> {
        let end = RunEnd { outcome, counts, deleted: 0, missing: 0, message };
        self.note_run_end(run_id, &end, at).await
    }

    /// Notes how a run ended, with what a comparison of keys found. Counts that do not balance are refused unless it
    /// ended red.
    pub async fn note_run_end(
        &self,
        run_id: &str,
        end: &RunEnd<'_>,
        at: DateTime<Utc>,
    ) -> Result<(), MetadataError> {
        let RunEnd { outcome, counts, deleted, missing, message } = *end;
        let RunCounts { read, loaded, unchanged, rejected } = counts;
        self.execute(
            format!("noting the end of run {run_id}"),
            "update run set ended_at = $1, outcome = $2, read = $3, loaded = $4, unchanged = $5, \
             rejected = $6, deleted = $7, missing = $8, message = $9 where run_id = $10",
            values![
                at, outcome, read, loaded, unchanged, rejected, deleted, missing, message, run_id
            ],
        )
        .await
        .map(|_| ())
    }

    /// Marks runs that a crash left open. The caller holds the lake's writer lock, so none is alive.
    pub async fn mark_interrupted(&self, at: DateTime<Utc>) -> Result<u64, MetadataError> {
        self.execute(
            "marking interrupted runs",
            "update run set outcome = 'interrupted', ended_at = $1, \
             message = 'the process ended during this run; the next run goes on from the last landing' \
             where outcome = 'running'",
            values![at],
        )
        .await
    }

    /// The latest runs, newest first.
    pub async fn runs(&self, rows_max: u32) -> Result<Vec<RunRecord>, MetadataError> {
        self.rows(
            "listing runs",
            concat!(
                "select ",
                columns!(),
                " from run order by started_at desc, run_id desc limit $1"
            ),
            values![rows_max],
        )
        .await
    }

    /// A page of runs, newest first.
    pub async fn run_page(
        &self,
        filter: &RunFilter,
        request: &PageRequest,
    ) -> Result<Page<RunRecord>, MetadataError> {
        let action = "listing a page of runs";
        let after = request.below_time_and_id().map_err(|cause| self.failed(action, cause))?;
        let RunFilter { system, stream, kind, outcome, job, from, until } = filter;
        // One bound, so that the index is entered where the page begins. No id comes before an empty one.
        let (time, id) = match until {
            Some(until) => after.min((stamp(*until), String::new())),
            None => after,
        };
        let sql = format!(
            "select {} from run where {} and {} and {} and {} and {} \
             and started_at >= coalesce($6, '') and (started_at, run_id) < ($7, $8) \
             order by started_at desc, run_id desc limit $9",
            columns!(),
            asked("system", 1, system),
            asked("stream", 2, stream),
            asked("kind", 3, kind),
            asked("outcome", 4, outcome),
            asked("job", 5, job),
        );
        let rows = self
            .rows(
                action,
                Sql::Made(sql),
                values![system, stream, kind, outcome, job, *from, time, id, request.limit()],
            )
            .await?;
        Ok(request.page(rows, |run: &RunRecord| format!("{}_{}", run.started_at, run.run_id)))
    }

    /// When every stream was last read well, by system and stream: the start of that run, for what the
    /// system wrote later is not in it.
    pub async fn last_reads(
        &self,
    ) -> Result<BTreeMap<(String, String), DateTime<Utc>>, MetadataError> {
        let rows = self
            .all(
                "reading when streams were last read",
                "select system, stream, max(started_at) as started_at from run \
                 where kind in ('sync', 'full') and outcome in ('green', 'yellow') group by system, stream",
                vec![],
                |row: LastRead| Ok(((row.system, row.stream), time(&row.started_at)?)),
            )
            .await?;
        Ok(rows.into_iter().collect())
    }

    /// One run.
    pub async fn run(&self, run_id: &str) -> Result<Option<RunRecord>, MetadataError> {
        self.row(
            format!("reading run {run_id}"),
            concat!("select ", columns!(), " from run where run_id = $1"),
            values![run_id],
        )
        .await
    }
}
