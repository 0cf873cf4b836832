//! Responses, the broken ones included.

use std::io;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use futures::stream;
use serde_json::{Value as Json, json};

const JSON: &str = "application/json; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

/// A JSON body with status 200, which successes and failures share.
pub(super) fn json(body: &Json) -> Response {
    raw(StatusCode::OK, JSON, body.to_string())
}

/// JSON text as it is.
pub(super) fn json_text(body: String) -> Response {
    raw(StatusCode::OK, JSON, body)
}

/// A text body.
pub(super) fn text(status: StatusCode, body: impl Into<String>) -> Response {
    raw(status, TEXT, body.into())
}

/// A failure with its code, as text as the platform mostly has it.
pub(super) fn failure(code: i64, message: &str) -> Response {
    json(&json!({"code": code.to_string(), "message": message, "displayCode": null, "level": 0}))
}

/// The same with a status of its own.
pub(super) fn failure_as(status: StatusCode, code: i64, message: &str) -> Response {
    let mut response = failure(code, message);
    *response.status_mut() = status;
    response
}

/// HTTP 429 with a `Retry-After`.
pub(super) fn limited(retry_after: &str) -> Response {
    let mut response = text(StatusCode::TOO_MANY_REQUESTS, "请求过于频繁");
    put(&mut response, header::RETRY_AFTER, retry_after);
    response
}

/// A page of a proxy.
pub(super) fn html() -> Response {
    raw(StatusCode::OK, "text/html", "<html><title>登录</title></html>".to_owned())
}

/// The first half of a text, cut between characters.
pub(super) fn half(body: &str) -> String {
    let middle = body.len() / 2;
    let cut = (0..=middle).rev().find(|at| body.is_char_boundary(*at)).unwrap_or(0);
    body.get(..cut).unwrap_or_default().to_owned()
}

/// A body that is announced and never sent: the connection breaks.
pub(super) fn broken() -> Response {
    let last = stream::iter([Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionReset))]);
    let mut response = Response::new(Body::from_stream(last));
    put(&mut response, header::CONTENT_TYPE, JSON);
    put(&mut response, header::CONTENT_LENGTH, "1");
    response
}

fn raw(status: StatusCode, content_type: &'static str, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    put(&mut response, header::CONTENT_TYPE, content_type);
    response
}

/// Sets a header whose value is plain text; anything else leaves it out.
pub(super) fn put(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().append(name, value);
    }
}
