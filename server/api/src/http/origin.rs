//! Where a request comes from.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use crate::api::Api;
use crate::ports::{Consumer, Origin};
use crate::problem::Problem;

/// The header in which a page sends what a challenge gave it.
const CAPTCHA_HEADER: &str = "x-captcha-token";

/// Somebody who is not known yet.
pub(crate) struct Visitor(pub(crate) Origin);

impl FromRequestParts<Arc<Api>> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Problem> {
        // A page of another site could log its visitor in as somebody else.
        let told = parts.headers.get("sec-fetch-site").map(|value| value.as_bytes());
        if !parts.method.is_safe() && told == Some(b"cross-site") {
            return Err(Problem::csrf());
        }
        Ok(Self(origin(parts, api.options.is_behind_proxy)))
    }
}

/// Somebody who asks whether a code is genuine.
pub(crate) struct Asker(pub(crate) Consumer);

impl FromRequestParts<Arc<Api>> for Asker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Problem> {
        let captcha = parts.headers.get(CAPTCHA_HEADER).and_then(|value| value.to_str().ok());
        Ok(Self(Consumer {
            address: address(parts, api.options.is_behind_proxy),
            user_agent: user_agent(&parts.headers),
            captcha: captcha.map(str::to_owned),
        }))
    }
}

/// Programs call themselves much longer names than anybody reads.
const USER_AGENT_CHARS_MAX: usize = 300;

/// The address of whoever asks. Only a proxy that is trusted may say it for somebody else.
pub(crate) fn address(parts: &Parts, is_behind_proxy: bool) -> IpAddr {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
    let told = is_behind_proxy.then(|| forwarded(&parts.headers)).flatten();
    told.unwrap_or(peer)
}

/// The address that the nearest proxy saw: it stands last.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").into_iter().next_back()?;
    last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

/// What the program calls itself.
pub(crate) fn user_agent(headers: &HeaderMap) -> String {
    let told = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    told.unwrap_or_default().chars().take(USER_AGENT_CHARS_MAX).collect()
}

/// Both.
pub(crate) fn origin(parts: &Parts, is_behind_proxy: bool) -> Origin {
    Origin {
        address: address(parts, is_behind_proxy).to_string(),
        user_agent: user_agent(&parts.headers),
    }
}
