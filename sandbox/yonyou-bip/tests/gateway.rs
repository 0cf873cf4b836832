//! What a client meets before it sees a row: discovery, tokens, the order of the gateway's checks.

#![allow(clippy::unwrap_used, reason = "a test whose world cannot be set up should stop")]

use std::collections::BTreeSet;

use chrono::DateTime;
use serde_json::{Value, json};
use yuanliu_company::Company;
use yuanliu_sandbox_yonyou_bip::{BipHandle, BipOptions, BipSandbox, Clock, Dataset, Object, sign};

const KEY: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f90";
const TIME: &str = "1760000000000";
/// Vector V1 of the reference, as sent.
const SIGNATURE: &str = "R8vqGwFx2Ix69UABtz5%2BJHYRZ1tazrd4KEr%2FMB3SgU0%3D";

async fn start(options: BipOptions) -> BipHandle {
    let clock = Clock::manual(DateTime::from_timestamp_millis(TIME.parse().unwrap()).unwrap());
    BipSandbox::start(BipOptions { clock, ..options }).await.unwrap()
}

async fn get(server: &BipHandle, path: &str) -> (u16, String) {
    let url = format!("{}{path}", server.discovery_url());
    let reply = reqwest::get(url).await.unwrap();
    (reply.status().as_u16(), reply.text().await.unwrap())
}

async fn post(server: &BipHandle, path: &str, body: &Value) -> (u16, String) {
    let url = format!("{}/iuap-api-gateway{path}", server.discovery_url());
    let reply = reqwest::Client::new().post(url).body(body.to_string()).send().await.unwrap();
    (reply.status().as_u16(), reply.text().await.unwrap())
}

fn code(body: &str) -> String {
    let body: Value = serde_json::from_str(body).unwrap();
    body["code"].as_str().unwrap().to_owned()
}

fn token_path(signature: &str, time: &str) -> String {
    format!(
        "/iuap-api-auth/open-auth/selfAppAuth/base/v1/getAccessToken?appKey={KEY}\
         &timestamp={time}&signature={signature}"
    )
}

