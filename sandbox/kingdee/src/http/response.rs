//! Responses, the broken ones included.

use std::io;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt as _, stream};

use crate::fault::Fault;
use crate::reply::{self, Wrapping};

/// Distance of the date in a `Retry-After` given as a date.
const RETRY_AFTER_DATE_S: i64 = 2;

const JSON: &str = "application/json; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";

/// A JSON body with status 200, which successes and business errors share.
pub(super) fn json(body: String) -> Response {
    plain(StatusCode::OK, JSON, body)
}

/// A text body.
pub(super) fn text(status: StatusCode, body: impl Into<String>) -> Response {
    plain(status, TEXT, body.into())
}

fn plain(status: StatusCode, content_type: &'static str, body: String) -> Response {
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

/// The answer of a fault, given the right answer `body`.
pub(super) fn faulty(
    fault: Fault,
    body: String,
    wrapping: Wrapping,
    now: DateTime<Utc>,
) -> Response {
    let business = |code, message: &str| json(reply::error(wrapping, code, message));
    match fault {
        Fault::Slow(_) | Fault::MutateBetweenPages | Fault::PartialFailure => json(body),
        Fault::SessionLost => business(reply::code::SESSION_LOST, reply::SESSION_LOST),
        Fault::ResponseError => json("response_error:未将对象引用设置到对象的实例。".to_owned()),
        Fault::Http500 => text(StatusCode::INTERNAL_SERVER_ERROR, "内部服务器错误"),
        Fault::RateLimitedSeconds(seconds) => limited(&seconds.to_string()),
        Fault::RateLimitedDate => {
            let until = now + TimeDelta::seconds(RETRY_AFTER_DATE_S);
            limited(&httpdate::fmt_http_date(until.into()))
        }
        Fault::MalformedPage => json(half(&body).to_owned()),
        Fault::TruncatedBody => truncated(&body),
        Fault::MsgCode(13) => business(13, "网络控制冲突，该单据正在被其他用户操作"),
        Fault::MsgCode(14) => business(14, "接口调用超过限制，请稍后重试"),
        Fault::MsgCode(code) => business(code, "数据库操作失败"),
        Fault::Screening => json(SCREENING.to_owned()),
        Fault::HtmlPage => plain(StatusCode::OK, HTML, LOGIN_PAGE.to_owned()),
        Fault::ConnectionReset => broken(None, 0),
    }
}

const SCREENING: &str = "[{\"actionname\":\"showConfirm\",\"params\":[{\"msg\":\
    \"检测到可疑数据，已被安全规则 SQL-0007 拦截\"}]}]";
const LOGIN_PAGE: &str = "<!DOCTYPE html><html><head><title>登录</title></head>\
    <body><form action=\"/login\"></form></body></html>";

fn limited(retry_after: &str) -> Response {
    let mut response = text(StatusCode::TOO_MANY_REQUESTS, "请求过于频繁");
    put(&mut response, header::RETRY_AFTER, retry_after);
    response
}

/// The first half of a text, cut between characters; of a short one nothing useful is left.
fn half(body: &str) -> &str {
    let middle = (body.len() / 2).max(1).min(body.len());
    let cut = (0..=middle).rev().find(|at| body.is_char_boundary(*at)).unwrap_or(0);
    body.get(..cut).unwrap_or_default()
}

fn truncated(body: &str) -> Response {
    broken(Some(half(body).to_owned()), body.len())
}

/// A body that announces `length` bytes, sends `sent` and then breaks the connection.
fn broken(sent: Option<String>, length: usize) -> Response {
    let first = stream::iter(sent.map(Ok::<_, io::Error>));
    let last = stream::iter([Err(io::Error::from(io::ErrorKind::ConnectionReset))]);
    let mut response = Response::new(Body::from_stream(first.chain(last)));
    put(&mut response, header::CONTENT_TYPE, JSON);
    put(&mut response, header::CONTENT_LENGTH, &length.max(1).to_string());
    response
}
