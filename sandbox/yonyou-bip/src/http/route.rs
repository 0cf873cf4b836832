//! From path to answer, in the order of the gateway's checks: path, token, grant, limit.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::Response;
use serde_json::json;

use super::server::Server;
use super::{list, response, save};
use crate::auth::Query;
use crate::data::Object;

/// Prefixes that discovery gives.
pub(super) const GATEWAY: &str = "/iuap-api-gateway";
pub(super) const TOKENS: &str = "/iuap-api-auth";

const DISCOVERY: &str = "/open-auth/dataCenter/getGatewayAddress";

/// Below either prefix, with and without `base/v1`; whether the app is a suite.
const TOKEN_PATHS: [(&str, bool); 4] = [
    ("/open-auth/selfAppAuth/base/v1/getAccessToken", false),
    ("/open-auth/selfAppAuth/getAccessToken", false),
    ("/open-auth/suiteApp/base/v1/getAccessToken", true),
    ("/open-auth/suiteApp/getAccessToken", true),
];

/// Answers any request.
pub(super) async fn answer(
    State(server): State<Server>,
    method: Method,
    uri: Uri,
    body: Bytes,
) -> Response {
    let mut answer = dispatch(&server, &method, &uri, &body).await;
    let date = httpdate::fmt_http_date(server.now().into());
    response::put(&mut answer, header::DATE, &date);
    answer
}

async fn dispatch(server: &Server, method: &Method, uri: &Uri, body: &[u8]) -> Response {
    let query = Query::parse(uri.query().unwrap_or_default());
    let path = uri.path();
    if path == DISCOVERY {
        return discover(server, &query);
    }
    let below = path.strip_prefix(TOKENS).or_else(|| path.strip_prefix(GATEWAY));
    let token = TOKEN_PATHS.into_iter().find(|(known, _)| below == Some(known));
    if let Some((_, is_suite)) = token {
        return response::json(&server.grant(&query, is_suite));
    }
    let Some(path) = path.strip_prefix(GATEWAY) else {
        return response::text(StatusCode::NOT_FOUND, "Not Found");
    };
    business(server, method, path, &query, body).await
}

fn discover(server: &Server, query: &Query) -> Response {
    if query.get("tenantId") != Some(&server.options().credentials.tenant_id) {
        let message = "根据租户id获取网关地址出现异常";
        return response::json(&json!({"code": "500", "message": message}));
    }
    let base = server.base_url();
    response::json(&json!({"code": "00000", "message": "成功！", "data": {
        "gatewayUrl": format!("{base}{GATEWAY}"), "tokenUrl": format!("{base}{TOKENS}")}}))
}

async fn business(
    server: &Server,
    method: &Method,
    path: &str,
    query: &Query,
    body: &[u8],
) -> Response {
    let options = server.options();
    let (list, saved) = (Object::at(path), options.saves.get(path).copied());
    if list.is_none() && saved.is_none() {
        let message = format!("网关上没有注册此API[{path}]，请确认后重新调用");
        return response::failure_as(StatusCode::NOT_FOUND, 310_404, &message);
    }
    if method != Method::POST {
        return response::failure_as(StatusCode::METHOD_NOT_ALLOWED, 310_405, "请求方式不正确");
    }
    // Only the query counts; a token in a header is as if it were not there.
    let Some(token) = query.get("access_token") else {
        return response::failure(310_001, "access_token不能为空。");
    };
    if !server.accepts(token) {
        return bad_token(server, path);
    }
    if options.ungranted.contains(path) {
        return response::failure(310_037, "应用未授权此API");
    }
    if let Some(throttle) = server.is_over_limit(path) {
        let status = if throttle.as_429 { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::OK };
        return response::failure_as(status, 310_046, "API调用超过流量限制");
    }
    let Ok(body) = serde_json::from_slice(body) else {
        return response::failure(310_002, "请求体必须为JSON格式");
    };
    match (list, saved) {
        (Some((object, shape)), _) => list::answer(server, path, object, shape, &body).await,
        (None, Some(object)) => save::answer(server, object, &body),
        (None, None) => response::failure(999, "服务端逻辑异常"),
    }
}

/// One service answers without JSON.
fn bad_token(server: &Server, path: &str) -> Response {
    if server.options().text_token_path.as_deref() == Some(path) {
        return response::text(StatusCode::OK, "非法token");
    }
    response::failure(310_036, "非法token")
}
