//! What a reply says, whatever its shape: business errors come with HTTP 200.

use serde_json::Value;
use yuanliu_contract::{ConnectorError, ErrorKind, Result};
use yuanliu_http_kit::HttpReply;
use yuanliu_http_kit::reply::excerpt;

use crate::error::{SESSION_LOST_TEXT, kind_of};

/// How deep an error is wrapped in arrays of one; two have been seen.
const WRAPPERS_MAX: usize = 4;

/// As many messages of one refusal as an error repeats.
const MESSAGES_MAX: usize = 50;

/// The vendor's gateway answers a wrong signature with it.
const GATEWAY_SIGNATURE_STATUS: u16 = 519;

const ADDRESS_HINT: &str = "check that base_url ends with the virtual directory, usually /K3Cloud/, and that no proxy answers";

/// The body of a reply that is not an error.
pub(crate) fn accept(reply: &HttpReply) -> Result<&str> {
    if reply.status.as_u16() == GATEWAY_SIGNATURE_STATUS {
        return Err(reply
            .error(ErrorKind::Auth)
            .with_detail(format!("the gateway refused the signature: {}", reply.excerpt()))
            .with_hint("check app_id, app_secret and the clock of this machine"));
    }
    if reply.status.is_redirection() || reply.status.as_u16() == 404 {
        return reply.require_success().map(|()| "").map_err(|error| error.with_hint(ADDRESS_HINT));
    }
    reply.require_success()?;
    let malformed = |detail: String| reply.error(ErrorKind::Malformed).with_detail(detail);
    let text = std::str::from_utf8(&reply.body).map_err(|source| {
        malformed(format!("the answer is not UTF-8: {}", reply.excerpt())).with_source(source)
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
    if let Some(message) = text.strip_prefix("response_error:") {
        let is_session = message.contains(SESSION_LOST_TEXT);
        let kind = if is_session { ErrorKind::SessionExpired } else { ErrorKind::Busy };
        return Err(reply.error(kind).with_detail(excerpt(message)));
    }
    if text.starts_with('<') {
        let detail = format!("a web page came instead of data: {}", excerpt(text));
        return Err(malformed(detail).with_hint(ADDRESS_HINT));
    }
    if text.is_empty() {
        return Err(malformed("the answer is empty".to_owned()).with_hint(ADDRESS_HINT));
    }
    // Rows are arrays of values: only something that begins with an object can be an error.
    if text.trim_start_matches(|c: char| c == '[' || c.is_whitespace()).starts_with('{') {
        let value: Value = parse(reply, text)?;
        if let Some(object) = peel(&value)
            && let Some(error) = business_error(object, || reply.error(ErrorKind::Refused))
        {
            return Err(error);
        }
    }
    Ok(text)
}

/// Parses an accepted body.
pub(crate) fn parse<'a, T: serde::Deserialize<'a>>(reply: &HttpReply, text: &'a str) -> Result<T> {
    serde_json::from_str(text).map_err(|source| {
        reply
            .error(ErrorKind::Malformed)
            .with_detail(format!("the answer is not what this call answers: {}", excerpt(text)))
            .with_source(source)
    })
}

/// Peels arrays of length one until an object.
fn peel(value: &Value) -> Option<&Value> {
    let mut inner = value;
    for _ in 0..WRAPPERS_MAX {
        match inner {
            Value::Array(items) if items.len() == 1 => inner = items.first()?,
            Value::Object(_) => return Some(inner),
            _ => return None,
        }
    }
    inner.is_object().then_some(inner)
}

fn business_error(object: &Value, error: impl Fn() -> ConnectorError) -> Option<ConnectorError> {
    // The request screening answers with a dialogue.
    if object["actionname"] == "showConfirm" {
        let said = object["params"][0]["msg"].as_str().unwrap_or("no reason given");
        return Some(
            error()
                .with_detail(format!(
                    "the server's request screening blocked it: {}",
                    excerpt(said)
                ))
                .with_hint("ask the ERP administrator to exempt this user from the screening rule"),
        );
    }
    let status = object.get("Result")?.get("ResponseStatus").filter(|status| status.is_object())?;
    if is_true(&status["IsSuccess"]) {
        return None;
    }
    let code = integer(&status["MsgCode"]);
    let message = messages(status);
    let (mut kind, hint) = kind_of(code, &message);
    // Partial success: what was reached stands, so this is no refusal.
    let reached = status["SuccessEntitys"].as_array().is_some_and(|list| !list.is_empty());
    if kind == ErrorKind::Refused && reached {
        kind = ErrorKind::Busy;
    }
    let mut error = error().with_detail(match code {
        Some(code) => format!("{message} (MsgCode {code})"),
        None => message,
    });
    error.kind = kind;
    error.hint = hint.map(str::to_owned);
    Some(error)
}

fn messages(status: &Value) -> String {
    let errors = status["Errors"].as_array().into_iter().flatten();
    let mut texts: Vec<_> = errors.filter_map(message).collect();
    if texts.is_empty() {
        return "refused without a message".to_owned();
    }
    let left_out = texts.len().saturating_sub(MESSAGES_MAX);
    texts.truncate(MESSAGES_MAX);
    if left_out > 0 {
        texts.push(format!("and {left_out} more"));
    }
    texts.join("; ")
}

fn message(error: &Value) -> Option<String> {
    let said = excerpt(error["Message"].as_str()?);
    match error["FieldName"].as_str().map(str::trim) {
        Some(field) if !field.is_empty() => Some(format!("{}: {said}", excerpt(field))),
        _ => Some(said),
    }
}

/// A yes that may be a text.
pub(crate) fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(yes) => *yes,
        Value::String(text) => text.eq_ignore_ascii_case("true") || text == "1",
        _ => false,
    }
}