async fn token(server: &BipHandle) -> String {
    let (_, body) = get(server, &token_path(SIGNATURE, TIME)).await;
    let body: Value = serde_json::from_str(&body).unwrap();
    let token = body["data"]["access_token"].as_str().unwrap();
    token.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

#[tokio::test]
async fn a_tenant_finds_its_gateway() {
    let server = start(BipOptions::default()).await;
    let path = "/open-auth/dataCenter/getGatewayAddress?tenantId=";
    let (status, body) = get(&server, &format!("{path}tenant9x")).await;
    assert_eq!((status, code(&body).as_str()), (200, "00000"));
    assert!(body.contains("/iuap-api-gateway") && body.contains("/iuap-api-auth"));
    let (status, body) = get(&server, &format!("{path}other")).await;
    assert_eq!((status, code(&body).as_str()), (200, "500"));
}

#[tokio::test]
async fn only_the_right_signature_gets_a_token() {
    let server = start(BipOptions::default()).await;
    for path in [
        token_path(SIGNATURE, TIME),
        token_path(SIGNATURE, TIME).replace("/base/v1", ""),
        token_path(SIGNATURE, TIME).replace("iuap-api-auth", "iuap-api-gateway"),
    ] {
        assert_eq!(code(&get(&server, &path).await.1), "00000", "{path}");
    }
    let seconds =
        sign(&[("appKey", KEY), ("timestamp", "1760000000")], &server.credentials().app_secret);
    for (signature, time) in [
        // A literal plus arrives as a space.
        ("R8vqGwFx2Ix69UABtz5+JHYRZ1tazrd4KEr/MB3SgU0=", TIME),
        // Encoded twice.
        ("R8vqGwFx2Ix69UABtz5%252BJHYRZ1tazrd4KEr%252FMB3SgU0%253D", TIME),
        // Base64 of the hexadecimal text.
        (
            "NDdjYmVhMWIwMTcxZDg4YzdhZjU0MDAxYjczZTdlMjQ3NjExNjc1YjVhY2ViNzc4Mjg0YWZmMzAxZGQyODE0ZA%3D%3D",
            TIME,
        ),
        // Seconds, not milliseconds.
        (seconds.replace('+', "%2B").as_str(), "1760000000"),
        ("", TIME),
    ] {
        let (status, body) = get(&server, &token_path(signature, time)).await;
        assert_eq!((status, code(&body).as_str()), (200, "50000"), "{signature}");
    }
    let other = token_path(SIGNATURE, TIME).replace(KEY, "other");
    assert_eq!(code(&get(&server, &other).await.1), "10018");
    assert_eq!(server.tokens_granted(), 3);
}

#[tokio::test]
async fn checks_come_in_the_gateways_order() {
    let ungranted = BTreeSet::from([Object::Staff.path().to_owned()]);
    let server = start(BipOptions { ungranted, ..BipOptions::default() }).await;
    let token = token(&server).await;
    let body = json!({});
    let (status, text) = post(&server, "/yonbip/no/such?access_token=bad", &body).await;
    assert_eq!((status, code(&text).as_str()), (404, "310404"));
    let at = |object: Object, token: &str| format!("{}?access_token={token}", object.path());
    assert_eq!(code(&post(&server, Object::Staff.path(), &body).await.1), "310001");
    assert_eq!(code(&post(&server, &at(Object::Staff, "bad"), &body).await.1), "310036");
    let plain = post(&server, &at(Object::Unit, "bad"), &body).await;
    assert_eq!(plain, (200, "非法token".to_owned()));
    assert_eq!(code(&post(&server, &at(Object::Staff, &token), &body).await.1), "310037");
    assert_eq!(code(&post(&server, &at(Object::Unit, &token), &body).await.1), "200");
    server.clock().advance(chrono::TimeDelta::hours(2));
    assert_eq!(code(&post(&server, &at(Object::Product, &token), &body).await.1), "310036");
}

#[tokio::test]
async fn lists_flatten_filter_and_page() {
    let server = start(BipOptions::default()).await;
    for id in 1..=3 {
        let lines = vec![
            json!({"details_id": id * 10 + 1, "qty": 5}),
            json!({"details_id": id * 10 + 2, "qty": 7}),
        ];
        let pubts = format!("2026-03-0{id} 00:00:00");
        server.put(
            Object::SalesOut,
            json!({"id": id, "code": format!("XSCK{id}"), "pubts": pubts}),
            lines,
        );
    }
    let path = format!("{}?access_token={}", Object::SalesOut.path(), token(&server).await);
    let list = async |body: Value| {
        let (_, text) = post(&server, &path, &body).await;
        let reply: Value = serde_json::from_str(&text).unwrap();
        let count = reply["data"]["recordCount"].as_u64().unwrap();
        assert!(reply["data"].get("haveNextPage").is_none());
        (count, reply["data"]["recordList"].as_array().unwrap().len())
    };
    assert_eq!(list(json!({"pageSize": 4})).await, (6, 4));
    assert_eq!(list(json!({"pageSize": 4, "pageIndex": 2})).await, (6, 2));
    assert_eq!(list(json!({"isSum": true})).await, (3, 3));
    assert_eq!(list(json!({"code": "XSCK2"})).await, (2, 2));
    let when = |op: &str, value: Value| json!({"simpleVOs": [{"field": "pubts", "op": op, "value1": value}]});
    // Both ends are inclusive.
    assert_eq!(list(when("egt", json!("2026-03-02 00:00:00"))).await.0, 4);
    assert_eq!(list(when("elt", json!("2026-03-02 00:00:00"))).await.0, 4);
    assert_eq!(list(when("gt", json!("2026-03-02 00:00:00"))).await.0, 2);
    assert_eq!(list(when("is_null", Value::Null)).await.0, 0);
    let or = json!({"simpleVOs": [{"logicOp": "or", "conditions": [
        {"field": "details.qty", "op": "eq", "value1": 7},
        {"field": "id", "op": "in", "value1": ["1"]}]}]});
    assert_eq!(list(or).await.0, 4);
    let between =
        json!({"simpleVOs": [{"field": "id", "op": "between", "value1": 2, "value2": 3}]});
    assert_eq!(list(between).await.0, 4);
}

#[test]
fn the_company_fills_every_object() {
    let company = Company::demo(7, 1);
    let data = Dataset::from_company(&company);
    for object in Object::ALL {
        assert!(data.len(object) > 0, "{object:?}");
    }
    assert_eq!(data.len(Object::SalesOrder), company.orders.len());
    assert_eq!(data.len(Object::SalesOut), company.deliveries.len());
    assert_eq!(data.len(Object::MaterialOut), company.moves.len());
    assert_eq!(data.len(Object::StoreProRecord), company.receipts.len());
    assert_eq!(data.len(Object::Product), company.products.len() + company.materials.len());
}
