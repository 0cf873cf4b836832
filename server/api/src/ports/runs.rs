//! What ran, what runs, and starting it.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::stream::BoxStream;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::Answer;
use super::page::{Page, PageAsked};
use crate::access::Principal;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunOutcome {
    /// It has not ended.
    Running,
    /// Well.
    Green,
    /// With something to look at.
    Yellow,
    /// It failed.
    Red,
    /// The process ended before it did.
    Interrupted,
}

/// A run. What was read is loaded, unchanged or rejected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Run {
    /// Names the run.
    #[schema(example = "0197b1f0-0000-7000-8000-000000000001")]
    pub run_id: String,
    /// `sync`, `ingest`, `build`, `report`, `backup` or what else a job does.
    #[schema(example = "sync")]
    pub kind: String,
    /// The system; empty: none.
    #[schema(example = "erp-main")]
    pub system: String,
    /// The stream or file; empty: none.
    #[schema(example = "sales_order")]
    pub stream: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended; null while it runs.
    pub ended_at: Option<DateTime<Utc>>,
    /// How it ended.
    pub outcome: RunOutcome,
    /// Rows received.
    pub read: i64,
    /// Rows landed.
    pub loaded: i64,
    /// Rows the lake already held.
    pub unchanged: i64,
    /// Rows kept as rejects.
    pub rejected: i64,
    /// What a person should know; null if nothing.
    pub message: Option<String>,
    /// `schedule`, `person`, `dependency` or `command`.
    #[schema(example = "schedule")]
    pub trigger: String,
    /// The job that ran it; null: none.
    pub job: Option<String>,
}

/// Which runs are wanted; none means any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunFilter {
    /// Of this system.
    pub system: Option<String>,
    /// Of this kind.
    pub kind: Option<String>,
    /// That ended so.
    pub outcome: Option<RunOutcome>,
    /// Of this job.
    pub job: Option<String>,
}

/// What a person may start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    /// Read systems.
    Sync,
    /// Build tables.
    Build,
}

/// A run to start now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RunDraft {
    /// What to do.
    pub kind: RunKind,
    /// Only this system; null: all that are switched on.
    #[schema(example = "erp-main")]
    pub system: Option<String>,
    /// Only this stream, of `system`; null: all.
    #[schema(example = "sales_order")]
    pub stream: Option<String>,
    /// Read everything rather than what changed.
    #[serde(default)]
    pub full: bool,
}

/// Something of the runs, as they run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum RunEvent {
    /// A run goes on.
    Progress {
        /// The run.
        run_id: String,
        /// What it does.
        kind: String,
        /// The system; empty: none.
        system: String,
        /// The stream, or the table that is built; empty: none.
        stream: String,
        /// The job; null: none.
        job: Option<String>,
        /// Rows so far.
        rows: u64,
        /// `reading`, `landing`, `building` or `auditing`.
        phase: String,
    },
    /// A run ended.
    Ended {
        /// The run as it ended.
        run: Run,
    },
}

/// Keeps runs and starts them.
#[async_trait]
pub trait RunLog: Send + Sync {
    /// Runs, newest first.
    async fn runs(
        &self,
        who: &Principal,
        filter: &RunFilter,
        page: &PageAsked,
    ) -> Answer<Page<Run>>;

    /// One run.
    async fn run(&self, who: &Principal, run_id: &str) -> Answer<Run>;

    /// Starts a run and answers once it is recorded.
    async fn start(&self, who: &Principal, draft: &RunDraft) -> Answer<Run>;

    /// What happens to runs from now on. The stream must not hold a run up: a listener that does
    /// not keep up loses progress, never an end.
    async fn live(&self, who: &Principal) -> Answer<BoxStream<'static, RunEvent>>;
}
