//! Whether a code is genuine. Anybody may ask.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::api::Api;
use crate::http::{Asker, Body, MaybeCaller, Question};
use crate::ports::{Verified, VerifyQuestion};
use crate::problem::Problem;

/// Whether codes are genuine.
#[utoipa::path(
    get,
    path = "/verify",
    tag = "codes",
    params(VerifyQuestion),
    responses(
        (status = 200, description = "An answer for each code", body = Vec<Verified>),
        (status = 401, response = inline(crate::openapi::NoToken)),
        (status = 403, response = inline(crate::openapi::CaptchaWanted)),
        (status = 429, response = inline(crate::openapi::TooMany)),
    ),
    extensions(("x-permission" = json!("public")))
)]
pub(crate) async fn verify_by_query(
    State(api): State<Arc<Api>>,
    caller: MaybeCaller,
    asker: Asker,
    Question(question): Question<VerifyQuestion>,
) -> Result<Json<Vec<Verified>>, Problem> {
    answer(&api, caller, asker, &question).await
}

/// Whether codes are genuine.
#[utoipa::path(
    post,
    path = "/verify",
    tag = "codes",
    request_body = VerifyQuestion,
    responses(
        (status = 200, description = "An answer for each code", body = Vec<Verified>),
        (status = 401, response = inline(crate::openapi::NoToken)),
        (status = 403, response = inline(crate::openapi::CaptchaWanted)),
        (status = 429, response = inline(crate::openapi::TooMany)),
    ),
    extensions(("x-permission" = json!("public")))
)]
pub(crate) async fn verify_by_body(
    State(api): State<Arc<Api>>,
    caller: MaybeCaller,
    asker: Asker,
    Body(question): Body<VerifyQuestion>,
) -> Result<Json<Vec<Verified>>, Problem> {
    answer(&api, caller, asker, &question).await
}

async fn answer(
    api: &Api,
    MaybeCaller(caller): MaybeCaller,
    Asker(consumer): Asker,
    question: &VerifyQuestion,
) -> Result<Json<Vec<Verified>>, Problem> {
    if question.codes.trim().is_empty() {
        return Err(Problem::bad_request(
            "`codes` is empty: give one code, or several with ; between",
        ));
    }
    let who = caller.as_ref().map(|caller| &caller.principal);
    Ok(Json(api.ports.scans.verify(who, &consumer, question).await?))
}
