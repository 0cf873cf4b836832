//! Whatever JSON is thrown at a route, the answer is a success or a problem document.

use proptest::prelude::{Just, Strategy, any, prop};
use proptest::prop_oneof;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};
use tokio::runtime::Builder;
use yuanliu_api::access::Role::{self, Admin, Dealer, Device, Finance, Operations, Public};

use super::client::Client;
use super::memory::CASE_HASH;

/// A route that takes a body, who may use it, and a body it takes.
fn routes() -> Vec<(Role, &'static str, &'static str, Value)> {
    let account = json!({"display_name": "a", "role": "dealer", "regions": ["430000"],
        "dealer_code": "D1", "locale": "en"});
    let mut new = account.clone();
    new["login"] = json!("a");
    new["password"] = json!("123456789012");
    let case = "/cases/D1/P1/430102/2026-03";
    let note = json!({"note": "x"});
    vec![
        (Public, "POST", "/session", json!({"login": "nobody", "password": "x"})),
        (Public, "POST", "/verify", json!({"codes": "1", "consumer_ref": "", "region_code": ""})),
        (Admin, "POST", "/accounts", new),
        (Admin, "PUT", "/accounts/finance", account),
        (Admin, "POST", "/accounts/finance/password", json!({"password": "123456789012"})),
        (Admin, "POST", "/accounts/finance/disable", json!({"is_disabled": true})),
        (
            Admin,
            "POST",
            "/tokens",
            json!({"name": "x", "login": "dealer",
            "expires_at": "2030-01-01T00:00:00Z"}),
        ),
        (Admin, "POST", "/configuration/plan", json!({"files": [{"path": "a", "text": ""}]})),
        (Admin, "POST", "/configuration/apply", json!({"plan_id": "plan-1"})),
        (Admin, "POST", "/runs", json!({"kind": "sync", "system": "erp-main", "full": true})),
        (Admin, "POST", "/rejects/replay", json!({"filter": {"status": "open", "system": "x"}})),
        (Admin, "POST", "/rejects/7/discard", note.clone()),
        (Operations, "POST", "/alerts/alert-1/acknowledge", note.clone()),
        (Operations, "POST", "/alerts/alert-1/resolve", note.clone()),
        (
            Operations,
            "POST",
            "/addresses/corrections",
            json!({"kind": "pattern", "text": "x",
            "region_code": "430121", "note": ""}),
        ),
        (
            Operations,
            "POST",
            leak(format!("{case}/decisions")),
            json!({"decision": "dismissed",
            "note": "x", "case_hash": CASE_HASH}),
        ),
        (Dealer, "POST", leak(format!("{case}/appeals")), note),
        (
            Finance,
            "POST",
            "/claims/e-1/decisions",
            json!({"code": "1", "decision": "released",
            "note": "x"}),
        ),
        (
            Device,
            "POST",
            "/events",
            json!([{"event_type": "ship", "event_time": "x",
            "codes": ["1"]}]),
        ),
        (Device, "POST", "/checks/shipment", json!({"code": "1", "order_no": "x"})),
        (Device, "POST", "/checks/material", json!({"work_order_no": "x", "material_code": "y"})),
    ]
}

fn leak(text: String) -> &'static str {
    text.leak()
}

/// Any JSON, small.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
        Just(json!("\u{0}")),
        Just(json!("x".repeat(3_000))),
        Just(json!("2026-02-30")),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{0,8}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Puts something else in the place of one of the body's parts, or of all of it.
fn spoilt(body: &Value, at: usize, by: Value) -> Value {
    let mut body = body.clone();
    if let Some(fields) = body.as_object_mut()
        && at < fields.len()
        && let Some(field) = fields.values_mut().nth(at)
    {
        *field = by;
        return body;
    }
    by
}

#[test]
fn any_json_is_taken_or_refused_with_a_problem() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let (routes, client) = (routes(), Client::new());
    let mut runner = TestRunner::new(Config { cases: 600, ..Config::default() });
    let strategy = (0..routes.len(), 0..7_usize, anything());
    let outcome = runner.run(&strategy, |(route, at, by)| {
        let (role, method, path, body) = &routes[route];
        let body = spoilt(body, at, by);
        let answer = runtime.block_on(client.ask(*role, method, path, Some(&body)));
        let is_fair =
            answer.status.is_success() || (answer.status.is_client_error() && answer.is_problem());
        proptest::prop_assert!(is_fair, "{method} {path} {body}: {answer:?}");
        Ok(())
    });
    outcome.unwrap();
}

/// The list above has every route that takes a body.
#[test]
fn every_route_with_a_body_is_thrown_at() {
    let document = yuanliu_api::document();
    let with_body = document["paths"].as_object().unwrap().values().flat_map(|item| {
        item.as_object().unwrap().values().filter(|operation| operation["requestBody"].is_object())
    });
    // The own password needs a session's cookie, and is thrown at where sessions are tested.
    assert_eq!(with_body.count(), routes().len() + 1);
}

#[tokio::test]
async fn the_bodies_that_are_spoilt_are_good_before() {
    for (role, method, path, body) in routes() {
        let client = Client::new();
        client
            .post(Admin, "/configuration/plan", &json!({"files": [{"path": "a", "text": ""}]}))
            .await;
        let status = client.ask(role, method, path, Some(&body)).await.status.as_u16();
        // The made-up login is one that nobody has.
        assert!(status < 300 || (path == "/session" && status == 401), "{method} {path}: {status}");
    }
}
