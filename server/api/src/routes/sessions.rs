//! Logging in and out by password.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{Locale, LocaleWord, Permission, Role, RoleWord};
use crate::api::{Api, SESSION_COOKIE};
use crate::http::{Body, Caller, Credential, Visitor, clear, length, set};
use crate::ports::{self, LoginError, Opened, SessionWays};
use crate::problem::Problem;

/// Longer passwords are not hashed: hashing them would take as long as somebody wants.
pub(crate) const PASSWORD_CHARS_MAX: usize = 200;

/// Logins are short.
const LOGIN_CHARS_MAX: usize = 100;

/// A login and its password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Login {
    /// The account.
    #[schema(example = "admin", min_length = 1, max_length = 100)]
    login: String,
    /// Its password.
    #[schema(example = "correct horse battery staple", min_length = 1, max_length = 200)]
    password: String,
}

/// A password and the one to take its place.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordChange {
    /// The password until now.
    #[schema(min_length = 1, max_length = 200)]
    current: String,
    /// The new one.
    #[schema(min_length = 1, max_length = 200)]
    next: String,
}

/// Who is logged in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    /// The account.
    #[schema(example = "li.na")]
    login: String,
    /// What people call them.
    #[schema(example = "李娜")]
    display_name: String,
    /// What the account is for.
    #[schema(value_type = RoleWord)]
    role: Role,
    /// The region codes it sees, with everything below; empty: all of China.
    regions: Vec<String>,
    /// The root of the subtree of dealers it sees; null: not a dealer.
    dealer_code: Option<String>,
    /// The language it reads.
    #[schema(value_type = LocaleWord)]
    locale: Locale,
    /// To be sent as `X-CSRF-Token` with every request that changes something; empty where a bearer
    /// token asks, which needs none.
    csrf_token: String,
    /// What it may do, by name: `runs.read`.
    #[schema(value_type = Vec<String>, example = json!(["reports.read", "trace.read"]))]
    permissions: Vec<Permission>,
    /// Until they have set a password of their own, nothing but that is allowed.
    must_change_password: bool,
    /// The hub's version.
    #[schema(example = "0.1.0")]
    version: String,
}

impl Session {
    fn new(api: &Api, session: ports::Session) -> Self {
        let ports::Session { principal, csrf_token, must_change_password } = session;
        Self {
            permissions: principal.permissions(),
            login: principal.login,
            display_name: principal.display_name,
            role: principal.role,
            regions: principal.regions,
            dealer_code: principal.dealer_code,
            locale: principal.locale,
            csrf_token,
            must_change_password,
            version: api.options.version.clone(),
        }
    }
}

/// How one can log in.
#[utoipa::path(
    get,
    path = "/session/ways",
    tag = "session",
    responses((status = 200, description = "The ways there are", body = SessionWays)),
    extensions(("x-permission" = json!("public")))
)]
pub(crate) async fn session_ways(
    State(api): State<Arc<Api>>,
) -> Result<Json<SessionWays>, Problem> {
    Ok(Json(api.ports.sessions.ways().await?))
}

/// Logs in by password and sets the session's cookie.
///
/// The answer to a login that does not exist is that to a wrong password, and takes as long.
#[utoipa::path(
    post,
    path = "/session",
    tag = "session",
    request_body = Login,
    responses(
        (status = 200, description = "Logged in", body = Session),
        (status = 401, response = inline(crate::openapi::WrongLogin)),
        (status = 429, response = inline(crate::openapi::Locked)),
    ),
    extensions(("x-permission" = json!("public")))
)]
pub(crate) async fn log_in(
    State(api): State<Arc<Api>>,
    Visitor(origin): Visitor,
    Body(asked): Body<Login>,
) -> Result<Response, Problem> {
    length("login", &asked.login, 1..=LOGIN_CHARS_MAX)?;
    length("password", &asked.password, 1..=PASSWORD_CHARS_MAX)?;
    let opened = api.ports.sessions.log_in(&asked.login, &asked.password, &origin).await?;
    Ok(welcome(&api, opened))
}

/// The answer to whoever just logged in.
fn welcome(api: &Api, opened: Opened) -> Response {
    let mut headers = HeaderMap::new();
    let is_tls = api.options.is_tls;
    set(&mut headers, SESSION_COOKIE, &opened.token, "/", opened.lifetime, is_tls);
    let session = Session::new(api, opened.session);
    (headers, Json(session)).into_response()
}

/// Who is logged in, and what they may do.
#[utoipa::path(
    get,
    path = "/session",
    tag = "session",
    responses((status = 200, description = "The session", body = Session)),
    extensions(("x-permission" = json!("session")))
)]
pub(crate) async fn own_session(
    State(api): State<Arc<Api>>,
    caller: Caller,
) -> Result<Json<Session>, Problem> {
    let (csrf_token, must_change_password) = match caller.credential {
        Credential::Cookie { csrf_token, must_change_password, .. } => {
            (csrf_token, must_change_password)
        }
        Credential::Bearer | Credential::None => (String::new(), false),
    };
    let session = ports::Session { principal: caller.principal, csrf_token, must_change_password };
    Ok(Json(Session::new(&api, session)))
}

/// Logs out and takes the cookie back.
#[utoipa::path(
    delete,
    path = "/session",
    tag = "session",
    responses((status = 204, description = "Logged out")),
    extensions(("x-permission" = json!("session")))
)]
pub(crate) async fn log_out(
    State(api): State<Arc<Api>>,
    caller: Caller,
) -> Result<Response, Problem> {
    let mut headers = HeaderMap::new();
    if let Credential::Cookie { token, .. } = &caller.credential {
        api.ports.sessions.log_out(token, &caller.origin).await?;
        clear(&mut headers, SESSION_COOKIE, "/", api.options.is_tls);
    }
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}

/// Sets a new password, ends the account's sessions and begins one in their place, with its cookie.
#[utoipa::path(
    put,
    path = "/session/password",
    tag = "session",
    request_body = PasswordChange,
    responses(
        (status = 200, description = "Changed, and logged in anew", body = Session),
        (status = 429, response = inline(crate::openapi::Locked)),
    ),
    extensions(("x-permission" = json!("session")))
)]
pub(crate) async fn change_password(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Body(asked): Body<PasswordChange>,
) -> Result<Response, Problem> {
    let Credential::Cookie { token, .. } = &caller.credential else {
        return Err(Problem::forbidden("a token has no password; log in to change one"));
    };
    length("current", &asked.current, 1..=PASSWORD_CHARS_MAX)?;
    length("next", &asked.next, 1..=PASSWORD_CHARS_MAX)?;
    let (who, from) = (&caller.principal, &caller.origin);
    let sessions = &api.ports.sessions;
    match sessions.change_password(who, token, &asked.current, &asked.next, from).await {
        Ok(opened) => Ok(welcome(&api, opened)),
        // Whoever asks is logged in: 401 would send them to the login page.
        Err(LoginError::Wrong) => Err(Problem::forbidden("`current` is not the password")),
        Err(error) => Err(error.into()),
    }
}
