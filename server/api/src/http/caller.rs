//! Who stands behind a request.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};

use super::cookies::cookie;
use super::origin::origin;
use crate::access::{Permission, Principal};
use crate::api::{Api, SESSION_COOKIE};
use crate::ports::{Origin, Session};
use crate::problem::Problem;

/// The header that shows that a page of this site sent a request.
const CSRF_HEADER: &str = "x-csrf-token";

/// By what somebody showed who they are.
#[derive(Debug, Clone)]
pub enum Credential {
    /// A session's cookie; its secret and the session.
    Cookie {
        /// The secret.
        token: String,
        /// What unsafe requests must show.
        csrf_token: String,
        /// Nothing is allowed yet but to set a password of one's own.
        must_change_password: bool,
    },
    /// A bearer token.
    Bearer,
    /// Nothing, where devices need nothing.
    None,
}

/// Somebody known. Extracting it refuses whoever is not, and unsafe requests of a session that do
/// not show its CSRF token.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub principal: Principal,
    /// By what.
    pub credential: Credential,
    /// From where.
    pub origin: Origin,
}

/// Somebody known, or the public.
#[derive(Debug, Clone)]
pub struct MaybeCaller(pub Option<Caller>);

impl FromRequestParts<Arc<Api>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Problem> {
        identify(parts, api).await?.ok_or_else(Problem::unauthorized)
    }
}

impl FromRequestParts<Arc<Api>> for MaybeCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Problem> {
        Ok(Self(identify(parts, api).await?))
    }
}

impl Caller {
    /// Refuses whoever lacks a permission that only some answers of a route need.
    pub(crate) fn expect(&self, permission: Permission) -> Result<(), Problem> {
        if self.principal.may(permission) {
            return Ok(());
        }
        let name = permission.name();
        Err(Problem::forbidden(format!("this needs the permission {name}; ask an admin for it")))
    }

    /// Refuses whoever still has the password that an admin gave.
    pub(crate) fn expect_own_password(&self) -> Result<(), Problem> {
        match &self.credential {
            Credential::Cookie { must_change_password: true, .. } => {
                Err(Problem::password_change_required())
            }
            _ => Ok(()),
        }
    }
}

async fn identify(parts: &Parts, api: &Api) -> Result<Option<Caller>, Problem> {
    let origin = origin(parts, api.options.is_behind_proxy);
    let sessions = &api.ports.sessions;
    // A token that is wrong is not made up for by a cookie: whoever sends it means it.
    if let Some(token) = bearer(&parts.headers) {
        let Some(principal) = sessions.bearer(token).await? else {
            return Err(Problem::unauthorized());
        };
        return Ok(Some(Caller { principal, credential: Credential::Bearer, origin }));
    }
    if let Some(token) = cookie(&parts.headers, SESSION_COOKIE)
        && let Some(session) = sessions.session(token).await?
    {
        expect_own_page(parts, &session)?;
        let Session { principal, csrf_token, must_change_password } = session;
        let credential =
            Credential::Cookie { token: token.to_owned(), csrf_token, must_change_password };
        return Ok(Some(Caller { principal, credential, origin }));
    }
    if !is_program(&parts.headers) {
        return Ok(None);
    }
    let principal = sessions.anonymous(&origin).await?;
    Ok(principal.map(|principal| Caller { principal, credential: Credential::None, origin }))
}

/// Whether a request comes from a program of its address: browsers and proxies say that they are there, and
/// they ask for whoever told them to.
fn is_program(headers: &HeaderMap) -> bool {
    const OF_OTHERS: [&str; 6] =
        ["sec-fetch-site", "origin", "referer", "x-forwarded-for", "forwarded", "via"];
    !OF_OTHERS.iter().any(|name| headers.contains_key(*name))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let given = headers.get(header::AUTHORIZATION)?.to_str().unwrap_or("Bearer ");
    let (scheme, token) = given.split_once(' ').unwrap_or((given, ""));
    // Any other scheme is one that this hub does not know, and so a wrong token.
    Some(if scheme.eq_ignore_ascii_case("bearer") { token.trim() } else { "" })
}

/// A browser adds the cookie to requests of any page; only this site's own pages know the token.
fn expect_own_page(parts: &Parts, session: &Session) -> Result<(), Problem> {
    if [Method::GET, Method::HEAD, Method::OPTIONS].contains(&parts.method) {
        return Ok(());
    }
    let shown = parts.headers.get(CSRF_HEADER).map(|value| value.as_bytes()).unwrap_or_default();
    if is_same(shown, session.csrf_token.as_bytes()) { Ok(()) } else { Err(Problem::csrf()) }
}

/// Compares without telling by the time taken where two texts differ.
fn is_same(shown: &[u8], known: &[u8]) -> bool {
    let differing = shown.iter().zip(known).fold(0, |differing, (a, b)| differing | (a ^ b));
    shown.len() == known.len() && !known.is_empty() && differing == 0
}
