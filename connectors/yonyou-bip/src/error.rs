//! What the gateway's codes mean for the engine's policy (reference: yonyou.md 1.3).

use std::time::Duration;

use chrono::{DateTime, Utc};
use yuanliu_contract::ErrorKind;

/// The text of a token that is not accepted; one service answers it without a code.
pub(crate) const BAD_TOKEN_TEXT: &str = "非法token";

/// A document sent twice under one idempotency key.
pub(crate) const ALREADY_SENT: [&str; 2] = ["10004", "100004"];

/// There is nothing: an answer without rows.
pub(crate) const NO_DATA: &str = "1002";

const MINUTE_MS: i64 = 60_000;

/// Throttled callers are spread over this long after the minute, by when they were refused.
const SPREAD_MS: i64 = 1_000;

/// The kind of failure a code stands for, and what a person can do about it.
pub(crate) fn meaning(code: &str) -> (ErrorKind, Option<&'static str>) {
    match code {
        // An idempotent call that still runs.
        "202" => (ErrorKind::Busy, None),
        "310001" | "310002" => (ErrorKind::Internal, None),
        // The gateway could not resolve the token, or does not accept it.
        "310003" | "310036" => (ErrorKind::SessionExpired, None),
        "310005" | "310006" | "10018" => {
            (ErrorKind::Auth, Some("the app is missing or disabled: check it in the API console"))
        }
        "310008" | "310015" | "310023" => {
            (ErrorKind::Config, Some("a parameter is not what this API takes; see the message"))
        }
        "310031" | "310038" | "310041" | "310047" => (
            ErrorKind::Permission,
            Some("ask the Yonyou administrator to add this machine's address to the IP list"),
        ),
        "310032" | "310039" | "310042" | "310046" => {
            (ErrorKind::RateLimited, Some("lower calls_per_minute of this system"))
        }
        "310037" => (
            ErrorKind::Permission,
            Some("grant this API to the app in the console (API 授权), then try again"),
        ),
        "310043" => (ErrorKind::Busy, None),
        "310404" => (
            ErrorKind::NotFound,
            Some("this gateway does not know the path: check tenant_id and the product edition"),
        ),
        "310405" => (ErrorKind::Internal, None),
        "310504" => (ErrorKind::Timeout, Some("make page_rows smaller")),
        // 999 is a business exception whose message explains it; so is every other code.
        _ => (ErrorKind::Refused, None),
    }
}

/// The wait until the next minute begins, when call budgets are full again.
///
/// No `Retry-After` is documented. The milliseconds of the refusal spread callers that were refused
/// together.
pub(crate) fn until_next_minute(now: DateTime<Utc>) -> Duration {
    let now_ms = now.timestamp_millis();
    let wait_ms = MINUTE_MS - now_ms.rem_euclid(MINUTE_MS) + now_ms.rem_euclid(SPREAD_MS);
    Duration::from_millis(u64::try_from(wait_ms).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_throttled_caller_waits_for_the_minute() {
        let wait = |time: &str| until_next_minute(time.parse().unwrap()).as_millis();
        assert_eq!(wait("2026-01-01T00:00:59.400Z"), 1_000);
        assert_eq!(wait("2026-01-01T00:00:00Z"), 60_000);
        assert_eq!(wait("2026-01-01T00:00:30.250Z"), 30_000);
    }
}
