//! The `Retry-After` header.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};

/// The wait a `Retry-After` value asks for: seconds, or an HTTP date relative to `now`.
///
/// A date in the past asks for no wait; a value that is neither is as if it were not there.
pub fn parse_retry_after(value: &str, now: DateTime<Utc>) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(SystemTime::from(now)).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, seconds: Option<u64>) {
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(parse_retry_after(value, now), seconds.map(Duration::from_secs), "{value}");
    }

    #[test]
    fn reads_both_forms() {
        check("120", Some(120));
        check(" 0 ", Some(0));
        check("Thu, 01 Jan 2026 00:00:30 GMT", Some(30));
        check("Thursday, 01-Jan-26 00:01:00 GMT", Some(60));
        check("Wed, 31 Dec 2025 23:59:00 GMT", Some(0));
        check("-5", None);
        check("soon", None);
        check("", None);
    }
}
