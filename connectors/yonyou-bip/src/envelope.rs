//! From a reply to its data: errors come with HTTP 200, as JSON or as bare text.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use yuanliu_contract::{ConnectorError, ErrorKind, Result};
use yuanliu_http_kit::HttpReply;
use yuanliu_http_kit::reply::excerpt;

use crate::error::{BAD_TOKEN_TEXT, meaning, until_next_minute};

/// The code of success of business calls.
pub(crate) const BUSINESS_OK: &str = "200";

/// The code of success of discovery and token, which follow another convention.
pub(crate) const OPEN_AUTH_OK: &str = "00000";

/// What every answer has; keys that came later (`displayCode`, `level`) are passed over.
#[derive(Deserialize)]
struct Envelope<'a> {
    code: Option<Value>,
    message: Option<Value>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

/// The code of an answer as text, whether it succeeded or not; none if it is no such answer.
pub(crate) fn code(reply: &HttpReply) -> Option<String> {
    envelope(reply).and_then(|envelope| text(envelope.code.as_ref()?))
}

/// The data of an answer whose code is `success`; everything else is an error of its kind.
///
/// The body is looked at before the status, because codes come with several statuses.
pub(crate) fn accept<'a>(reply: &'a HttpReply, success: &str) -> Result<Option<&'a RawValue>> {
    let Some(envelope) = envelope(reply) else { return Err(not_an_answer(reply)) };
    let Some(code) = envelope.code.as_ref().and_then(text) else {
        reply.require_success()?;
        return Err(reply.error(ErrorKind::Malformed).with_detail("the answer has no code"));
    };
    if code == success {
        return Ok(envelope.data);
    }
    let message = envelope.message.as_ref().and_then(text).unwrap_or_default();
    let detail = match excerpt(&message) {
        empty if empty.is_empty() => format!("refused without a message (code {code})"),
        message => format!("{message} (code {code})"),
    };
    Err(failure(reply, &code, detail))
}

fn failure(reply: &HttpReply, code: &str, detail: String) -> ConnectorError {
    let (kind, hint) = meaning(code);
    let mut error = reply.error(kind).with_detail(detail);
    error.hint = hint.map(str::to_owned);
    if kind == ErrorKind::RateLimited {
        let asked = reply.require_success().err().and_then(|error| error.retry_after);
        error.retry_after = asked.or_else(|| Some(until_next_minute(reply.received_at)));
    }
    error
}

/// A body that is not the platform's: a bare text, a proxy's page, an answer cut off.
fn not_an_answer(reply: &HttpReply) -> ConnectorError {
    let body = String::from_utf8_lossy(&reply.body);
    if body.contains(BAD_TOKEN_TEXT) {
        return reply.error(ErrorKind::SessionExpired).with_detail(excerpt(&body));
    }
    if let Err(mut error) = reply.require_success() {
        if error.kind == ErrorKind::RateLimited {
            error.retry_after.get_or_insert(until_next_minute(reply.received_at));
        }
        return error;
    }
    let shown = excerpt(&body);
    let detail = if shown.is_empty() {
        "the answer is empty".to_owned()
    } else if shown.starts_with('{') {
        "the answer is cut off or not JSON".to_owned()
    } else {
        format!("the answer is not JSON: {shown}")
    };
    reply.error(ErrorKind::Malformed).with_detail(detail)
}

fn envelope(reply: &HttpReply) -> Option<Envelope<'_>> {
    let body = std::str::from_utf8(&reply.body).ok()?;
    serde_json::from_str(body.trim_start_matches('\u{feff}')).ok()
}

/// Reads part of an answer whose form this program knows.
pub(crate) fn parse<'a, T: Deserialize<'a>>(reply: &HttpReply, text: &'a str) -> Result<T> {
    serde_json::from_str(text).map_err(|source| {
        reply
            .error(ErrorKind::Malformed)
            .with_detail("the answer is not what this call answers")
            .with_source(source)
    })
}

/// A whole number that may be a text.
pub(crate) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A text that may be a number.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use yuanliu_http_kit::Bytes;

    use super::*;

    #[track_caller]
    fn check(status: u16, body: &str, wanted: std::result::Result<&str, (ErrorKind, &str)>) {
        let reply = HttpReply {
            status: status.try_into().unwrap(),
            headers: Default::default(),
            body: Bytes::copy_from_slice(body.as_bytes()),
            received_at: Default::default(),
            action: "asking".to_owned(),
        };
        let got = accept(&reply, BUSINESS_OK)
            .map(|data| data.map_or_else(String::new, |data| data.get().to_owned()))
            .map_err(|error| (error.kind, error.detail.unwrap_or_default()));
        let wanted = wanted.map(str::to_owned).map_err(|(kind, text)| (kind, text.to_owned()));
        assert_eq!(got, wanted, "{body}");
    }

    #[test]
    fn success_is_a_code_in_either_form() {
        check(200, r#"{"code":"200","message":"操作成功","data":[1]}"#, Ok("[1]"));
        check(200, "\u{feff}{\"code\":200,\"data\":null}", Ok(""));
        check(200, r#"{"code":"200","traceId":"x","level":0}"#, Ok(""));
    }

    #[test]
    fn codes_decide_the_kind() {
        use ErrorKind::{
            Auth, Busy, Config, Internal, NotFound, Permission, RateLimited, Refused,
            SessionExpired, Timeout,
        };
        for (status, codes, kind) in [
            (200, "310036 310003", SessionExpired),
            (200, "310037 310031 310038 310041 310047", Permission),
            (200, "310032 310039 310042 310046", RateLimited),
            (429, "310046", RateLimited),
            (200, "202 310043", Busy),
            (200, "310005 310006 10018", Auth),
            (200, "310008 310015 310023", Config),
            (200, "310001 310002", Internal),
            (405, "310405", Internal),
            (404, "310404", NotFound),
            (504, "310504", Timeout),
            (200, "999 0 500 10004 100004 1002", Refused),
        ] {
            for code in codes.split(' ') {
                let said = format!("说明 (code {code})");
                let body = format!(r#"{{"code":"{code}","message":"说明"}}"#);
                check(status, &body, Err((kind, &said)));
                let body = format!(r#"{{"code":{code},"message":"说明","success":false}}"#);
                check(status, &body, Err((kind, &said)));
            }
        }
        check(200, r#"{"code":"999"}"#, Err((Refused, "refused without a message (code 999)")));
    }

    #[test]
    fn other_bodies_are_told_apart() {
        use ErrorKind::{Busy, Malformed, SessionExpired};
        check(200, "非法token", Err((SessionExpired, "非法token")));
        check(200, " ", Err((Malformed, "the answer is empty")));
        check(
            200,
            "<html>登录</html>",
            Err((Malformed, "the answer is not JSON: <html>登录</html>")),
        );
        check(
            200,
            r#"{"code":"200","data":{"#,
            Err((Malformed, "the answer is cut off or not JSON")),
        );
        check(200, r#"{"data":{}}"#, Err((Malformed, "the answer has no code")));
        check(502, "bad gateway", Err((Busy, "HTTP 502 Bad Gateway: bad gateway")));
    }
}
