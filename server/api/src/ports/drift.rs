//! How the fields of systems changed.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::Answer;
use crate::access::Principal;

/// What happened to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DriftKind {
    /// It was not there before.
    New,
    /// It is gone.
    Vanished,
    /// It has another type.
    Retyped,
}

/// What the hub does about a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DriftPolicy {
    /// It takes the new shape.
    Evolve,
    /// It keeps the old shape.
    Freeze,
    /// It stops the stream until a person decides.
    Quarantine,
}

/// A change of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DriftLine {
    /// The system.
    #[schema(example = "erp-main")]
    pub system: String,
    /// The stream.
    #[schema(example = "sales_order")]
    pub stream: String,
    /// What happened.
    pub change: DriftKind,
    /// The field.
    #[schema(example = "F_Region")]
    pub field: String,
    /// Its type before; null: it was not there.
    pub from: Option<String>,
    /// Its type now; null: it is gone.
    pub to: Option<String>,
    /// When it was seen.
    pub seen_at: DateTime<Utc>,
    /// What the hub does about it.
    pub policy: DriftPolicy,
    /// The reports that read the field.
    #[schema(example = json!(["regional-sales"]))]
    pub reports: Vec<String>,
}

/// Keeps the shapes of streams.
#[async_trait]
pub trait DriftDesk: Send + Sync {
    /// Changes that nobody accepted yet.
    async fn drift(&self, who: &Principal) -> Answer<Vec<DriftLine>>;

    /// Takes a stream's present shape for the right one; answers the changes accepted.
    async fn accept(&self, who: &Principal, system: &str, stream: &str) -> Answer<Vec<DriftLine>>;
}
