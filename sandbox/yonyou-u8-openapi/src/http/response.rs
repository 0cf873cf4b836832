//! Answers, the broken ones included.

use std::io;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use futures::stream;
use serde_json::{Value, json};

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// A JSON body with status 200, which successes and failures share.
pub(super) fn json_body(body: String) -> Response {
    with_status(StatusCode::OK, body)
}

/// A JSON body with another status.
pub(super) fn with_status(status: StatusCode, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}

/// A failure inside HTTP 200.
pub(super) fn failure(code: &str, message: &str) -> Value {
    json!({"errcode": code, "errmsg": message})
}

/// HTTP 429.
pub(super) fn limited(seconds: u64) -> Response {
    let mut response = with_status(StatusCode::TOO_MANY_REQUESTS, String::new());
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// JSON that ends in the middle.
pub(super) fn malformed(body: &str) -> Response {
    let cut = (0..=body.len() / 2).rev().find(|at| body.is_char_boundary(*at)).unwrap_or(0);
    json_body(body.get(..cut).unwrap_or_default().to_owned())
}

/// A connection that breaks before a byte of the body was sent.
pub(super) fn reset() -> Response {
    let broken = Err::<String, _>(io::Error::from(io::ErrorKind::ConnectionReset));
    let mut response = Response::new(Body::from_stream(stream::iter([broken])));
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(1_u64));
    response
}
