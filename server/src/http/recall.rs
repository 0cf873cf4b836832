//! `GET /api/v1/recall`: everything a scope reached, as of the last build or after one of its own.

use std::sync::Arc;

use anyhow::Result;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use yuanliu_warehouse::QueryScope;

use super::Service;
use super::problem::Problem;
use crate::cli::{RecallArgs, asked, parse_instant};
use crate::exit::UsageError;
use crate::recall::{Asked, Recall};
use crate::report::{models_read, scope_as_of};

/// Answers a recall; the scope is named as on the command line, with `_` for `-`.
///
/// `unbuilt_events` says how many events came that the answer does not count; with `fresh=true` they
/// are built first, which takes as long as a build.
pub(super) async fn answer(
    State(service): State<Arc<Service>>,
    headers: HeaderMap,
    scope: Result<Query<RecallArgs>, QueryRejection>,
) -> Result<Json<Value>, Problem> {
    let Query(scope) = scope?;
    service.tokens.device(&headers)?;
    let refuse = |UsageError(told)| Problem::bad_request(told);
    let zone = service.hub.config.hub.time_zone;
    let asked = asked(&scope, zone).map_err(refuse)?;
    let as_of = scope.as_of.as_deref().map(|text| parse_instant(text, zone)).transpose();
    let as_of = as_of.map_err(refuse)?;
    if scope.fresh {
        service.bring_up_to_date().await.map_err(|e| Problem::internal(&e))?;
    }
    let unbuilt = service.ledger.unbuilt().events();
    let answer = service.recall(&asked, as_of).await.map_err(|e| Problem::internal(&e))?;
    let Some(mut answer) = answer else { return Err(Problem::not_found(asked.not_found())) };
    answer["unbuilt_events"] = json!(unbuilt);
    Ok(Json(answer))
}

impl Service {
    /// What the scope reached; none if there is nothing in it.
    async fn recall(&self, asked: &Asked, as_of: Option<DateTime<Utc>>) -> Result<Option<Value>> {
        let Some(as_of) = as_of else {
            let now = Utc::now();
            return self.recall_over(&self.models.scope(&self.hub, now), asked, now).await;
        };
        let texts = self.models.files.in_folder("recall").map(|(_, file)| file.text.as_str());
        let wanted = models_read(&self.models, texts);
        let (scope, _tables) = scope_as_of(&self.hub, &self.models, wanted, as_of, true).await?;
        self.recall_over(&scope, asked, as_of).await
    }

    async fn recall_over(
        &self,
        scope: &QueryScope,
        asked: &Asked,
        as_of: DateTime<Utc>,
    ) -> Result<Option<Value>> {
        let zone = self.hub.config.hub.time_zone;
        let mut recall = Recall::find(&self.models.files, scope, asked, zone).await?;
        if recall.is_empty().await? {
            return Ok(None);
        }
        Ok(Some(recall.answer(as_of).await?))
    }
}
