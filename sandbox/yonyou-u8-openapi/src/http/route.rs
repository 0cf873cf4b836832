//! From a request to its answer.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Query, State as Shared};
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::server::Server;
use super::{call, response};
use crate::fault::Fault;

/// Life of a token in seconds (reference: yonyou.md 2.2).
const TOKEN_S: i64 = 7_200;

/// Parameters of a call.
pub(super) type Parameters = BTreeMap<String, String>;

/// Answers every request.
pub(super) async fn answer(
    Shared(server): Shared<Server>,
    method: Method,
    uri: Uri,
    query: Query<Parameters>,
    body: Bytes,
) -> Response {
    let Query(parameters) = query;
    let path: Vec<&str> = uri.path().trim_matches('/').split('/').collect();
    match path[..] {
        ["system", "token"] => response::json_body(token(&server, &parameters).to_string()),
        ["system", "tradeid"] => response::json_body(match admit(&server, &parameters) {
            Err(refusal) => refusal.to_string(),
            Ok(()) => {
                let id = issue(&server, "trade");
                json!({"errcode": "0", "errmsg": "", "trade": {"id": id}}).to_string()
            }
        }),
        ["api", resource, verb] => {
            business(&server, &method, resource, verb, &parameters, &body).await
        }
        _ => response::with_status(StatusCode::NOT_FOUND, String::new()),
    }
}

fn token(server: &Server, parameters: &Parameters) -> Value {
    server.state().token_calls += 1;
    let account = server.credentials();
    let is = |name: &str, value: &str| parameters.get(name).map(String::as_str) == Some(value);
    if !is("from_account", &account.from_account)
        || !is("app_key", &account.app_key)
        || !is("app_secret", &account.app_secret)
    {
        return response::failure("20001", "app_key 或 app_secret 不正确");
    }
    let id = issue(server, "token");
    let end = server.now() + TimeDelta::seconds(TOKEN_S);
    server.state().tokens.insert(id.clone(), end);
    let token = json!({"appkey": account.app_key, "expiresIn": TOKEN_S, "id": id});
    json!({"errcode": "0", "errmsg": "", "token": token})
}

/// A text of 32 characters that was not handed out before.
fn issue(server: &Server, what: &str) -> String {
    let mut state = server.state();
    state.issued += 1;
    format!("{what:0>16}{:016x}", state.issued)
}

fn admit(server: &Server, parameters: &Parameters) -> Result<(), Value> {
    let account = server.credentials();
    let is = |name: &str, value: &str| parameters.get(name).map(String::as_str) == Some(value);
    if !is("from_account", &account.from_account) || !is("app_key", &account.app_key) {
        return Err(response::failure("20001", "app_key 不正确"));
    }
    let now = server.now();
    let token = parameters.get("token").map(String::as_str).unwrap_or_default();
    match server.state().tokens.get(token) {
        Some(end) if now < *end => Ok(()),
        _ => Err(response::failure("20002", "token 无效或已过期")),
    }
}

async fn business(
    server: &Server,
    method: &Method,
    resource: &str,
    verb: &str,
    parameters: &Parameters,
    body: &[u8],
) -> Response {
    let fault = {
        let mut state = server.state();
        state.calls += 1;
        let fault = state.faults.take();
        if fault == Some(Fault::TokenLost) {
            state.tokens.clear();
        }
        fault
    };
    match fault {
        Some(Fault::RateLimitedSeconds(seconds)) => return response::limited(seconds),
        Some(Fault::Busy) => {
            return response::with_status(StatusCode::SERVICE_UNAVAILABLE, String::new());
        }
        Some(Fault::ErrCode) => {
            return response::json_body(response::failure("50001", "系统内部错误").to_string());
        }
        Some(Fault::Reset) => return response::reset(),
        Some(Fault::Slow(ms)) => tokio::time::sleep(Duration::from_millis(ms)).await,
        _ => {}
    }
    let answer = match admit(server, parameters) {
        Err(refusal) => refusal,
        Ok(()) if !server.state().is_agent_online => {
            response::failure("30031", "U8 企业客户端不在线，请检查开放平台客户端")
        }
        Ok(()) if parameters.get("to_account") != Some(&server.credentials().to_account) => {
            response::failure("30022", "to_account 未授权")
        }
        Ok(()) if parameters.get("ds_sequence").is_some_and(|number| number != "1") => {
            response::failure("30032", "数据源序号不存在")
        }
        Ok(()) => match (method, verb) {
            (&Method::GET, "batch_get") => {
                let is_emptied = fault == Some(Fault::EmptyPage);
                call::list(&server.state().dataset, resource, parameters, is_emptied)
            }
            (&Method::GET, "get") => call::get(&server.state().dataset, resource, parameters),
            (&Method::POST, "add") => call::add(server, resource, parameters, body),
            _ => call::unknown(resource, verb),
        },
    };
    match fault {
        Some(Fault::Malformed) => response::malformed(&answer.to_string()),
        Some(Fault::ResetAfter) => response::reset(),
        _ => response::json_body(answer.to_string()),
    }
}
