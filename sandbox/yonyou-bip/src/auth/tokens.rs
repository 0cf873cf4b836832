//! Granting tokens and knowing them again.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::{Credentials, Query, sign};

/// Accepted distance of clocks, which one client claims (reference: yonyou.md 1.2).
const SKEW_MAX: TimeDelta = TimeDelta::minutes(5);

/// Tokens that were granted and when they end.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    granted: u64,
    ends: BTreeMap<String, DateTime<Utc>>,
}

impl Tokens {
    fn grant(&mut self, now: DateTime<Utc>, life_s: i64) -> String {
        self.granted += 1;
        let digest = Sha256::digest(format!("token {}", self.granted).as_bytes());
        // As long as real ones, and with every character that must be encoded.
        let token = format!("yT+/{}=", STANDARD.encode(digest));
        self.ends.insert(token.clone(), now + TimeDelta::seconds(life_s));
        token
    }

    /// Whether a token lives.
    pub(crate) fn accepts(&self, token: &str, now: DateTime<Utc>) -> bool {
        self.ends.get(token).is_some_and(|end| now < *end)
    }

    /// Ends every token.
    pub(crate) fn revoke_all(&mut self) {
        self.ends.clear();
    }

    /// How many were granted so far.
    pub(crate) fn granted(&self) -> u64 {
        self.granted
    }
}

/// The body of an answer to a token request; `is_suite` by its path.
pub(crate) fn answer(
    query: &Query,
    is_suite: bool,
    credentials: &Credentials,
    tokens: &mut Tokens,
    (now, life_s): (DateTime<Utc>, i64),
) -> Json {
    let refuse = |code: &str, message: &str| json!({"code": code, "message": message});
    let key = query.get(if is_suite { "suiteKey" } else { "appKey" });
    if key != Some(&credentials.app_key) {
        return refuse("10018", "应用不存在或appKey已停用");
    }
    if is_suite && query.get("tenantId") != Some(&credentials.tenant_id) {
        return refuse("10018", "租户未开通该应用");
    }
    if is_suite && query.get("suiteTicket").is_some_and(|t| t != credentials.suite_ticket) {
        return refuse("50000", "suiteTicket无效");
    }
    // The codes of both refusals are not documented; these are the sandbox's own.
    let time = query.get("timestamp").and_then(|time| time.parse().ok());
    let is_near = time
        .and_then(DateTime::from_timestamp_millis)
        .is_some_and(|time| (now - time).abs() <= SKEW_MAX);
    if !is_near {
        return refuse("50000", "timestamp已过期");
    }
    let wanted = sign(&query.without("signature"), &credentials.app_secret);
    if query.get("signature") != Some(&wanted) {
        return refuse("50000", "签名错误");
    }
    let token = tokens.grant(now, life_s);
    json!({"code": "00000", "message": "成功！", "data": {"access_token": token, "expire": life_s}})
}
