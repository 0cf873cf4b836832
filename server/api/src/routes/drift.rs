//! How the fields of systems changed.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::list::list;
use crate::api::Api;
use crate::http::{Params, Staff, audited, needs};
use crate::ports::DriftLine;
use crate::problem::Problem;

list! {
    /// Changes of fields, newest first.
    DriftList of DriftLine
}

/// Names a stream.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ByStream {
    /// The system.
    #[param(example = "erp-main")]
    system: String,
    /// The stream.
    #[param(example = "sales_order")]
    stream: String,
}

/// Changes of fields that nobody accepted yet, and the reports they touch.
#[utoipa::path(
    get,
    path = "/drift",
    tag = "systems",
    responses((status = 200, description = "The changes", body = DriftList)),
    extensions(("x-permission" = json!("drift.read")))
)]
pub(crate) async fn list_drift(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::DriftRead>,
) -> Result<Json<DriftList>, Problem> {
    Ok(Json(api.ports.drift.drift(&staff.principal).await?.into()))
}

/// Takes a stream's present shape for the right one.
#[utoipa::path(
    post,
    path = "/drift/{system}/{stream}/accept",
    tag = "systems",
    params(ByStream),
    responses((status = 200, description = "The changes accepted", body = DriftList)),
    extensions(("x-permission" = json!("drift.write")))
)]
pub(crate) async fn accept_drift(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::DriftWrite>,
    Params(ByStream { system, stream }): Params<ByStream>,
) -> Result<Json<DriftList>, Problem> {
    let object = format!("{system}/{stream}");
    let work = api.ports.drift.accept(&staff.principal, &system, &stream);
    Ok(Json(audited(&api, &staff, "drift.accept", &object, "", work).await?.into()))
}
