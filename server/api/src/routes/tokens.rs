//! Tokens of devices.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use super::accounts::Nothing;
use super::list::list;
use crate::api::Api;
use crate::http::{Asked, Body, PageParams, Params, Staff, length, needs};
use crate::ports::{NewToken, Token, TokenMade};
use crate::problem::Problem;

list! {
    /// Tokens without their secrets, newest first.
    TokenList of Token
}

/// Names a token.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ById {
    /// The token's id.
    #[param(example = "tok_01")]
    id: String,
}

/// Tokens of devices.
#[utoipa::path(
    get,
    path = "/tokens",
    tag = "accounts",
    params(PageParams),
    responses((status = 200, description = "A page of tokens", body = TokenList)),
    extensions(("x-permission" = json!("accounts.read")))
)]
pub(crate) async fn list_tokens(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::ReadAccounts>,
    asked: Asked<Nothing>,
) -> Result<Json<TokenList>, Problem> {
    let page = api.ports.accounts.tokens(&staff.principal, &asked.page).await?;
    Ok(Json(asked.answer(page).into()))
}

/// Makes a token; its secret is shown this once.
#[utoipa::path(
    post,
    path = "/tokens",
    tag = "accounts",
    request_body = NewToken,
    responses((status = 201, description = "Made", body = TokenMade)),
    extensions(("x-permission" = json!("accounts.write")))
)]
pub(crate) async fn create_token(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::WriteAccounts>,
    Body(draft): Body<NewToken>,
) -> Result<(StatusCode, Json<TokenMade>), Problem> {
    length("name", &draft.name, 1..=100)?;
    if let Some(login) = &draft.login {
        length("login", login, 1..=100)?;
    }
    let made = api.ports.accounts.create_token(&staff.principal, &staff.origin, &draft).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Ends a token.
#[utoipa::path(
    delete,
    path = "/tokens/{id}",
    tag = "accounts",
    params(ById),
    responses((status = 204, description = "Ended")),
    extensions(("x-permission" = json!("accounts.write")))
)]
pub(crate) async fn revoke_token(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::WriteAccounts>,
    Params(ById { id }): Params<ById>,
) -> Result<StatusCode, Problem> {
    api.ports.accounts.revoke_token(&staff.principal, &staff.origin, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
