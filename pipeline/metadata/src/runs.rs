//! The run ledger.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use sqlx::{FromRow, query, query_as};

use crate::error::MetadataError;
use crate::store::Metadata;

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

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow)]
pub struct RunRecord {
    /// Names the run.
    pub run_id: String,
    /// `sync`, `ingest` or `build`.
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
    /// What a person should know.
    pub message: Option<String>,
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
        query(
            "insert into run (run_id, kind, system, stream, started_at, outcome) \
             values (?, ?, ?, ?, ?, 'running')",
        )
        .bind(run_id)
        .bind(kind)
        .bind(system)
        .bind(stream)
        .bind(stamp(at))
        .execute(&self.pool)
        .await
        .map_err(MetadataError::while_doing("noting the start of a run"))?;
        Ok(())
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
        query(
            "update run set ended_at = ?, outcome = ?, read = ?, loaded = ?, unchanged = ?, \
             rejected = ?, message = ? where run_id = ?",
        )
        .bind(stamp(at))
        .bind(outcome)
        .bind(counts.read as i64)
        .bind(counts.loaded as i64)
        .bind(counts.unchanged as i64)
        .bind(counts.rejected as i64)
        .bind(message)
        .bind(run_id)
        .execute(&self.pool)
        .await
        .map_err(MetadataError::while_doing("noting the end of a run"))?;
        Ok(())
    }

    /// Marks runs that a crash left open. The caller holds the lake's writer lock, so none is alive.
    pub async fn mark_interrupted(&self, at: DateTime<Utc>) -> Result<u64, MetadataError> {
        let done = query(
            "update run set outcome = 'interrupted', ended_at = ?, \
             message = 'the process ended during this run; the next run goes on from the last landing' \
             where outcome = 'running'",
        )
        .bind(stamp(at))
        .execute(&self.pool)
        .await
        .map_err(MetadataError::while_doing("marking interrupted runs"))?;
        Ok(done.rows_affected())
    }

    /// The latest runs, newest first.
    pub async fn runs(&self, rows_max: u32) -> Result<Vec<RunRecord>, MetadataError> {
        query_as("select * from run order by started_at desc, rowid desc limit ?")
            .bind(rows_max)
            .fetch_all(&self.pool)
            .await
            .map_err(MetadataError::while_doing("listing runs"))
    }
}

pub(crate) fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
