//! Rejected rows.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::Answer;
use super::page::{Page, PageAsked};
use crate::access::Principal;

/// What became of a reject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RejectStatus {
    /// Nothing yet.
    Open,
    /// It was read again and landed.
    Replayed,
    /// Somebody decided that it is not needed.
    Discarded,
}

/// A rejected row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reject {
    /// Names the reject.
    #[schema(example = 17)]
    pub reject_id: i64,
    /// Where it came from.
    #[schema(example = "erp-main")]
    pub system: String,
    /// The stream or file.
    #[schema(example = "sales_order")]
    pub stream: String,
    /// A stable code.
    #[schema(example = "bad_decimal")]
    pub reason: String,
    /// What is wrong and what would be right.
    pub message: String,
    /// The row as received.
    pub payload: String,
    /// Where it stood.
    pub position: String,
    /// When it was first met.
    pub seen_at: DateTime<Utc>,
    /// What became of it.
    pub status: RejectStatus,
    /// When it was closed; null: it is open.
    pub closed_at: Option<DateTime<Utc>>,
    /// Why it was closed; null: nobody said.
    pub note: Option<String>,
}

/// Which rejects are wanted; what is left out means any.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RejectFilter {
    /// That became this.
    pub status: Option<RejectStatus>,
    /// Of this system.
    #[schema(example = "erp-main")]
    pub system: Option<String>,
    /// Of this stream.
    #[schema(example = "sales_order")]
    pub stream: Option<String>,
    /// With this reason.
    #[schema(example = "bad_decimal")]
    pub reason: Option<String>,
}

/// What a replay did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReplayOutcome {
    /// Rejects that were read again.
    pub replayed: u64,
    /// Of these, landed.
    pub loaded: u64,
    /// Of these, rejected once more.
    pub rejected: u64,
}

/// How many rejects of one kind there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RejectCount {
    /// Where they came from.
    pub system: String,
    /// The stream or file.
    pub stream: String,
    /// Their reason.
    pub reason: String,
    /// What became of them.
    pub status: RejectStatus,
    /// How many.
    pub rejects: u64,
    /// When the first was met.
    pub first_seen_at: DateTime<Utc>,
    /// When the last was met.
    pub last_seen_at: DateTime<Utc>,
}

/// Keeps rejected rows.
#[async_trait]
pub trait RejectDesk: Send + Sync {
    /// Rejects, newest first.
    async fn rejects(
        &self,
        who: &Principal,
        filter: &RejectFilter,
        page: &PageAsked,
    ) -> Answer<Page<Reject>>;

    /// How many there are, by system, stream, reason and status.
    async fn counts(&self, who: &Principal) -> Answer<Vec<RejectCount>>;

    /// Reads one again under the present mapping.
    async fn replay(&self, who: &Principal, reject_id: i64) -> Answer<ReplayOutcome>;

    /// Reads all open ones again that the filter names.
    async fn replay_all(&self, who: &Principal, filter: &RejectFilter) -> Answer<ReplayOutcome>;

    /// Closes one without reading it.
    async fn discard(&self, who: &Principal, reject_id: i64, note: &str) -> Answer<Reject>;
}
