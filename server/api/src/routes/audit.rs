//! The audit log.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;

use super::list::list;
use crate::api::Api;
use crate::http::{Asked, PageParams, Staff, needs};
use crate::ports::{AuditEntry, AuditFilter};
use crate::problem::Problem;

list! {
    /// Lines of the audit log, newest first.
    AuditList of AuditEntry
}

/// Which lines; what is left out means any.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditParams {
    /// By this login.
    actor: Option<String>,
    /// Of this action, or of all that begin with it and a dot.
    #[param(example = "report")]
    action: Option<String>,
    /// At or after.
    from: Option<DateTime<Utc>>,
    /// Before.
    to: Option<DateTime<Utc>>,
}

/// Who did what.
#[utoipa::path(
    get,
    path = "/audit",
    tag = "accounts",
    params(AuditParams, PageParams),
    responses((status = 200, description = "A page of the log", body = AuditList)),
    extensions(("x-permission" = json!("audit.read")))
)]
pub(crate) async fn list_audit(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::AuditRead>,
    asked: Asked<AuditParams>,
) -> Result<Json<AuditList>, Problem> {
    let AuditParams { actor, action, from, to } = &asked.filter;
    let filter = AuditFilter { actor: actor.clone(), action: action.clone(), from: *from, to: *to };
    let page = api.ports.audit.list(&staff.principal, &filter, &asked.page).await?;
    Ok(Json(asked.answer(page).into()))
}
