//! From path to operation.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::Response;
use serde_json::json;

use super::envelope::Call;
use super::server::Server;
use super::{business_info, query_call, response, view, write_call};
use crate::auth::signature::{SignedHeaders, verify};
use crate::auth::{LoginOutcome, accepted, asp_session, login, refused};
use crate::query::RowShape;
use crate::reply::{self, Wrapping, code};

const AUTH: &str = "kingdee.bos.webapi.servicesstub.authservice.";
const FORMS: &str = "kingdee.bos.webapi.servicesstub.dynamicformservice.";
const CENTRES: &str =
    "kingdee.bos.servicefacade.servicesstub.account.accountservice.getdatacenterlist";
const SESSION_COOKIE: &str = "kdservice-sessionid";
const ASP_COOKIE: &str = "ASP.NET_SessionId";

/// Answers any request.
pub(super) async fn answer(
    State(server): State<Server>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut answer = dispatch(&server, &method, &uri, &headers, &body).await;
    let date = httpdate::fmt_http_date(server.clock().now().into());
    response::put(&mut answer, header::DATE, &date);
    answer
}

async fn dispatch(
    server: &Server,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
) -> Response {
    let path = uri.path().to_ascii_lowercase();
    let service = path
        .strip_prefix("/k3cloud/")
        .and_then(|path| path.trim_start_matches('/').strip_suffix(".common.kdsvc"));
    let Some(service) = service else {
        return response::text(StatusCode::NOT_FOUND, "找不到请求的资源");
    };
    if method != Method::POST {
        return response::text(StatusCode::METHOD_NOT_ALLOWED, "只支持 POST");
    }
    let is_form = text(headers, "content-type").starts_with("application/x-www-form-urlencoded");
    let call = match Call::read(body, is_form) {
        Ok(call) => call,
        Err(error) => {
            return response::text(StatusCode::INTERNAL_SERVER_ERROR, error.to_string());
        }
    };
    if let Some(variant) = service.strip_prefix(AUTH) {
        return log_in_or_out(server, variant, &call, headers);
    }
    if service == CENTRES {
        let account = server.credentials();
        let centre = json!([{"Id": account.acct_id, "Number": account.data_centre,
            "Name": "示例账套"}]);
        return response::json(centre.to_string());
    }
    match service.strip_prefix(FORMS) {
        Some(operation) => form_call(server, operation, &call, uri.path(), headers).await,
        None => response::json(format!("response_error:找不到服务“{service}”")),
    }
}

fn log_in_or_out(server: &Server, variant: &str, call: &Call, headers: &HeaderMap) -> Response {
    if variant == "logout" {
        if let Some(session) = session_id(headers) {
            server.state().sessions.close(&session);
        }
        return response::json("true".to_owned());
    }
    server.state().login_calls += 1;
    match login(variant, call, server.credentials()) {
        LoginOutcome::Accepted => {
            let session = server.state().sessions.open(server.clock().now());
            let reply = accepted(&session, server.credentials());
            with_cookies(response::json(reply.to_string()), &session)
        }
        LoginOutcome::Refused(text) => response::json(refused(text).to_string()),
        LoginOutcome::UnknownVariant => {
            response::json(format!("response_error:找不到方法“{variant}”"))
        }
    }
}

async fn form_call(
    server: &Server,
    operation: &str,
    call: &Call,
    path: &str,
    headers: &HeaderMap,
) -> Response {
    let shape = match operation {
        "executebillquery" => Some(RowShape::Arrays),
        "billquery" => Some(RowShape::Objects),
        _ => None,
    };
    let wrapping = shape.map_or(Wrapping::Plain, query_call::wrapping);
    let opened = match admit(server, path, headers) {
        Ok(opened) => opened,
        Err((code, message)) => return response::json(reply::error(wrapping, code, message)),
    };
    let answer = match (shape, operation) {
        (Some(shape), _) => query_call::answer(server, call, shape).await,
        (None, "view") => response::json(view::answer(&server.state().dataset, call)),
        (None, "querybusinessinfo") => {
            response::json(business_info::answer(&server.state().dataset, call))
        }
        (None, operation) if write_call::is_served(operation) => {
            write_call::answer(server, operation, call).await
        }
        (None, _) => {
            let message = format!("本沙箱不支持操作“{operation}”");
            response::json(reply::error(Wrapping::Plain, code::NOT_POSSIBLE, &message))
        }
    };
    match opened {
        Some(session) => with_cookies(answer, &session),
        None => answer,
    }
}

/// Admits a call by its signatures or its session; answers a session that was opened for it.
fn admit(
    server: &Server,
    path: &str,
    headers: &HeaderMap,
) -> Result<Option<String>, (i32, &'static str)> {
    let lost = (code::SESSION_LOST, reply::SESSION_LOST);
    let now = server.clock().now();
    let signed = headers.contains_key("x-kd-signature");
    if signed {
        let headers = SignedHeaders {
            client_id: text(headers, "x-api-clientid"),
            timestamp: text(headers, "x-api-timestamp"),
            nonce: text(headers, "x-api-nonce"),
            api_signature: text(headers, "x-api-signature"),
            app_key: text(headers, "x-kd-appkey"),
            app_data: text(headers, "x-kd-appdata"),
            kd_signature: text(headers, "x-kd-signature"),
        };
        if !verify(&headers, path, server.credentials()) {
            return Err((code::NO_PERMISSION, "签名校验失败，请检查应用授权信息"));
        }
    }
    match session_id(headers) {
        // A stale id loses even a signed call, as long-lived clients found out.
        Some(id) if server.state().sessions.renew(&id, now) => Ok(None),
        Some(_) => Err(lost),
        None if signed => Ok(Some(server.state().sessions.open(now))),
        None => Err(lost),
    }
}

/// The session id from its header, the Java client's header, or the cookie.
fn session_id(headers: &HeaderMap) -> Option<String> {
    let header = [SESSION_COOKIE, "sid"].into_iter().map(|name| text(headers, name));
    if let Some(id) = header.into_iter().find(|id| !id.is_empty()) {
        return Some(id.to_owned());
    }
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    let mut session = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case(SESSION_COOKIE));
    session.next().map(|(_, id)| id.trim().to_owned())
}

/// Both cookies, without `Expires`: the official Python client mis-parses the comma in its date.
fn with_cookies(mut answer: Response, session: &str) -> Response {
    for (name, value) in [(SESSION_COOKIE, session), (ASP_COOKIE, &*asp_session(session))] {
        let cookie = format!("{name}={value}; path=/");
        response::put(&mut answer, header::SET_COOKIE, &cookie);
    }
    answer
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
