//! Refusals are problem documents in two languages, and answers tell browsers what to keep to.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use yuanliu_api::access::Role;
use yuanliu_api::{JSON_BYTES_MAX, Options};

use super::client::{Answered, Client};

async fn send(
    client: &Client,
    method: &str,
    path: &str,
    kind: &str,
    body: impl Into<Body>,
) -> Answered {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", "Bearer token-admin")
        .header("content-type", kind);
    client.send(request.body(body.into()).unwrap()).await
}

#[tokio::test]
async fn whatever_is_wrong_is_told_the_same_way() {
    let client = Client::new();
    let large = "x".repeat(JSON_BYTES_MAX + 1);
    let json = "application/json";
    for (method, path, kind, body, status, code, title_zh) in [
        ("POST", "/api/v1/runs", json, "{", 400, "bad_request", "请求无法识别"),
        (
            "POST",
            "/api/v1/runs",
            json,
            "{\"kind\":\"sync\",\"x\":1}",
            400,
            "bad_request",
            "请求无法识别",
        ),
        (
            "POST",
            "/api/v1/runs",
            "text/plain",
            "{}",
            415,
            "unsupported_media_type",
            "不支持的内容类型",
        ),
        ("POST", "/api/v1/runs", json, &large, 413, "content_too_large", "请求体过大"),
        ("GET", "/api/v1/runs/none", json, "", 404, "not_found", "未找到"),
        ("GET", "/api/v1/nowhere", json, "", 404, "not_found", "未找到"),
        ("GET", "/api", json, "", 404, "not_found", "未找到"),
        ("PATCH", "/api/v1/runs", json, "", 405, "method_not_allowed", "不支持的请求方法"),
        ("POST", "/api/v1/rejects/x/replay", json, "", 400, "bad_request", "请求无法识别"),
        ("GET", "/api/v1/dealer/stock", json, "", 403, "forbidden", "没有权限"),
        ("GET", "/api/v1/runs/%ff", json, "", 400, "bad_request", "请求无法识别"),
    ] {
        let answer = send(&client, method, path, kind, body.to_owned()).await;
        assert_eq!(answer.status.as_u16(), status, "{method} {path}: {answer:?}");
        assert!(answer.is_problem(), "{method} {path}");
        let document = answer.json();
        assert_eq!((&document["code"], &document["title_zh"]), (&code.into(), &title_zh.into()));
        assert_eq!(document["type"], format!("urn:yuanliu:problem:{code}"));
    }
}

#[tokio::test]
async fn what_a_request_lacks_is_told_in_chinese() {
    let client = Client::new();
    let json = "application/json";
    for (method, path, body, told) in [
        (
            "POST",
            "/runs",
            "{",
            "请求体不是有效的 JSON：内容不完整：an object 未结束（第 1 行第 1 列）",
        ),
        ("POST", "/runs", "{}", "请求体的 JSON 内容不符合要求：缺少字段 `kind`（第 1 行第 2 列）"),
        (
            "POST",
            "/runs",
            r#"{"kind":"x"}"#,
            "请求体的 JSON 内容不符合要求：kind：未知取值 `x`，应为 `sync` 或 `build`（第 1 行第 11 列）",
        ),
        (
            "POST",
            "/runs",
            r#"{"kind":"sync","x":1}"#,
            "请求体的 JSON 内容不符合要求：x：未知字段 `x`，可用的有 `kind`, `system`, `stream`, \
             `full`（第 1 行第 18 列）",
        ),
        ("POST", "/rejects/x/replay", "", "路径无效：`id` 的值 `x` 不是有效的 `i64`"),
        ("GET", "/runs/%ff", "", "路径无效：`id` 不是有效的 UTF-8"),
        ("GET", "/runs?limit=0", "", "`limit` 为 `0`，应为 1 至 1000"),
        (
            "GET",
            "/runs?x=1",
            "",
            "查询参数不符合要求：x：未知字段 `x`，可用的有 `system`, `kind`, `outcome`, `job`",
        ),
        ("GET", "/reports/sightings?from=2026-02-30", "", "报表查询条件有误：日期或时间超出范围"),
        ("GET", "/nowhere", "", "接口不存在，可通过 GET /api/v1/openapi.json 查看全部接口"),
    ] {
        let answer = send(&client, method, &format!("/api/v1{path}"), json, body).await;
        assert_eq!(answer.json()["detail_zh"], told, "{method} {path} {body}");
    }
}

#[tokio::test]
async fn a_method_that_is_not_there_names_those_that_are() {
    let answer = send(&Client::new(), "PATCH", "/api/v1/runs", "text/plain", "").await;
    assert_eq!(answer.header("allow"), "GET,HEAD,POST");
}

#[tokio::test]
async fn every_answer_tells_a_browser_what_to_keep_to() {
    for is_tls in [false, true] {
        let client = Client::with(Options { is_tls, ..Options::default() });
        for path in ["/api/v1/session", "/api/v1/session/ways", "/nowhere.js"] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let answer = client.send(request).await;
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("referrer-policy"), "same-origin");
            assert_eq!(answer.header("cache-control"), "no-store");
            let policy = answer.header("content-security-policy");
            assert!(policy.contains("frame-ancestors 'none'"));
            assert!(policy.contains("script-src 'self';"));
            assert_eq!(answer.headers.contains_key("strict-transport-security"), is_tls);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_takes_too_long_is_given_up() {
    let limit = Duration::from_secs(5);
    let client = Client::with(Options { slow_answer_within: limit, ..Options::default() });
    client.memory.is_stuck.store(true, std::sync::atomic::Ordering::Relaxed);
    let answer = client.get(Role::Admin, "/systems/erp-main/streams").await;
    assert_eq!(answer.status, StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(answer.json()["code"], "timed_out");
}
