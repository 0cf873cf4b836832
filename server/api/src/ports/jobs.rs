//! Jobs and their schedules.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::Answer;
use super::page::{Page, PageAsked};
use super::runs::Run;
use crate::access::Principal;

/// What happens to runs that should have been while the hub was down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MissedRuns {
    /// Each is made up for.
    All,
    /// The last is made up for.
    Last,
    /// None is.
    None,
}

/// What happens if a job is due while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Overlap {
    /// The new run is left out.
    Skip,
    /// The new run waits.
    Queue,
    /// The new run is refused, and told.
    Forbid,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Job {
    /// Its name in `jobs.toml`.
    #[schema(example = "sync-erp-main")]
    pub name: String,
    /// `sync`, `build`, `report`, `backup` or what else there is.
    #[schema(example = "sync")]
    pub kind: String,
    /// The system it reads; null: none.
    #[schema(example = "erp-main")]
    pub system: Option<String>,
    /// The cron expression; null: it runs after others only.
    #[schema(example = "0 */15 * * * *")]
    pub schedule: Option<String>,
    /// The zone of the schedule.
    #[schema(example = "Asia/Shanghai")]
    pub time_zone: String,
    /// What happens to missed runs.
    pub missed: MissedRuns,
    /// What happens if it is due while it runs.
    pub overlap: Overlap,
    /// The jobs whose end it waits for.
    #[schema(example = json!(["sync-erp-main"]))]
    pub after: Vec<String>,
    /// Whether it is paused.
    pub paused: bool,
    /// When it is due; null: paused, or after others only.
    pub next_due: Option<DateTime<Utc>>,
    /// Its last run; null: none yet.
    pub last: Option<Run>,
}

/// Keeps the scheduler.
#[async_trait]
pub trait Jobs: Send + Sync {
    /// Every job in order of name.
    async fn jobs(&self, who: &Principal) -> Answer<Vec<Job>>;

    /// Runs a job now.
    async fn run_now(&self, who: &Principal, job: &str) -> Answer<Run>;

    /// Pauses a job or resumes it.
    async fn set_paused(&self, who: &Principal, job: &str, paused: bool) -> Answer<Job>;

    /// A job's runs, newest first.
    async fn runs(&self, who: &Principal, job: &str, page: &PageAsked) -> Answer<Page<Run>>;
}
