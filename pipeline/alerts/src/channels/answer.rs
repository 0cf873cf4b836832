//! What an HTTP answer means, before and besides what a vendor writes into it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::channels::SendError;
use crate::channels::markup::cut;
use crate::transport::HttpAnswer;

/// A wait longer than this is not obeyed to the end: the alert would be given up before.
const WAIT_MAX: Duration = Duration::from_secs(3600);
/// Where a limit is told without a time.
pub(crate) const MINUTE: Duration = Duration::from_secs(60);
/// Of what the other side said, so much is kept.
const WHY_BYTES_MAX: usize = 300;

/// Done for 2xx; else by whose fault it is.
pub(crate) fn status(answer: &HttpAnswer, now: DateTime<Utc>) -> Result<(), SendError> {
    let wait = answer.retry_after.as_deref().and_then(|text| retry_after(text, now));
    let why = format!("answered HTTP {}", answer.status);
    match answer.status {
        200..=299 => Ok(()),
        429 => Err(SendError::Limited { why, wait: wait.unwrap_or(MINUTE) }),
        408 | 500..=599 => Err(SendError::Failed { why, wait }),
        300..=399 => {
            let why = format!("{why}, a redirect, which is not followed; write the final address");
            Err(SendError::Refused { why })
        }
        401 | 403 | 404 | 410 => {
            Err(SendError::Refused { why: format!("{why}; check the address, token and key") })
        }
        _ => Err(SendError::Refused { why }),
    }
}

/// `Retry-After` in both forms: seconds, or a date.
fn retry_after(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let wait = match text.trim().parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let at = DateTime::<Utc>::from(httpdate::parse_http_date(text.trim()).ok()?);
            (at - now).to_std().unwrap_or(Duration::ZERO)
        }
    };
    Some(wait.min(WAIT_MAX))
}

/// The code and text a vendor answers with inside HTTP 200; a body without a code is no answer.
pub(crate) fn vendor_code(
    answer: &HttpAnswer,
    code_key: &str,
    text_key: &str,
) -> Result<(i64, String), SendError> {
    let malformed = || SendError::Failed {
        why: format!("answered HTTP {} without `{code_key}`", answer.status),
        wait: None,
    };
    let body: Value = serde_json::from_str(&answer.body).map_err(|_| malformed())?;
    let code = body.get(code_key).and_then(Value::as_i64).ok_or_else(malformed)?;
    let text = body.get(text_key).and_then(Value::as_str).unwrap_or_default();
    Ok((code, cut(&text.replace(char::is_control, " "), WHY_BYTES_MAX)))
}
