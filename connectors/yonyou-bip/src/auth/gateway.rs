//! The data centre of a tenant.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use yuanliu_contract::{ErrorKind, Result};
use yuanliu_http_kit::{HttpReply, Url};

use crate::envelope::{self, OPEN_AUTH_OK};

/// Discovery below its host (reference: yonyou.md 1.1).
const DISCOVERY_PATH: &str = "/open-auth/dataCenter/getGatewayAddress";

/// How long an answer is believed: "a day is fine".
const LIFE: TimeDelta = TimeDelta::days(1);

/// The two addresses of a tenant; both carry their own path prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gateway {
    pub(crate) gateway_url: String,
    pub(crate) token_url: String,
    found_at: DateTime<Utc>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Addresses {
    gateway_url: String,
    token_url: String,
}

impl Gateway {
    /// Where to ask for a tenant's addresses; neither token nor signature is needed.
    pub(crate) fn discovery_url(host: &Url, tenant_id: &str) -> String {
        let host = host.as_str().trim_end_matches('/');
        format!("{host}{DISCOVERY_PATH}?tenantId={}", super::percent_encode(tenant_id))
    }

    /// Reads the answer; an unknown tenant is answered with HTTP 200 and code 500.
    pub(crate) fn read(reply: &HttpReply) -> Result<Self> {
        let data = envelope::accept(reply, OPEN_AUTH_OK).map_err(|error| match error.kind {
            ErrorKind::Refused => {
                let mut error = error.with_hint("check tenant_id and discovery_url");
                error.kind = ErrorKind::Config;
                error
            }
            _ => error,
        })?;
        let text = data.map_or("null", |data| data.get());
        let found: Addresses = envelope::parse(reply, text)?;
        for address in [&found.gateway_url, &found.token_url] {
            let is_web = address.starts_with("https://") || address.starts_with("http://");
            if !is_web || address.parse::<Url>().is_err() {
                return Err(reply
                    .error(ErrorKind::Malformed)
                    .with_detail("the gateway's address is not a web address"));
            }
        }
        let plain = |address: String| address.trim_end_matches('/').to_owned();
        Ok(Self {
            gateway_url: plain(found.gateway_url),
            token_url: plain(found.token_url),
            found_at: reply.received_at,
        })
    }

    /// Whether the answer is young enough to be used.
    pub(crate) fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        now.signed_duration_since(self.found_at) < LIFE
    }
}
