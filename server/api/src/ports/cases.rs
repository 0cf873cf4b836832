//! Diversion cases.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::Answer;
use super::page::{FileAnswer, FileFormat, Row};
use crate::access::Principal;

/// Names a case.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, IntoParams,
)]
#[into_params(parameter_in = Path)]
pub struct CaseKey {
    /// The dealer whose goods went astray.
    #[param(example = "D1")]
    pub dealer_code: String,
    /// The product.
    #[param(example = "P1")]
    pub product_code: String,
    /// The region they were seen in.
    #[param(example = "430102")]
    pub destination_region: String,
    /// The month.
    #[param(example = "2026-03")]
    pub month: String,
}

/// A place on the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MapPoint {
    /// Longitude, WGS-84.
    #[schema(example = 112.94)]
    pub lng: f64,
    /// Latitude, WGS-84.
    #[schema(example = 28.23)]
    pub lat: f64,
    /// The region.
    #[schema(example = "430100")]
    pub region_code: String,
}

/// A line of the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MapLine {
    /// Where the goods belong.
    pub from: MapPoint,
    /// Where they were seen.
    pub to: MapPoint,
    /// Sightings.
    pub count: u64,
}

/// A diversion case with all it stands on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Case {
    /// The row of the report `case-summary`.
    pub summary: Row,
    /// The rows of the report `case-evidence`.
    pub evidence: Vec<Row>,
    /// The rows of the report `case-siblings`.
    pub siblings: Vec<Row>,
    /// From the territory to the sightings.
    pub lines: Vec<MapLine>,
    /// What people decided and said, oldest first.
    pub decisions: Vec<CaseDecision>,
}

/// What is decided about a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Somebody is at it.
    UnderReview,
    /// It is diversion.
    Confirmed,
    /// It is not.
    Dismissed,
}

/// A decision to record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseDecisionDraft {
    /// What is decided.
    pub decision: Verdict,
    /// Why.
    #[schema(min_length = 1, max_length = 2000)]
    pub note: String,
    /// The `case_hash` of the summary that was looked at; a conflict if the case shows another now.
    #[schema(min_length = 1, max_length = 100)]
    pub case_hash: String,
}

/// Something recorded about a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CaseDecision {
    /// `under_review`, `confirmed`, `dismissed` or `appealed`.
    #[schema(example = "confirmed")]
    pub decision: String,
    /// Who.
    pub decided_by: String,
    /// When.
    pub decided_at: DateTime<Utc>,
    /// On which facts; null: not said.
    pub case_hash: Option<String>,
    /// Why.
    pub note: String,
}

/// Keeps diversion cases.
#[async_trait]
pub trait Cases: Send + Sync {
    /// A case within what the principal sees.
    async fn case(&self, who: &Principal, key: &CaseKey) -> Answer<Case>;

    /// The case's file: JSON or a workbook.
    async fn file(&self, who: &Principal, key: &CaseKey, format: FileFormat) -> Answer<FileAnswer>;

    /// Records a decision.
    async fn decide(
        &self,
        who: &Principal,
        key: &CaseKey,
        draft: &CaseDecisionDraft,
    ) -> Answer<CaseDecision>;

    /// Records a dealer's appeal.
    async fn appeal(&self, who: &Principal, key: &CaseKey, note: &str) -> Answer<CaseDecision>;
}
