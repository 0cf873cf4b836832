//! Accounts of people.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::list::list;
use super::sessions::PASSWORD_CHARS_MAX;
use crate::access::Role;
use crate::api::Api;
use crate::http::{Asked, Body, PageParams, Params, Staff, length, needs, region};
use crate::ports::{Account, AccountDraft, NewAccount};
use crate::problem::Problem;

list! {
    /// Accounts in order of login.
    AccountList of Account
}

/// No filter.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// Names an account.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ByLogin {
    /// The account.
    #[param(example = "li.na")]
    login: String,
}

/// A password to set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordDraft {
    /// The password; the person is asked to change it.
    #[schema(min_length = 1, max_length = 200)]
    password: String,
}

/// Whether an account is switched off.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DisableDraft {
    /// Off, or on again.
    is_disabled: bool,
}

/// Accounts of people.
#[utoipa::path(
    get,
    path = "/accounts",
    tag = "accounts",
    params(PageParams),
    responses((status = 200, description = "A page of accounts", body = AccountList)),
    extensions(("x-permission" = json!("accounts.read")))
)]
pub(crate) async fn list_accounts(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::ReadAccounts>,
    asked: Asked<Nothing>,
) -> Result<Json<AccountList>, Problem> {
    let page = api.ports.accounts.accounts(&staff.principal, &asked.page).await?;
    Ok(Json(asked.answer(page).into()))
}

/// Makes an account.
#[utoipa::path(
    post,
    path = "/accounts",
    tag = "accounts",
    request_body = NewAccount,
    responses((status = 201, description = "Made", body = Account)),
    extensions(("x-permission" = json!("accounts.write")))
)]
pub(crate) async fn create_account(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::WriteAccounts>,
    Body(draft): Body<NewAccount>,
) -> Result<(StatusCode, Json<Account>), Problem> {
    length("login", &draft.login, 1..=100)?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-_@".contains(c);
    if !draft.login.chars().all(is_plain) {
        return Err(Problem::bad_request(
            "`login` has other characters than letters, digits, `.`, `-`, `_` and `@`",
        ));
    }
    length("password", &draft.password, 1..=PASSWORD_CHARS_MAX)?;
    check(&draft.draft())?;
    let made = api.ports.accounts.create(&staff.principal, &staff.origin, &draft).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Replaces what an account is.
#[utoipa::path(
    put,
    path = "/accounts/{login}",
    tag = "accounts",
    params(ByLogin),
    request_body = AccountDraft,
    responses((status = 200, description = "The account as it is now", body = Account)),
    extensions(("x-permission" = json!("accounts.write")))
)]
pub(crate) async fn update_account(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::WriteAccounts>,
    Params(ByLogin { login }): Params<ByLogin>,
    Body(draft): Body<AccountDraft>,
) -> Result<Json<Account>, Problem> {
    check(&draft)?;
    let accounts = &api.ports.accounts;
    Ok(Json(accounts.update(&staff.principal, &staff.origin, &login, &draft).await?))
}

/// Sets a password that the person is asked to change, and ends the account's sessions.
#[utoipa::path(
    post,
    path = "/accounts/{login}/password",
    tag = "accounts",
    params(ByLogin),
    request_body = PasswordDraft,
    responses((status = 204, description = "Set")),
    extensions(("x-permission" = json!("accounts.write")))
)]
pub(crate) async fn set_account_password(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::WriteAccounts>,
    Params(ByLogin { login }): Params<ByLogin>,
    Body(draft): Body<PasswordDraft>,
) -> Result<StatusCode, Problem> {
    length("password", &draft.password, 1..=PASSWORD_CHARS_MAX)?;
    let accounts = &api.ports.accounts;
    accounts.set_password(&staff.principal, &staff.origin, &login, &draft.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lifts the lock that failed attempts brought.
#[utoipa::path(
    post,
    path = "/accounts/{login}/unlock",
    tag = "accounts",
    params(ByLogin),
    responses((status = 200, description = "The account as it is now", body = Account)),
    extensions(("x-permission" = json!("accounts.write")))
)]
pub(crate) async fn unlock_account(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::WriteAccounts>,
    Params(ByLogin { login }): Params<ByLogin>,
) -> Result<Json<Account>, Problem> {
    Ok(Json(api.ports.accounts.unlock(&staff.principal, &staff.origin, &login).await?))
}

/// Switches an account off, which ends its sessions, or on again.
#[utoipa::path(
    post,
    path = "/accounts/{login}/disable",
    tag = "accounts",
    params(ByLogin),
    request_body = DisableDraft,
    responses((status = 200, description = "The account as it is now", body = Account)),
    extensions(("x-permission" = json!("accounts.write")))
)]
pub(crate) async fn disable_account(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::WriteAccounts>,
    Params(ByLogin { login }): Params<ByLogin>,
    Body(draft): Body<DisableDraft>,
) -> Result<Json<Account>, Problem> {
    if login == staff.principal.login && draft.is_disabled {
        return Err(Problem::conflict("nobody can switch off their own account"));
    }
    let accounts = &api.ports.accounts;
    let (who, from) = (&staff.principal, &staff.origin);
    Ok(Json(accounts.disable(who, from, &login, draft.is_disabled).await?))
}

fn check(draft: &AccountDraft) -> Result<(), Problem> {
    length("display_name", &draft.display_name, 1..=100)?;
    if !draft.role.has_accounts() {
        return Err(Problem::bad_request(
            "an account of a person has none of the roles device and public; make a token for a \
             device with POST /api/v1/tokens",
        ));
    }
    if draft.regions.len() > 500 {
        return Err(Problem::bad_request("`regions` names more than 500 regions"));
    }
    draft.regions.iter().try_for_each(|code| region("regions", code))?;
    expect_dealer(draft.role, draft.dealer_code.as_deref())
}

/// A dealer is one of some dealer; nobody else is.
fn expect_dealer(role: Role, dealer_code: Option<&str>) -> Result<(), Problem> {
    if let Some(code) = dealer_code {
        length("dealer_code", code, 1..=100)?;
    }
    match (role == Role::Dealer, dealer_code) {
        (true, None) => Err(Problem::bad_request("the role dealer needs a `dealer_code`")),
        (false, Some(_)) => Err(Problem::bad_request("only the role dealer has a `dealer_code`")),
        _ => Ok(()),
    }
}
