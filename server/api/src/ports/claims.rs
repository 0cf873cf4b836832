//! Promoters' claims and their month.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::Answer;
use super::page::{FileAnswer, Row};
use crate::access::Principal;

/// The facts of one claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Claim {
    /// The event.
    #[schema(example = "e-1")]
    pub event_id: String,
    /// The rows of the report `promoter-settlement` of this event, one per unit.
    pub units: Vec<Row>,
    /// What decided, check by check.
    pub checks: Vec<ClaimCheck>,
    /// The event as it was sent.
    pub event: Row,
    /// What people decided, oldest first.
    pub decisions: Vec<ClaimDecision>,
}

/// One check of a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClaimCheck {
    /// The check, by the reason it gives.
    #[schema(example = "out_of_store")]
    pub check: String,
    /// The unit.
    pub code: String,
    /// Whether it decided this claim.
    pub is_hit: bool,
    /// What it was decided on, in English.
    pub detail: String,
    /// What it was decided on, in Chinese.
    pub detail_zh: String,
}

/// What is decided about a held claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HoldDecision {
    /// It is good after all.
    Released,
    /// It stays held.
    Confirmed,
}

/// A decision to record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimDecisionDraft {
    /// Only this unit; null: all units of the event.
    pub code: Option<String>,
    /// What is decided.
    pub decision: HoldDecision,
    /// Why.
    #[schema(min_length = 1, max_length = 2000)]
    pub note: String,
}

/// A decision as kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClaimDecision {
    /// The event.
    pub event_id: String,
    /// The unit; null: all units of the event.
    pub code: Option<String>,
    /// What is decided.
    pub decision: HoldDecision,
    /// Who.
    pub decided_by: String,
    /// When.
    pub decided_at: DateTime<Utc>,
    /// Why.
    pub note: String,
}

/// Keeps promoters' claims.
#[async_trait]
pub trait Claims: Send + Sync {
    /// The facts of one claim.
    async fn claim(&self, who: &Principal, event_id: &str) -> Answer<Claim>;

    /// Records a decision about a held claim.
    async fn decide(
        &self,
        who: &Principal,
        event_id: &str,
        draft: &ClaimDecisionDraft,
    ) -> Answer<ClaimDecision>;

    /// The workbook of a month, `YYYY-MM`.
    async fn settlement(&self, who: &Principal, period: &str) -> Answer<FileAnswer>;
}
