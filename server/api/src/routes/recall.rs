//! What a recall would reach.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::exports::export;
use super::list::list;
use crate::api::Api;
use crate::http::{Asked, PageParams, Question, Staff, needs};
use crate::ports::{FileFormat, RecallAnswer, RecallScope, Row};
use crate::problem::Problem;

list! {
    /// Codes with their states, in order of code.
    RecallCodeList of Row
}

/// The form of the codes.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "describes what ScopedCodes reads")]
pub(crate) struct CodesFormat {
    /// JSON, or a file to save.
    #[param(inline)]
    format: Option<FileFormat>,
}

/// A scope, and the form of its codes.
#[derive(Deserialize)]
pub(crate) struct ScopedCodes {
    #[serde(flatten)]
    scope: RecallScope,
    format: Option<FileFormat>,
}

/// What a scope reached, as of the last build.
///
/// `unbuilt_events` says how many events came that the answer does not count; with `fresh=true` they
/// are built first, which takes as long as a build.
#[utoipa::path(
    get,
    path = "/recall",
    tag = "codes",
    params(RecallScope),
    responses((status = 200, description = "What was reached", body = RecallAnswer)),
    extensions(("x-permission" = json!("recall.read")))
)]
pub(crate) async fn recall(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::RecallRead>,
    Question(scope): Question<RecallScope>,
) -> Result<Json<RecallAnswer>, Problem> {
    expect_one(&scope)?;
    Ok(Json(api.ports.tracing.recall(&staff.principal, &scope).await?))
}

/// The codes a scope reached. As CSV or a workbook all of them, which the audit log records.
#[utoipa::path(
    get,
    path = "/recall/codes",
    tag = "codes",
    params(RecallScope, CodesFormat, PageParams),
    responses((
        status = 200,
        description = "A page of codes, or a file",
        content(
            (RecallCodeList = "application/json"),
            (String = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        )
    )),
    extensions(("x-permission" = json!("recall.read")))
)]
pub(crate) async fn recall_codes(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::RecallRead>,
    asked: Asked<ScopedCodes>,
) -> Result<Response, Problem> {
    let ScopedCodes { scope, format } = &asked.filter;
    expect_one(scope)?;
    let tracing = &api.ports.tracing;
    match format.unwrap_or(FileFormat::Json) {
        FileFormat::Json => {
            let page = tracing.recall_codes(&staff.principal, scope, &asked.page).await?;
            Ok(Json(RecallCodeList::from(asked.answer(page))).into_response())
        }
        format => {
            let file = tracing.recall_file(&staff.principal, scope, format);
            let object = serde_json::to_string(scope).unwrap_or_default();
            export(&api, &staff, "recall.export", &object, "", format, file).await
        }
    }
}

/// The combinations there are, for whoever wrote another one.
const COMBINATIONS: &str = "name one scope: material and lot | product and batch | work_order | \
     line, from and to | codes_from and codes_to";

fn expect_one(scope: &RecallScope) -> Result<(), Problem> {
    let given = [
        &scope.material,
        &scope.lot,
        &scope.product,
        &scope.batch,
        &scope.work_order,
        &scope.line,
        &scope.from,
        &scope.to,
        &scope.codes_from,
        &scope.codes_to,
    ];
    if given.iter().any(|value| value.as_deref().is_some_and(|text| text.trim().is_empty())) {
        return Err(Problem::bad_request(format!("a part of the scope is empty; {COMBINATIONS}")));
    }
    let given = given.map(Option::is_some).map(u8::from);
    match given {
        [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]
        | [0, 0, 1, 1, 0, 0, 0, 0, 0, 0]
        | [0, 0, 0, 0, 1, 0, 0, 0, 0, 0]
        | [0, 0, 0, 0, 0, 1, 1, 1, 0, 0]
        | [0, 0, 0, 0, 0, 0, 0, 0, 1, 1] => Ok(()),
        _ => Err(Problem::bad_request(COMBINATIONS)),
    }
}