/// A whole number that may be a text.
pub(crate) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use yuanliu_http_kit::Bytes;

    use super::*;

    #[track_caller]
    fn check(status: u16, body: &str, wanted: std::result::Result<(), (ErrorKind, &str)>) {
        let reply = HttpReply {
            status: status.try_into().unwrap(),
            headers: Default::default(),
            body: Bytes::copy_from_slice(body.as_bytes()),
            received_at: Default::default(),
            action: "asking".to_owned(),
        };
        let got = accept(&reply).map(|_| ()).map_err(|e| (e.kind, e.detail.unwrap_or_default()));
        assert_eq!(got, wanted.map_err(|(kind, text)| (kind, text.to_owned())), "{body}");
    }

    fn failure(code: &str, message: &str) -> String {
        format!(
            r#"{{"Result":{{"ResponseStatus":{{"ErrorCode":500,"IsSuccess":false,"Errors":[{{"FieldName":null,"Message":"{message}","DIndex":0}}],"MsgCode":{code}}}}}}}"#
        )
    }

    #[test]
    fn rows_are_not_errors() {
        for rows in ["[]", "[[]]", "[[1]]", r#"[[{"a":1}]]"#, r#"[{"FID":1},{"FID":2}]"#] {
            check(200, rows, Ok(()));
        }
        check(206, "\u{feff}[[1,\"a\"]]", Ok(()));
        check(200, r#"{"Result":{"ResponseStatus":null,"Result":{}}}"#, Ok(()));
        check(200, r#"{"Result":{"ResponseStatus":{"IsSuccess":"True"}}}"#, Ok(()));
    }

    #[test]
    fn errors_are_found_in_every_wrapping() {
        let body = failure("9", "字段不存在");
        for body in [format!("[[{body}]]"), format!("[{body}]"), format!(" [ [\n{body}]]"), body] {
            check(200, &body, Err((ErrorKind::NotFound, "字段不存在 (MsgCode 9)")));
        }
    }

    #[test]
    fn codes_decide_the_kind() {
        let lost = "会话信息已丢失，请重新登录";
        check(200, &failure("1", "x"), Err((ErrorKind::SessionExpired, "x (MsgCode 1)")));
        check(200, &failure("null", lost), Err((ErrorKind::SessionExpired, lost)));
        check(200, &failure("\"13\"", "网控"), Err((ErrorKind::Busy, "网控 (MsgCode 13)")));
        check(200, &failure("14", "x"), Err((ErrorKind::RateLimited, "x (MsgCode 14)")));
        check(200, &failure("2", "x"), Err((ErrorKind::Permission, "x (MsgCode 2)")));
        check(200, &failure("11", "x"), Err((ErrorKind::Refused, "x (MsgCode 11)")));
    }

    #[test]
    fn every_message_is_told_and_partial_success_is_no_refusal() {
        let body = |reached: &str| {
            format!(
                r#"{{"Result":{{"ResponseStatus":{{"IsSuccess":false,"Errors":[{{"FieldName":"FCustomerID","Message":"必录"}},{{"FieldName":"","Message":"库存不足"}}],"SuccessEntitys":[{reached}],"MsgCode":11}}}}}}"#
            )
        };
        let said = "FCustomerID: 必录; 库存不足 (MsgCode 11)";
        check(200, &body(""), Err((ErrorKind::Refused, said)));
        check(200, &body(r#"{"Id":1}"#), Err((ErrorKind::Busy, said)));
    }

    #[test]
    fn other_shapes_are_told_apart() {
        check(200, "response_error: 发生异常", Err((ErrorKind::Busy, "发生异常")));
        check(
            200,
            "response_error:会话信息已丢失",
            Err((ErrorKind::SessionExpired, "会话信息已丢失")),
        );
        check(
            200,
            "<!DOCTYPE html><html>登录</html>",
            Err((
                ErrorKind::Malformed,
                "a web page came instead of data: <!DOCTYPE html><html>登录</html>",
            )),
        );
        check(200, " ", Err((ErrorKind::Malformed, "the answer is empty")));
        check(
            200,
            r#"[{"actionname":"showConfirm","params":[{"msg":"发现可疑数据"}]}]"#,
            Err((ErrorKind::Refused, "the server's request screening blocked it: 发现可疑数据")),
        );
        check(519, "errcode", Err((ErrorKind::Auth, "the gateway refused the signature: errcode")));
    }
}
