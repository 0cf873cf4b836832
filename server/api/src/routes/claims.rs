//! Promoters' claims and their month.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use super::exports::export;
use crate::api::Api;
use crate::http::{Body, Params, Question, Staff, audited, length, needs};
use crate::ports::{Claim, ClaimDecision, ClaimDecisionDraft, FileFormat};
use crate::problem::Problem;

/// Names a claim.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ByEvent {
    /// The event.
    #[param(example = "e-1")]
    event_id: String,
}

/// Which month.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SettlementParams {
    /// The month, `YYYY-MM`.
    #[param(example = "2026-03", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    period: String,
    /// A workbook; there is no other form.
    #[param(inline, value_type = Option<WorkbookFormat>)]
    format: Option<FileFormat>,
}

/// The one form of a settlement.
#[derive(utoipa::ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "describes a parameter")]
pub(crate) enum WorkbookFormat {
    Xlsx,
}

/// The facts of one claim, check by check.
#[utoipa::path(
    get,
    path = "/claims/{event_id}",
    tag = "finance",
    params(ByEvent),
    responses((status = 200, description = "The claim", body = Claim)),
    extensions(("x-permission" = json!("claims.read")))
)]
pub(crate) async fn read_claim(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::ClaimsRead>,
    Params(ByEvent { event_id }): Params<ByEvent>,
) -> Result<Json<Claim>, Problem> {
    Ok(Json(api.ports.claims.claim(&staff.principal, &event_id).await?))
}

/// Records what is decided about a held claim. It changes no verdict and no amount.
#[utoipa::path(
    post,
    path = "/claims/{event_id}/decisions",
    tag = "finance",
    params(ByEvent),
    request_body = ClaimDecisionDraft,
    responses((status = 201, description = "Recorded", body = ClaimDecision)),
    extensions(("x-permission" = json!("claims.decide")))
)]
pub(crate) async fn decide_claim(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::ClaimsDecide>,
    Params(ByEvent { event_id }): Params<ByEvent>,
    Body(draft): Body<ClaimDecisionDraft>,
) -> Result<(StatusCode, Json<ClaimDecision>), Problem> {
    length("note", &draft.note, 1..=2_000)?;
    let detail = serde_json::to_string(&draft).unwrap_or_default();
    let work = api.ports.claims.decide(&staff.principal, &event_id, &draft);
    let kept = audited(&api, &staff, "claim.decide", &event_id, &detail, work).await?;
    Ok((StatusCode::CREATED, Json(kept)))
}

/// The workbook of a month, which the audit log records. Its amounts are formulas over its claims.
#[utoipa::path(
    get,
    path = "/settlement",
    tag = "finance",
    params(SettlementParams),
    responses((
        status = 200,
        description = "The workbook",
        content((Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))
    )),
    extensions(("x-permission" = json!("claims.read")))
)]
pub(crate) async fn settlement_workbook(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::ClaimsRead>,
    Question(asked): Question<SettlementParams>,
) -> Result<Response, Problem> {
    if !matches!(asked.format, None | Some(FileFormat::Xlsx)) {
        return Err(Problem::bad_request("a settlement is a workbook: give format=xlsx"));
    }
    let period = asked.period;
    let is_month =
        period.len() == 7 && NaiveDate::parse_from_str(&format!("{period}-01"), "%Y-%m-%d").is_ok();
    if !is_month {
        return Err(Problem::bad_request(format!(
            "`period` is `{period}`; give a month like 2026-03"
        )));
    }
    let file = api.ports.claims.settlement(&staff.principal, &period);
    export(&api, &staff, "settlement.export", &period, "", FileFormat::Xlsx, file).await
}
