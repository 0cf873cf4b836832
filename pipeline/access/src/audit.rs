//! The audit log: who did what, and who tried.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::role::Role;

/// How something ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditOutcome {
    /// It was done.
    Done,
    /// It was not allowed.
    Refused,
    /// It was allowed and went wrong.
    Failed,
}

impl AuditOutcome {
    /// The name in records and answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }

    /// The outcome of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Done, Self::Refused, Self::Failed].into_iter().find(|outcome| outcome.name() == name)
    }
}

/// One line of the log. Nothing in it is a secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Names the entry; a UUID of version 7, so that names sort by time.
    pub entry_id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The login, `token:NAME`, or what was given as a login.
    pub actor: String,
    /// The actor's role; none where nobody was let in.
    pub role: Option<Role>,
    /// From where; none for the hub itself.
    pub address: Option<String>,
    /// What was done: `login`, `account.changed`, `report.exported`, …
    pub action: String,
    /// To what.
    pub object: String,
    /// How it ended.
    pub outcome: AuditOutcome,
    /// What else is worth knowing.
    pub detail: Value,
}

/// Which entries are asked for; newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// This actor.
    pub actor: Option<String>,
    /// This action; one that ends with `.` stands for all that begin so.
    pub action: Option<String>,
    /// Not before.
    pub from: Option<DateTime<Utc>>,
    /// Before.
    pub to: Option<DateTime<Utc>>,
    /// Older than this entry.
    pub before_entry: Option<String>,
    /// At most so many.
    pub entries_max: u32,
}
