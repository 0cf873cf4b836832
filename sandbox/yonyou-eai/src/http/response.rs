//! Answers, the broken ones included.

use std::io;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use encoding_rs::GBK;
use futures::stream;

/// An XML body with its declaration.
pub(super) fn xml(body: &str, is_gbk: bool) -> Response {
    let label = if is_gbk { "gb2312" } else { "utf-8" };
    let text = format!("<?xml version=\"1.0\" encoding=\"{label}\"?>\r\n{body}");
    let bytes = if is_gbk { GBK.encode(&text).0.into_owned() } else { text.into_bytes() };
    with(StatusCode::OK, "text/xml", bytes)
}

/// An XML body that ends in the middle.
pub(super) fn malformed(body: &str) -> Response {
    let cut = (0..=body.len() / 2).rev().find(|at| body.is_char_boundary(*at)).unwrap_or(0);
    xml(body.get(..cut).unwrap_or_default(), false)
}

/// A body with a status.
pub(super) fn with(status: StatusCode, content_type: &'static str, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let value = HeaderValue::from_static(content_type);
    response.headers_mut().insert(header::CONTENT_TYPE, value);
    response
}

/// What IIS answers when the page fails.
pub(super) fn html_500() -> Response {
    let page = "<html><head><title>500</title></head><body>An error occurred on the server when \
                processing the URL.</body></html>";
    with(StatusCode::INTERNAL_SERVER_ERROR, "text/html", page.into())
}

/// A connection that breaks before a byte of the body was sent.
pub(super) fn reset() -> Response {
    let broken = Err::<String, _>(io::Error::from(io::ErrorKind::ConnectionReset));
    let mut response = Response::new(Body::from_stream(stream::iter([broken])));
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(1_u64));
    response
}
