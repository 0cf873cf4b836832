//! Diversion cases.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::exports::export;
use super::rejects::Note;
use crate::api::Api;
use crate::http::{Body, Params, Question, Staff, audited, length, needs};
use crate::ports::{Case, CaseDecision, CaseDecisionDraft, CaseKey, FileFormat};
use crate::problem::Problem;

/// The form of a case's file.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CaseFileParams {
    /// `json` or `xlsx`; a workbook if left out.
    #[param(inline, value_type = Option<CaseFileFormat>)]
    format: Option<FileFormat>,
}

/// Forms of a case's file.
#[derive(utoipa::ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "describes a parameter")]
pub(crate) enum CaseFileFormat {
    Json,
    Xlsx,
}

/// A case as one path.
fn object(key: &CaseKey) -> String {
    let CaseKey { dealer_code, product_code, destination_region, month } = key;
    format!("{dealer_code}/{product_code}/{destination_region}/{month}")
}

/// A case with all it stands on.
#[utoipa::path(
    get,
    path = "/cases/{dealer_code}/{product_code}/{destination_region}/{month}",
    tag = "diversion",
    params(CaseKey),
    responses((status = 200, description = "The case", body = Case)),
    extensions(("x-permission" = json!("cases.read")))
)]
pub(crate) async fn read_case(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::CasesRead>,
    Params(key): Params<CaseKey>,
) -> Result<Json<Case>, Problem> {
    Ok(Json(api.ports.cases.case(&staff.principal, &key).await?))
}

/// The evidence file of a case, which the audit log records.
#[utoipa::path(
    get,
    path = "/cases/{dealer_code}/{product_code}/{destination_region}/{month}/file",
    tag = "diversion",
    params(CaseKey, CaseFileParams),
    responses((
        status = 200,
        description = "The file",
        content(
            (Case = "application/json"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        )
    )),
    extensions(("x-permission" = json!("cases.read")))
)]
pub(crate) async fn case_file(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::CasesRead>,
    Params(key): Params<CaseKey>,
    Question(asked): Question<CaseFileParams>,
) -> Result<Response, Problem> {
    let format = asked.format.unwrap_or(FileFormat::Xlsx);
    if format == FileFormat::Csv {
        return Err(Problem::bad_request("a case has several tables; ask for json or xlsx"));
    }
    let file = api.ports.cases.file(&staff.principal, &key, format);
    export(&api, &staff, "case.export", &object(&key), "", format, file).await
}

/// Records a decision. It changes no count and no alert.
#[utoipa::path(
    post,
    path = "/cases/{dealer_code}/{product_code}/{destination_region}/{month}/decisions",
    tag = "diversion",
    params(CaseKey),
    request_body = CaseDecisionDraft,
    responses((status = 201, description = "Recorded", body = CaseDecision)),
    extensions(("x-permission" = json!("cases.decide")))
)]
pub(crate) async fn decide_case(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::CasesDecide>,
    Params(key): Params<CaseKey>,
    Body(draft): Body<CaseDecisionDraft>,
) -> Result<(StatusCode, Json<CaseDecision>), Problem> {
    length("note", &draft.note, 1..=2_000)?;
    length("case_hash", &draft.case_hash, 1..=100)?;
    let detail = serde_json::to_string(&draft).unwrap_or_default();
    let work = api.ports.cases.decide(&staff.principal, &key, &draft);
    let kept = audited(&api, &staff, "case.decide", &object(&key), &detail, work).await?;
    Ok((StatusCode::CREATED, Json(kept)))
}

/// Records a dealer's appeal against a case of its own.
#[utoipa::path(
    post,
    path = "/cases/{dealer_code}/{product_code}/{destination_region}/{month}/appeals",
    tag = "diversion",
    params(CaseKey),
    request_body = Note,
    responses((status = 201, description = "Recorded", body = CaseDecision)),
    extensions(("x-permission" = json!("cases.appeal")))
)]
pub(crate) async fn appeal_case(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::CasesAppeal>,
    Params(key): Params<CaseKey>,
    Body(note): Body<Note>,
) -> Result<(StatusCode, Json<CaseDecision>), Problem> {
    let note = note.checked()?;
    let work = api.ports.cases.appeal(&staff.principal, &key, &note);
    let kept = audited(&api, &staff, "case.appeal", &object(&key), &note, work).await?;
    Ok((StatusCode::CREATED, Json(kept)))
}
