//! Changes of the configuration that were applied.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sqlx::FromRow;

use crate::error::{Cause, MetadataError};
use crate::pages::{Page, PageRequest};
use crate::store::Metadata;
use crate::store::value::{exact, json, time, values};

/// A file that a change concerned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedFile {
    /// Its path in the configuration folder.
    pub path: String,
    /// SHA-256 of what it held; none: it was not there.
    pub before: Option<String>,
    /// SHA-256 of what it holds; none: it was removed.
    pub after: Option<String>,
}

/// A change to note.
#[derive(Debug, Clone, PartialEq)]
pub struct NewConfigurationChange {
    /// The plan that was applied; a plan is applied once.
    pub plan_id: String,
    /// Who applied it.
    pub changed_by: String,
    /// The files.
    pub files: Vec<ChangedFile>,
    /// What the plan said: changes by key, effects. No secret may be in it.
    pub plan: Json,
}

/// A change as noted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConfigurationChange {
    /// Names the change.
    pub change_id: i64,
    /// The plan that was applied.
    pub plan_id: String,
    /// When.
    pub changed_at: DateTime<Utc>,
    /// Who.
    pub changed_by: String,
    /// The files.
    pub files: Vec<ChangedFile>,
    /// What the plan said.
    pub plan: Json,
}

#[derive(FromRow)]
struct ChangeRow {
    change_id: i64,
    plan_id: String,
    changed_at: String,
    changed_by: String,
    files: String,
    plan: String,
}

impl ChangeRow {
    fn change(self) -> Result<ConfigurationChange, Cause> {
        Ok(ConfigurationChange {
            changed_at: time(&self.changed_at)?,
            files: json(&self.files)?,
            plan: json(&self.plan)?,
            change_id: self.change_id,
            plan_id: self.plan_id,
            changed_by: self.changed_by,
        })
    }
}

impl Metadata {
    /// Notes a change; a conflict if its plan was applied before.
    pub async fn note_configuration_change(
        &self,
        change: &NewConfigurationChange,
        at: DateTime<Utc>,
    ) -> Result<i64, MetadataError> {
        let NewConfigurationChange { plan_id, changed_by, files, plan } = change;
        let files: Vec<Json> = files
            .iter()
            .map(|file| serde_json::json!({"path": file.path, "before": file.before, "after": file.after}))
            .collect();
        self.within(format!("noting the configuration change {plan_id} by {changed_by}"), async {
            let mut work = self.begin_work().await?;
            let noted = work
                .rows::<(i64,)>(
                    "insert into configuration_change (plan_id, changed_at, changed_by, files, plan) \
                     values ($1, $2, $3, $4, $5) returning change_id",
                    values![plan_id, exact(at), changed_by, Json::from(files).to_string(), plan.to_string()],
                )
                .await?;
            work.commit().await?;
            super::only(noted).map(|(change_id,)| change_id)
        })
        .await
    }

    /// A page of changes, the last one first.
    pub async fn configuration_changes(
        &self,
        request: &PageRequest,
    ) -> Result<Page<ConfigurationChange>, MetadataError> {
        let action = "listing configuration changes";
        let below = request.below_id().map_err(|cause| self.failed(action, cause))?;
        let rows = self
            .all(
                action,
                "select change_id, plan_id, changed_at, changed_by, files, plan \
                 from configuration_change where change_id < $1 order by change_id desc limit $2",
                values![below, request.limit()],
                ChangeRow::change,
            )
            .await?;
        Ok(request.page(rows, |change: &ConfigurationChange| change.change_id.to_string()))
    }
}
