//! A reply read whole, and what its status means.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use yuanliu_contract::{ConnectorError, ErrorKind, Result};

use crate::retry_after::parse_retry_after;

/// As much of a foreign text as an error repeats.
const EXCERPT_CHARS_MAX: usize = 300;

/// A reply read whole.
#[derive(Debug, Clone)]
pub struct HttpReply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Bytes,
    /// The hub's clock when the headers arrived.
    pub received_at: DateTime<Utc>,
    /// What was being done, with the address, for errors about this reply.
    pub action: String,
}

impl HttpReply {
    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The server's clock by its `Date` header, to the second.
    pub fn server_time(&self) -> Option<DateTime<Utc>> {
        let date = httpdate::parse_http_date(self.header("date")?).ok()?;
        Some(date.into())
    }

    /// The start of the body as one line of text, for an error.
    pub fn excerpt(&self) -> String {
        excerpt(&String::from_utf8_lossy(&self.body))
    }

    /// An error of `kind` about this reply.
    pub fn error(&self, kind: ErrorKind) -> ConnectorError {
        ConnectorError::new(kind, self.action.clone())
    }

    /// Passes 200 and 206; every other status is an error of the kind it stands for.
    pub fn require_success(&self) -> Result<()> {
        let code = self.status.as_u16();
        let (kind, hint) = match code {
            200 | 206 => return Ok(()),
            300..=399 => {
                (ErrorKind::Config, Some("write the address it redirects to, if you trust it"))
            }
            401 | 407 => (ErrorKind::Auth, None),
            403 => (ErrorKind::Permission, None),
            404 | 410 => {
                (ErrorKind::NotFound, Some("check the address and the path below the host"))
            }
            405 => (ErrorKind::Config, Some("check the address and the path below the host")),
            408 | 504 => (ErrorKind::Timeout, None),
            429 => (ErrorKind::RateLimited, None),
            500..=599 => (ErrorKind::Busy, None),
            100..=299 => (ErrorKind::Malformed, None),
            _ => (ErrorKind::Refused, None),
        };
        let mut detail = format!("HTTP {}", self.status);
        let said = match code {
            300..=399 => self.header("location").map(without_query).unwrap_or_default(),
            _ => self.excerpt(),
        };
        if !said.is_empty() {
            detail.push_str(": ");
            detail.push_str(&said);
        }
        let mut error = self.error(kind).with_detail(detail);
        error.hint = hint.map(str::to_owned);
        error.retry_after = self
            .header("retry-after")
            .filter(|_| matches!(code, 429 | 500..=599))
            .and_then(|value| parse_retry_after(value, self.received_at));
        Err(error)
    }
}

/// A foreign text made fit for an error: one line, no control characters, bounded.
pub fn excerpt(text: &str) -> String {
    let mut line = String::new();
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    for word in words.filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        let room = EXCERPT_CHARS_MAX.saturating_sub(line.chars().count());
        line.extend(word.chars().take(room));
        if word.chars().count() >= room {
            line.push('…');
            break;
        }
    }
    line
}

fn without_query(address: &str) -> String {
    excerpt(address.split(['?', '#']).next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(
        status: u16,
        headers: &[(&'static str, &'static str)],
        body: &'static str,
    ) -> HttpReply {
        let pairs = headers.iter().map(|(name, value)| {
            (reqwest::header::HeaderName::from_static(name), value.parse().unwrap())
        });
        HttpReply {
            status: StatusCode::from_u16(status).unwrap(),
            headers: pairs.collect(),
            body: Bytes::from_static(body.as_bytes()),
            received_at: "2026-01-01T00:00:00Z".parse().unwrap(),
            action: "asking".to_owned(),
        }
    }

    #[test]
    fn status_decides_the_kind() {
        let kind = |status| reply(status, &[], "").require_success().map_err(|e| e.kind);
        assert_eq!(kind(200), Ok(()));
        assert_eq!(kind(206), Ok(()));
        assert_eq!(kind(302), Err(ErrorKind::Config));
        assert_eq!(kind(400), Err(ErrorKind::Refused));
        assert_eq!(kind(401), Err(ErrorKind::Auth));
        assert_eq!(kind(403), Err(ErrorKind::Permission));
        assert_eq!(kind(404), Err(ErrorKind::NotFound));
        assert_eq!(kind(429), Err(ErrorKind::RateLimited));
        assert_eq!(kind(500), Err(ErrorKind::Busy));
        assert_eq!(kind(504), Err(ErrorKind::Timeout));
    }

    #[test]
    fn retry_after_is_kept() {
        for value in ["7", "Thu, 01 Jan 2026 00:00:07 GMT"] {
            let error =
                reply(429, &[("retry-after", value)], "slow").require_success().unwrap_err();
            assert_eq!(error.retry_after, Some(std::time::Duration::from_secs(7)));
            assert_eq!(error.to_string(), "asking: HTTP 429 Too Many Requests: slow");
        }
    }

    #[test]
    fn redirects_do_not_show_a_query() {
        let to = [("location", "https://sso.example.com/login?token=abc")];
        let error = reply(302, &to, "").require_success().unwrap_err();
        assert_eq!(error.to_string(), "asking: HTTP 302 Found: https://sso.example.com/login");
    }

    #[test]
    fn excerpts_are_one_bounded_line() {
        assert_eq!(excerpt(" a\r\n\tb\0c "), "a b c");
        assert_eq!(excerpt(&"字".repeat(2_000)).chars().count(), EXCERPT_CHARS_MAX + 1);
        assert_eq!(excerpt(""), "");
    }
}
