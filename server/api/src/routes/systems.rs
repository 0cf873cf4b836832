//! Connected systems.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::list::list;
use crate::api::Api;
use crate::http::{Params, Question, Staff, audited, needs, number};
use crate::ports::{Preview, SystemCheck, SystemKind, SystemLine, SystemStream};
use crate::problem::Problem;

list! {
    /// Configured systems in order of name.
    SystemList of SystemLine
}
list! {
    /// Kinds of systems in order of name.
    SystemKindList of SystemKind
}
list! {
    /// What a system offers.
    StreamList of SystemStream
}

/// Names a system.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct BySystem {
    /// The system.
    #[param(example = "erp-main")]
    name: String,
}

/// Names a stream.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ByStream {
    /// The system.
    #[param(example = "erp-main")]
    name: String,
    /// The stream.
    #[param(example = "sales_order")]
    stream: String,
}

/// How much of a stream.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PreviewParams {
    /// Rows at most; 20 if left out.
    #[param(minimum = 1, maximum = 200)]
    rows: Option<u32>,
}

/// The configured systems.
#[utoipa::path(
    get,
    path = "/systems",
    tag = "systems",
    responses((status = 200, description = "The systems", body = SystemList)),
    extensions(("x-permission" = json!("systems.read")))
)]
pub(crate) async fn list_systems(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::SystemsRead>,
) -> Result<Json<SystemList>, Problem> {
    Ok(Json(api.ports.systems.systems(&staff.principal).await?.into()))
}

/// The kinds of systems that can be connected, with the fields of their forms.
#[utoipa::path(
    get,
    path = "/systems/kinds",
    tag = "systems",
    responses((status = 200, description = "The kinds", body = SystemKindList)),
    extensions(("x-permission" = json!("systems.read")))
)]
pub(crate) async fn list_kinds(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::SystemsRead>,
) -> Result<Json<SystemKindList>, Problem> {
    Ok(Json(api.ports.systems.kinds(&staff.principal).await?.into()))
}

/// Logs in to a system and looks at what may be read.
#[utoipa::path(
    post,
    path = "/systems/{name}/check",
    tag = "systems",
    params(BySystem),
    responses((status = 200, description = "What was found", body = SystemCheck)),
    extensions(("x-permission" = json!("systems.write")))
)]
pub(crate) async fn check_system(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::SystemsWrite>,
    Params(BySystem { name }): Params<BySystem>,
) -> Result<Json<SystemCheck>, Problem> {
    let work = api.ports.systems.check(&staff.principal, &name);
    Ok(Json(audited(&api, &staff, "system.check", &name, "", work).await?))
}

/// What a system offers, custom fields included. The system is asked.
#[utoipa::path(
    get,
    path = "/systems/{name}/streams",
    tag = "systems",
    params(BySystem),
    responses((status = 200, description = "What it offers", body = StreamList)),
    extensions(("x-permission" = json!("systems.read")))
)]
pub(crate) async fn list_streams(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::SystemsRead>,
    Params(BySystem { name }): Params<BySystem>,
) -> Result<Json<StreamList>, Problem> {
    Ok(Json(api.ports.systems.streams(&staff.principal, &name).await?.into()))
}

/// The first rows of a stream: as read, as mapped, and those that would be rejected.
#[utoipa::path(
    get,
    path = "/systems/{name}/streams/{stream}/preview",
    tag = "systems",
    params(ByStream, PreviewParams),
    responses((status = 200, description = "The first rows", body = Preview)),
    extensions(("x-permission" = json!("systems.read")))
)]
pub(crate) async fn preview_stream(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::SystemsRead>,
    Params(ByStream { name, stream }): Params<ByStream>,
    Question(asked): Question<PreviewParams>,
) -> Result<Json<Preview>, Problem> {
    let rows = asked.rows.unwrap_or(20);
    number("rows", rows, 1..=200)?;
    Ok(Json(api.ports.systems.preview(&staff.principal, &name, &stream, rows).await?))
}
