//! Jobs and their schedules.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use super::accounts::Nothing;
use super::list::list;
use super::runs::RunList;
use crate::api::Api;
use crate::http::{Asked, PageParams, Params, Staff, audited, needs};
use crate::ports::{Job, Run};
use crate::problem::Problem;

list! {
    /// Jobs in order of name.
    JobList of Job
}

/// Names a job.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ByJob {
    /// The job.
    #[param(example = "sync-erp-main")]
    name: String,
}

/// The jobs, when they are due, and how they last went.
#[utoipa::path(
    get,
    path = "/jobs",
    tag = "jobs",
    responses((status = 200, description = "The jobs", body = JobList)),
    extensions(("x-permission" = json!("jobs.read")))
)]
pub(crate) async fn list_jobs(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::JobsRead>,
) -> Result<Json<JobList>, Problem> {
    Ok(Json(api.ports.jobs.jobs(&staff.principal).await?.into()))
}

/// Runs a job now.
#[utoipa::path(
    post,
    path = "/jobs/{name}/run",
    tag = "jobs",
    params(ByJob),
    responses((status = 202, description = "It runs", body = Run)),
    extensions(("x-permission" = json!("jobs.write")))
)]
pub(crate) async fn run_job(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::JobsWrite>,
    Params(ByJob { name }): Params<ByJob>,
) -> Result<(StatusCode, Json<Run>), Problem> {
    let work = api.ports.jobs.run_now(&staff.principal, &name);
    let run = audited(&api, &staff, "job.run", &name, "", work).await?;
    Ok((StatusCode::ACCEPTED, Json(run)))
}

/// Pauses a job; a run under way goes on.
#[utoipa::path(
    post,
    path = "/jobs/{name}/pause",
    tag = "jobs",
    params(ByJob),
    responses((status = 200, description = "The job as it is now", body = Job)),
    extensions(("x-permission" = json!("jobs.write")))
)]
pub(crate) async fn pause_job(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::JobsWrite>,
    Params(ByJob { name }): Params<ByJob>,
) -> Result<Json<Job>, Problem> {
    let work = api.ports.jobs.set_paused(&staff.principal, &name, true);
    Ok(Json(audited(&api, &staff, "job.pause", &name, "", work).await?))
}

/// Resumes a job.
#[utoipa::path(
    post,
    path = "/jobs/{name}/resume",
    tag = "jobs",
    params(ByJob),
    responses((status = 200, description = "The job as it is now", body = Job)),
    extensions(("x-permission" = json!("jobs.write")))
)]
pub(crate) async fn resume_job(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::JobsWrite>,
    Params(ByJob { name }): Params<ByJob>,
) -> Result<Json<Job>, Problem> {
    let work = api.ports.jobs.set_paused(&staff.principal, &name, false);
    Ok(Json(audited(&api, &staff, "job.resume", &name, "", work).await?))
}

/// The runs of a job.
#[utoipa::path(
    get,
    path = "/jobs/{name}/runs",
    tag = "jobs",
    params(ByJob, PageParams),
    responses((status = 200, description = "A page of runs", body = RunList)),
    extensions(("x-permission" = json!("jobs.read")))
)]
pub(crate) async fn list_job_runs(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::JobsRead>,
    Params(ByJob { name }): Params<ByJob>,
    asked: Asked<Nothing>,
) -> Result<Json<RunList>, Problem> {
    let page = api.ports.jobs.runs(&staff.principal, &name, &asked.page).await?;
    Ok(Json(asked.answer(page).into()))
}
