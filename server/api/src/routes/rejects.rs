//! Rejected rows.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::list::list;
use crate::api::Api;
use crate::http::{Asked, Body, PageParams, Params, Staff, audited, length, needs};
use crate::ports::{Reject, RejectCount, RejectFilter, ReplayOutcome};
use crate::problem::Problem;

list! {
    /// Rejects, newest first.
    RejectList of Reject
}
list! {
    /// Rejects counted by system, stream, reason and status.
    RejectCountList of RejectCount
}

/// Names a reject.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ByReject {
    /// The reject.
    #[param(example = 17)]
    id: i64,
}

/// Which rejects to replay.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplayDraft {
    /// Which; only open ones are read again.
    filter: RejectFilter,
}

/// Why something was done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Note {
    /// Why.
    #[schema(example = "checked with the warehouse", min_length = 1, max_length = 2000)]
    pub(crate) note: String,
}

impl Note {
    /// The note, if it says something and not too much.
    pub(crate) fn checked(self) -> Result<String, Problem> {
        length("note", &self.note, 1..=2_000)?;
        Ok(self.note)
    }
}

/// What was rejected and why.
#[utoipa::path(
    get,
    path = "/rejects",
    tag = "rejects",
    params(RejectFilter, PageParams),
    responses((status = 200, description = "A page of rejects", body = RejectList)),
    extensions(("x-permission" = json!("rejects.read")))
)]
pub(crate) async fn list_rejects(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::RejectsRead>,
    asked: Asked<RejectFilter>,
) -> Result<Json<RejectList>, Problem> {
    let page = api.ports.rejects.rejects(&staff.principal, &asked.filter, &asked.page).await?;
    Ok(Json(asked.answer(page).into()))
}

/// How many rejects there are.
#[utoipa::path(
    get,
    path = "/rejects/counts",
    tag = "rejects",
    responses((status = 200, description = "The counts", body = RejectCountList)),
    extensions(("x-permission" = json!("rejects.read")))
)]
pub(crate) async fn count_rejects(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::RejectsRead>,
) -> Result<Json<RejectCountList>, Problem> {
    Ok(Json(api.ports.rejects.counts(&staff.principal).await?.into()))
}

/// Reads a reject again under the present mapping.
#[utoipa::path(
    post,
    path = "/rejects/{id}/replay",
    tag = "rejects",
    params(ByReject),
    responses((status = 200, description = "What became of it", body = ReplayOutcome)),
    extensions(("x-permission" = json!("rejects.write")))
)]
pub(crate) async fn replay_reject(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::RejectsWrite>,
    Params(ByReject { id }): Params<ByReject>,
) -> Result<Json<ReplayOutcome>, Problem> {
    let work = api.ports.rejects.replay(&staff.principal, id);
    Ok(Json(audited(&api, &staff, "reject.replay", &id.to_string(), "", work).await?))
}

/// Reads all open rejects again that a filter names.
#[utoipa::path(
    post,
    path = "/rejects/replay",
    tag = "rejects",
    request_body = ReplayDraft,
    responses((status = 200, description = "What became of them", body = ReplayOutcome)),
    extensions(("x-permission" = json!("rejects.write")))
)]
pub(crate) async fn replay_rejects(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::RejectsWrite>,
    Body(ReplayDraft { filter }): Body<ReplayDraft>,
) -> Result<Json<ReplayOutcome>, Problem> {
    let detail = serde_json::to_string(&filter).unwrap_or_default();
    let work = api.ports.rejects.replay_all(&staff.principal, &filter);
    Ok(Json(audited(&api, &staff, "reject.replay", "filter", &detail, work).await?))
}

/// Closes a reject without reading it again.
#[utoipa::path(
    post,
    path = "/rejects/{id}/discard",
    tag = "rejects",
    params(ByReject),
    request_body = Note,
    responses((status = 200, description = "The reject as it is now", body = Reject)),
    extensions(("x-permission" = json!("rejects.write")))
)]
pub(crate) async fn discard_reject(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::RejectsWrite>,
    Params(ByReject { id }): Params<ByReject>,
    Body(note): Body<Note>,
) -> Result<Json<Reject>, Problem> {
    let note = note.checked()?;
    let work = api.ports.rejects.discard(&staff.principal, id, &note);
    Ok(Json(audited(&api, &staff, "reject.discard", &id.to_string(), &note, work).await?))
}
