//! Reports as JSON, CSV and workbooks.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::exports::export;
use super::list::list;
use super::report_query::{Pairs, ReportParams, question};
use crate::access::may_read_report;
use crate::api::Api;
use crate::http::{Asked, Caller, PageParams, Params, Staff, needs};
use crate::ports::{FileFormat, Report, ReportRows};
use crate::problem::Problem;

list! {
    /// Reports in order of name.
    ReportList of Report
}

/// Names a report.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ByName {
    /// The report.
    #[param(example = "regional-sales")]
    name: String,
}

/// The reports that whoever asks may read.
#[utoipa::path(
    get,
    path = "/reports",
    tag = "reports",
    responses((status = 200, description = "The reports", body = ReportList)),
    extensions(("x-permission" = json!("reports.read")))
)]
pub(crate) async fn list_reports(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::ReportsRead>,
) -> Result<Json<ReportList>, Problem> {
    let mut reports = api.ports.reports.reports(&staff.principal).await?;
    reports.retain(|report| may_read_report(staff.principal.role, &report.name));
    Ok(Json(reports.into()))
}

/// The rows of a report, within what whoever asks may see.
///
/// `format=csv` and `format=xlsx` answer with the whole report as a file, which the audit log records.
#[utoipa::path(
    get,
    path = "/reports/{name}",
    tag = "reports",
    params(ByName, ReportParams, PageParams),
    responses((
        status = 200,
        description = "A page of rows, or a file",
        content(
            (ReportRows = "application/json"),
            (String = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        )
    )),
    extensions(("x-permission" = json!("reports.read")))
)]
pub(crate) async fn read_report(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::ReportsRead>,
    Params(ByName { name }): Params<ByName>,
    asked: Asked<Pairs>,
) -> Result<Response, Problem> {
    answer(&api, &staff, &name, asked).await
}

/// Addresses whose county is not known: the report `unresolved-addresses`.
#[utoipa::path(
    get,
    path = "/addresses/unresolved",
    tag = "map",
    params(ReportParams, PageParams),
    responses((
        status = 200,
        description = "A page of rows, or a file",
        content(
            (ReportRows = "application/json"),
            (String = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        )
    )),
    extensions(("x-permission" = json!("reports.read")))
)]
pub(crate) async fn unresolved_addresses(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::ReportsRead>,
    asked: Asked<Pairs>,
) -> Result<Response, Problem> {
    answer(&api, &staff, "unresolved-addresses", asked).await
}

async fn answer(
    api: &Api,
    caller: &Caller,
    name: &str,
    asked: Asked<Pairs>,
) -> Result<Response, Problem> {
    let who = &caller.principal;
    if !may_read_report(who.role, name) {
        return Err(Problem::forbidden(format!(
            "the report `{name}` is not for your role; GET /api/v1/reports lists those that are"
        )));
    }
    let (question, format) = question(&asked.filter)?;
    let reports = &api.ports.reports;
    if format == FileFormat::Json {
        let mut rows: ReportRows = reports.rows(who, name, &question, &asked.page).await?;
        rows.next_cursor = rows.next_cursor.map(|next| asked.cursor(&next));
        return Ok(Json(rows).into_response());
    }
    let pairs = asked.filter.iter().map(|(name, value)| format!("{name}={value}"));
    let detail = pairs.collect::<Vec<_>>().join("&");
    let file = reports.file(who, name, &question, format);
    export(api, caller, "report.export", name, &detail, format, file).await
}
