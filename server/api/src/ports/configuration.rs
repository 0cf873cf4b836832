//! The configuration folder: shown, planned, applied.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::Answer;
use super::page::{Page, PageAsked};
use crate::access::Principal;

/// A file of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConfigurationFile {
    /// Where it is within the folder.
    #[schema(example = "systems/erp_main.toml")]
    pub path: String,
    /// Its text; secrets are references.
    #[schema(example = "kind = \"kingdee-galaxy\"\n")]
    pub text: String,
    /// A hash of the text.
    pub hash: String,
}

/// The whole configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Configuration {
    /// Its files in order of path.
    pub files: Vec<ConfigurationFile>,
}

/// A file as it shall be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FileDraft {
    /// Where it is within the folder.
    #[schema(example = "systems/erp_main.toml", min_length = 1, max_length = 200)]
    pub path: String,
    /// Its whole text; null: the file is removed.
    #[schema(example = "kind = \"kingdee-galaxy\"\n")]
    pub text: Option<String>,
}

/// A change to look at before it is applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanDraft {
    /// The files that change; others stay.
    #[schema(min_items = 1, max_items = 200)]
    pub files: Vec<FileDraft>,
}

/// What happens to a key of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It has another value.
    Changed,
    /// It is gone.
    Removed,
}

/// One key that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeyChange {
    /// The file.
    pub path: String,
    /// What happens.
    pub kind: ChangeKind,
    /// The key, with dots between its parts; empty: the whole file.
    #[schema(example = "streams.sales_order.look_back")]
    pub key: String,
    /// What it is now; null: nothing.
    pub from: Option<String>,
    /// What it will be; null: nothing.
    pub to: Option<String>,
}

/// What applying a plan sets off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EffectKind {
    /// A stream is read anew.
    Reread,
    /// A table is built anew.
    Rebuild,
    /// The hub must be started anew.
    Restart,
    /// Nothing.
    None,
}

/// An effect of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlanEffect {
    /// What happens.
    pub kind: EffectKind,
    /// To which stream or table.
    #[schema(example = "raw.erp_main__sales_order")]
    pub object: String,
    /// Why, in English.
    pub why: String,
    /// Why, in Chinese.
    pub why_zh: String,
}

/// Something wrong with the files as drafted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlanProblem {
    /// The file.
    pub path: String,
    /// The line, from 1; null if it has none.
    pub line: Option<u32>,
    /// The key it is about, after its section where it stands in one: `[write] key_field`; null: the file.
    #[schema(example = "[write] key_field")]
    pub key: Option<String>,
    /// What is wrong and what would be right, in English.
    pub message: String,
    /// The same in Chinese.
    pub message_zh: String,
}

/// A plan. It can be applied only if it has no problems.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Plan {
    /// Names the plan.
    pub plan_id: String,
    /// What changes.
    pub changes: Vec<KeyChange>,
    /// What applying sets off.
    pub effects: Vec<PlanEffect>,
    /// What is wrong.
    pub problems: Vec<PlanProblem>,
}

/// Names a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanChosen {
    /// The plan's `plan_id`.
    #[schema(min_length = 1, max_length = 100)]
    pub plan_id: String,
}

/// A change that was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConfigurationChange {
    /// The plan.
    pub plan_id: String,
    /// Who applied it.
    pub applied_by: String,
    /// When.
    pub applied_at: DateTime<Utc>,
    /// What changed.
    pub changes: Vec<KeyChange>,
    /// What it set off.
    pub effects: Vec<PlanEffect>,
}

/// Keeps the configuration.
#[async_trait]
pub trait ConfigurationDesk: Send + Sync {
    /// The files as they are.
    async fn files(&self, who: &Principal) -> Answer<Configuration>;

    /// What drafted files would change.
    async fn plan(&self, who: &Principal, draft: &PlanDraft) -> Answer<Plan>;

    /// Writes the files of a plan; a conflict if they changed since it was made.
    async fn apply(&self, who: &Principal, plan_id: &str) -> Answer<ConfigurationChange>;

    /// What was applied, newest first.
    async fn history(&self, who: &Principal, page: &PageAsked)
    -> Answer<Page<ConfigurationChange>>;
}
