//! What a reply says: failures come with HTTP 200 and an `errcode` that is not `"0"`.

use serde_json::{Map, Value};
use yuanliu_contract::{ErrorKind, Result};
use yuanliu_http_kit::HttpReply;
use yuanliu_http_kit::reply::excerpt;

use crate::error::kind_of;

/// A row as it came: texts by column.
pub(crate) type Row = Map<String, Value>;

/// The object of a reply that is not a failure.
pub(crate) fn accept(reply: &HttpReply) -> Result<Row> {
    reply.require_success()?;
    let malformed = |detail: String| reply.error(ErrorKind::Malformed).with_detail(detail);
    let text = std::str::from_utf8(&reply.body).map_err(|source| {
        malformed(format!("the answer is not UTF-8: {}", reply.excerpt())).with_source(source)
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
    if text.starts_with('<') {
        let detail = format!("a web page came instead of data: {}", excerpt(text));
        return Err(malformed(detail).with_hint("check base_url and any proxy between"));
    }
    let object: Row = serde_json::from_str(text).map_err(|source| {
        malformed(format!("the answer is not an object: {}", excerpt(text))).with_source(source)
    })?;
    let code = object.get("errcode").and_then(scalar);
    match code.as_deref() {
        Some("0") => Ok(object),
        None => Err(malformed(format!("the answer has no errcode: {}", excerpt(text)))),
        Some(code) => {
            let message = object.get("errmsg").and_then(scalar).unwrap_or_default();
            let (kind, hint) = kind_of(code, &message);
            let detail = format!("{} (errcode {code})", excerpt(&message));
            let mut error = reply.error(kind).with_detail(detail);
            error.hint = hint.map(str::to_owned);
            Err(error)
        }
    }
}

/// The text of a cell; everything should be text, numbers are taken as they are written.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        _ => None,
    }
}

/// A whole number that is a text.
pub(crate) fn count(object: &Row, key: &str) -> Option<u64> {
    scalar(object.get(key)?)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use yuanliu_http_kit::Bytes;

    use super::*;

    #[track_caller]
    fn check(status: u16, body: &str, wanted: std::result::Result<(), ErrorKind>) {
        let reply = HttpReply {
            status: status.try_into().unwrap(),
            headers: Default::default(),
            body: Bytes::copy_from_slice(body.as_bytes()),
            received_at: Default::default(),
            action: "asking".to_owned(),
        };
        assert_eq!(accept(&reply).map(|_| ()).map_err(|error| error.kind), wanted, "{body}");
    }

    #[test]
    fn failures_travel_with_200() {
        check(200, r#"{"errcode":"0","errmsg":""}"#, Ok(()));
        check(200, "\u{feff}{\"errcode\":0}", Ok(()));
        check(200, r#"{"errcode":"30021","errmsg":"此应用未上线"}"#, Err(ErrorKind::Permission));
        check(200, r#"{"errmsg":"?"}"#, Err(ErrorKind::Malformed));
        check(200, "<html>", Err(ErrorKind::Malformed));
        check(200, "[]", Err(ErrorKind::Malformed));
        check(200, "", Err(ErrorKind::Malformed));
        check(502, "", Err(ErrorKind::Busy));
    }
}
