//! Logging in by single sign-on.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::{Api, SESSION_COOKIE};
use crate::http::{Question, Visitor, clear, cookie, set};
use crate::ports::{LoginError, OidcAnswer};
use crate::problem::Problem;

/// Keeps what binds a provider's answer to the browser that asked.
const STATE_COOKIE: &str = "yuanliu_oidc";

/// Only these routes are sent it.
const STATE_PATH: &str = "/api/v1/session/oidc";

/// A login at a provider takes no longer.
const STATE_LIFETIME: Duration = Duration::from_secs(600);

/// Where to go after logging in.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Start {
    /// A path of the web.
    #[param(example = "/", max_length = 1000, pattern = "^/([^/\\\\].*)?$")]
    return_to: Option<String>,
}

/// What a provider sends a browser back with.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Callback {
    /// The code to redeem.
    code: Option<String>,
    /// The state it was given.
    state: Option<String>,
    /// Why there is no code.
    error: Option<String>,
}

/// Sends the browser to the provider.
#[utoipa::path(
    get,
    path = "/session/oidc/start",
    tag = "session",
    params(Start),
    responses(
        (status = 303, description = "To the provider"),
        (status = 404, response = inline(crate::openapi::NoSuchThing)),
    ),
    extensions(("x-permission" = json!("public")))
)]
pub(crate) async fn oidc_start(
    State(api): State<Arc<Api>>,
    Question(asked): Question<Start>,
) -> Result<Response, Problem> {
    let return_to = asked.return_to.unwrap_or_else(|| "/".to_owned());
    if !is_own_path(&return_to) {
        return Err(Problem::bad_request(
            "`return_to` is not a path of this site; give one that begins with a single /",
        ));
    }
    let start = api.ports.sessions.oidc_start(&return_to).await?;
    let mut headers = HeaderMap::new();
    let is_tls = api.options.is_tls;
    set(&mut headers, STATE_COOKIE, &start.state, STATE_PATH, STATE_LIFETIME, is_tls);
    go(headers, &start.url)
}

/// Takes the provider's answer, logs in, and sends the browser to where it wanted to go.
///
/// A login that failed goes to the login page with the reason's code as `problem`.
#[utoipa::path(
    get,
    path = "/session/oidc/callback",
    tag = "session",
    params(Callback),
    responses((status = 303, description = "To the page asked for, or to the login page")),
    extensions(("x-permission" = json!("public")))
)]
pub(crate) async fn oidc_callback(
    State(api): State<Arc<Api>>,
    Visitor(origin): Visitor,
    asked: HeaderMap,
    Question(callback): Question<Callback>,
) -> Result<Response, Problem> {
    let is_tls = api.options.is_tls;
    let kept = cookie(&asked, STATE_COOKIE);
    let answered = match (callback.code, callback.state, kept) {
        (Some(code), Some(state), Some(kept)) => {
            let answer = OidcAnswer { code, state, kept: kept.to_owned() };
            api.ports.sessions.oidc_callback(&answer, &origin).await
        }
        _ => {
            let told = callback.error.as_deref().unwrap_or("no code, state or cookie");
            let told: String = told.chars().take(200).collect();
            Err(LoginError::Provider(format!("the provider's answer cannot be used: {told}")))
        }
    };
    let mut headers = HeaderMap::new();
    clear(&mut headers, STATE_COOKIE, STATE_PATH, is_tls);
    match answered {
        Ok((opened, return_to)) => {
            set(&mut headers, SESSION_COOKIE, &opened.token, "/", opened.lifetime, is_tls);
            go(headers, if is_own_path(&return_to) { &return_to } else { "/" })
        }
        Err(error) => {
            let code = Problem::from(error).document().code;
            go(headers, &format!("/login?problem={code}"))
        }
    }
}

fn go(mut headers: HeaderMap, to: &str) -> Result<Response, Problem> {
    let to = HeaderValue::from_str(to)
        .map_err(|_| Problem::internal("an address to go to cannot be written as a header"))?;
    headers.insert(header::LOCATION, to);
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// Whether a browser stays on this site: `//host` and `/\host` lead elsewhere.
fn is_own_path(path: &str) -> bool {
    let rest = path.strip_prefix('/');
    rest.is_some_and(|rest| !rest.starts_with(['/', '\\']))
        && path.len() <= 1_000
        && path.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::is_own_path;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for path in ["/", "/map?level=city#x", "/a//b"] {
            assert!(is_own_path(path), "{path}");
        }
        for path in ["", "map", "//evil.example", "/\\evil.example", "https://evil.example", "/\n"]
        {
            assert!(!is_own_path(path), "{path}");
        }
    }
}
