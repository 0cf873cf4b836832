//! What ran, and starting it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use super::list::list;
use crate::api::Api;
use crate::http::{Asked, Body, PageParams, Params, Staff, audited, length, needs};
use crate::ports::{Run, RunDraft, RunFilter, RunKind, RunOutcome};
use crate::problem::Problem;

list! {
    /// Runs, newest first.
    RunList of Run
}

/// Which runs; what is left out means any.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RunParams {
    /// Of this system.
    #[param(example = "erp-main")]
    system: Option<String>,
    /// Of this kind.
    #[param(example = "sync")]
    kind: Option<String>,
    /// That ended so.
    #[param(inline)]
    outcome: Option<RunOutcome>,
    /// Of this job.
    job: Option<String>,
}

/// Names a run.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ByRun {
    /// The run.
    #[param(example = "0197b1f0-0000-7000-8000-000000000001")]
    id: String,
}

/// What ran and what runs.
#[utoipa::path(
    get,
    path = "/runs",
    tag = "runs",
    params(RunParams, PageParams),
    responses((status = 200, description = "A page of runs", body = RunList)),
    extensions(("x-permission" = json!("runs.read")))
)]
pub(crate) async fn list_runs(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::RunsRead>,
    asked: Asked<RunParams>,
) -> Result<Json<RunList>, Problem> {
    let RunParams { system, kind, outcome, job } = &asked.filter;
    let (system, kind, job) = (system.clone(), kind.clone(), job.clone());
    let filter = RunFilter { system, kind, outcome: *outcome, job };
    let page = api.ports.runs.runs(&staff.principal, &filter, &asked.page).await?;
    Ok(Json(asked.answer(page).into()))
}

/// One run.
#[utoipa::path(
    get,
    path = "/runs/{id}",
    tag = "runs",
    params(ByRun),
    responses((status = 200, description = "The run", body = Run)),
    extensions(("x-permission" = json!("runs.read")))
)]
pub(crate) async fn read_run(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::RunsRead>,
    Params(ByRun { id }): Params<ByRun>,
) -> Result<Json<Run>, Problem> {
    Ok(Json(api.ports.runs.run(&staff.principal, &id).await?))
}

/// Starts a run now.
#[utoipa::path(
    post,
    path = "/runs",
    tag = "runs",
    request_body = RunDraft,
    responses((status = 202, description = "It runs", body = Run)),
    extensions(("x-permission" = json!("runs.write")))
)]
pub(crate) async fn start_run(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::RunsWrite>,
    Body(draft): Body<RunDraft>,
) -> Result<(StatusCode, Json<Run>), Problem> {
    for (name, given) in [("system", &draft.system), ("stream", &draft.stream)] {
        given.as_deref().map_or(Ok(()), |text| length(name, text, 1..=100))?;
    }
    if draft.stream.is_some() && draft.system.is_none() {
        return Err(Problem::bad_request("`stream` is given without its `system`"));
    }
    if draft.kind == RunKind::Build && draft.system.is_some() {
        return Err(Problem::bad_request("a build is of all systems; leave `system` out"));
    }
    let object = draft.system.clone().unwrap_or_default();
    let detail = serde_json::to_string(&draft).unwrap_or_default();
    let work = api.ports.runs.start(&staff.principal, &draft);
    let run = audited(&api, &staff, "run.start", &object, &detail, work).await?;
    Ok((StatusCode::ACCEPTED, Json(run)))
}
