//! Who did what.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::Answer;
use super::page::{Page, PageAsked};
use crate::access::{Principal, Role};

/// How something ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditOutcome {
    /// It was done.
    Done,
    /// It was not allowed.
    Refused,
    /// It went wrong.
    Failed,
}

/// One line of the audit log. Lines are only ever added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditEntry {
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// Who, as they log in.
    #[schema(example = "admin")]
    pub actor: String,
    /// What they were; null for somebody who was not logged in.
    pub role: Option<Role>,
    /// The address the request came from.
    #[schema(example = "10.1.2.3")]
    pub address: String,
    /// What was done: noun and verb.
    #[schema(example = "report.export")]
    pub action: String,
    /// To what.
    #[schema(example = "regional-sales")]
    pub object: String,
    /// How it ended.
    pub outcome: AuditOutcome,
    /// What else there is to know; never a secret.
    pub detail: String,
}

/// Which lines are wanted; none means any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// By this login.
    pub actor: Option<String>,
    /// Of this action, or of all that begin with it and a dot.
    pub action: Option<String>,
    /// At or after.
    pub from: Option<DateTime<Utc>>,
    /// Before.
    pub to: Option<DateTime<Utc>>,
}

/// Keeps and shows the audit log.
#[async_trait]
pub trait AuditDesk: Send + Sync {
    /// Adds a line. An action that cannot be recorded is not answered as done.
    async fn record(&self, entry: AuditEntry) -> Answer<()>;

    /// The lines, newest first.
    async fn list(
        &self,
        who: &Principal,
        filter: &AuditFilter,
        page: &PageAsked,
    ) -> Answer<Page<AuditEntry>>;
}
