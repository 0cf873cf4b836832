//! `GET /api/v1/recall`: everything a scope reached, as of the last build.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use chrono::Utc;
use serde_json::Value;

use super::Service;
use super::problem::Problem;
use crate::cli::{RecallArgs, asked};
use crate::exit::UsageError;
use crate::recall::Recall;

/// Answers a recall; the scope is named as on the command line, with `_` for `-`.
pub(super) async fn answer(
    State(service): State<Arc<Service>>,
    headers: HeaderMap,
    scope: Result<Query<RecallArgs>, QueryRejection>,
) -> Result<Json<Value>, Problem> {
    let Query(scope) = scope?;
    service.tokens.device(&headers)?;
    let zone = service.hub.config.hub.time_zone;
    let asked = asked(&scope, zone).map_err(|UsageError(told)| Problem::bad_request(told))?;
    let as_of = Utc::now();
    let sees = service.models.scope(&service.hub, as_of);
    let recall = Recall::find(&service.models.files, &sees, &asked, zone).await;
    let mut recall = recall.map_err(|e| Problem::internal(&e))?;
    let answer = recall.answer(as_of).await.map_err(|e| Problem::internal(&e))?;
    if recall.is_empty().await.map_err(|e| Problem::internal(&e))? {
        return Err(Problem::not_found(asked.not_found()));
    }
    Ok(Json(answer))
}
