//! Every route as every role, against a table of its own.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::{Value, json};
use yuanliu_api::access::Role;
use yuanliu_api::access::Role::{
    Admin, Dealer, Device, Finance, Local, Management, Operations, Public,
};

use super::client::Client;
use super::memory::{CASE_HASH, CODE};

/// Anybody.
const ALL: &[Role] = &Role::ALL;
/// Whoever shows who they are.
const KNOWN: &[Role] = &[Admin, Management, Operations, Finance, Dealer, Device, Local];
const PERSONS: &[Role] = &[Admin, Management, Operations, Finance, Dealer];
const FIELD: &[Role] = &[Admin, Management, Operations];
const HUB: &[Role] = &[Admin];

const CASE: &str = "/cases/{dealer_code}/{product_code}/{destination_region}/{month}";

/// Method and path, the roles it is for, a question it answers with 2xx.
type Line = (&'static str, &'static str, &'static [Role], &'static str, Option<Value>);

fn table() -> Vec<Line> {
    let note = || Some(json!({"note": "because"}));
    let account = json!({"display_name": "新", "role": "finance"});
    let mut new_account = account.clone();
    new_account["login"] = json!("new");
    new_account["password"] = json!("123456789012");
    let draft = json!({"files": [{"path": "systems/a.toml", "text": "kind = \"x\""}]});
    let decision = json!({"decision": "confirmed", "note": "seen", "case_hash": CASE_HASH});
    let shipment = json!({"code": CODE, "order_no": "SO-1"});
    let material = json!({"work_order_no": "WO-1", "material_code": "M1"});
    let event = json!([{"event_type": "receive", "event_time": "2026-03-01T09:00:00+08:00",
        "codes": [CODE]}]);
    let login = json!({"login": "admin", "password": "password of admin"});
    let correction =
        json!({"kind": "exact", "text": "开元路8号", "region_code": "430121", "note": ""});
    vec![
        ("GET", "/openapi.json", ALL, "", None),
        ("GET", "/session/ways", ALL, "", None),
        ("POST", "/session", ALL, "", Some(login)),
        ("GET", "/session", KNOWN, "", None),
        ("DELETE", "/session", KNOWN, "", None),
        ("GET", "/session/oidc/start", ALL, "?return_to=/map", None),
        ("GET", "/session/oidc/callback", ALL, "?code=good&state=s1", None),
        ("GET", "/accounts", HUB, "", None),
        ("POST", "/accounts", HUB, "", Some(new_account)),
        ("PUT", "/accounts/{login}", HUB, "", Some(account)),
        ("POST", "/accounts/{login}/password", HUB, "", Some(json!({"password": "123456789012"}))),
        ("POST", "/accounts/{login}/unlock", HUB, "", None),
        ("POST", "/accounts/{login}/disable", HUB, "", Some(json!({"is_disabled": true}))),
        ("GET", "/tokens", HUB, "", None),
        ("POST", "/tokens", HUB, "", Some(json!({"name": "line-3"}))),
        ("DELETE", "/tokens/{id}", HUB, "", None),
        ("GET", "/audit", HUB, "?action=session", None),
        ("GET", "/systems", HUB, "", None),
        ("GET", "/systems/kinds", HUB, "", None),
        ("POST", "/systems/{name}/check", HUB, "", None),
        ("GET", "/systems/{name}/streams", HUB, "", None),
        ("GET", "/systems/{name}/streams/{stream}/preview", HUB, "?rows=3", None),
        ("GET", "/configuration", HUB, "", None),
        ("POST", "/configuration/plan", HUB, "", Some(draft)),
        ("POST", "/configuration/apply", HUB, "", Some(json!({"plan_id": "plan-1"}))),
        ("GET", "/configuration/history", HUB, "", None),
        ("GET", "/jobs", HUB, "", None),
        ("POST", "/jobs/{name}/run", HUB, "", None),
        ("POST", "/jobs/{name}/pause", HUB, "", None),
        ("POST", "/jobs/{name}/resume", HUB, "", None),
        ("GET", "/jobs/{name}/runs", HUB, "", None),
        ("GET", "/runs", &[Admin, Operations, Local], "?system=erp-main", None),
        ("POST", "/runs", HUB, "", Some(json!({"kind": "sync"}))),
        ("GET", "/runs/{id}", &[Admin, Operations, Local], "", None),
        ("GET", "/freshness", PERSONS, "", None),
        ("GET", "/rejects", HUB, "?status=open", None),
        ("GET", "/rejects/counts", HUB, "", None),
        ("POST", "/rejects/{id}/replay", HUB, "", None),
        ("POST", "/rejects/replay", HUB, "", Some(json!({"filter": {"reason": "bad_decimal"}}))),
        ("POST", "/rejects/{id}/discard", HUB, "", note()),
        ("GET", "/drift", HUB, "", None),
        ("POST", "/drift/{system}/{stream}/accept", HUB, "", None),
        ("GET", "/alerts", FIELD, "?status=open", None),
        ("POST", "/alerts/{id}/acknowledge", FIELD, "", note()),
        ("POST", "/alerts/{id}/resolve", FIELD, "", note()),
        ("GET", "/alerts/rules", HUB, "", None),
        ("GET", "/alerts/deliveries", HUB, "", None),
        ("POST", "/alerts/channels/{name}/test", HUB, "", None),
        ("GET", "/reports", PERSONS, "", None),
        ("GET", "/reports/{name}", PERSONS, "?by=dealer_code&limit=5", None),
        ("GET", "/addresses/unresolved", PERSONS, "", None),
        ("GET", "/regions", PERSONS, "", None),
        ("GET", "/territories", PERSONS, "", None),
        ("GET", "/addresses/corrections", FIELD, "", None),
        ("POST", "/addresses/corrections", FIELD, "", Some(correction)),
        ("GET", CASE, &[Admin, Management, Operations, Dealer], "", None),
        (
            "GET",
            "/cases/{dealer_code}/{product_code}/{destination_region}/{month}/file",
            &[Admin, Management, Operations, Dealer],
            "?format=json",
            None,
        ),
        (
            "POST",
            "/cases/{dealer_code}/{product_code}/{destination_region}/{month}/decisions",
            &[Operations],
            "",
            Some(decision),
        ),
        (
            "POST",
            "/cases/{dealer_code}/{product_code}/{destination_region}/{month}/appeals",
            &[Dealer],
            "",
            note(),
        ),
        ("GET", "/claims/{event_id}", &[Admin, Finance], "", None),
        (
            "POST",
            "/claims/{event_id}/decisions",
            &[Finance],
            "",
            Some(json!({"decision": "released", "note": "called the store"})),
        ),
        ("GET", "/settlement", &[Admin, Finance], "?period=2026-03", None),
        ("GET", "/dealer/stock", &[Dealer], "", None),
        ("GET", "/dealer/codes", &[Dealer], "?product_code=P1", None),
        ("GET", "/dealer/score", &[Dealer], "", None),
        (
            "GET",
            "/trace/{code}",
            &[Admin, Management, Operations, Finance, Dealer, Local],
            "",
            None,
        ),
        ("GET", "/recall", &[Admin, Operations, Local], "?product=P1&batch=B1", None),
        ("GET", "/recall/codes", &[Admin, Operations, Local], "?work_order=WO-1", None),
        ("GET", "/verify", ALL, "?codes=1;2", None),
        ("POST", "/verify", ALL, "", Some(json!({"codes": CODE}))),
        ("POST", "/events", &[Dealer, Device, Local], "", Some(event)),
        ("POST", "/checks/shipment", &[Dealer, Device, Local], "", Some(shipment)),
        ("POST", "/checks/material", &[Dealer, Device, Local], "", Some(material)),
        ("GET", "/ledger", &[Admin, Operations, Local], "", None),
    ]
}

/// Routes that are tested by themselves: one needs a cookie, the other never ends.
const ELSEWHERE: [(&str, &str); 2] = [("PUT", "/session/password"), ("GET", "/runs/live")];

/// A path of made-up things that are there.
fn filled(path: &str) -> String {
    [
        ("{login}", "finance"),
        ("{id}", "ID"),
        ("{name}", "NAME"),
        ("{stream}", "sales_order"),
        ("{system}", "erp-main"),
        ("{dealer_code}", "D1"),
        ("{product_code}", "P1"),
        ("{destination_region}", "430102"),
        ("{month}", "2026-03"),
        ("{event_id}", "e-1"),
        ("{code}", CODE),
    ]
    .iter()
    .fold(path.to_owned(), |path, (from, to)| path.replace(from, to))
    .replace(
        "NAME",
        match path {
            path if path.starts_with("/systems") => "erp-main",
            path if path.starts_with("/jobs") => "sync-erp-main",
            path if path.starts_with("/reports") => "regional-sales",
            _ => "sales-managers",
        },
    )
    .replace(
        "ID",
        match path {
            path if path.starts_with("/runs") => "run-7",
            path if path.starts_with("/rejects") => "7",
            path if path.starts_with("/tokens") => "tok-1",
            _ => "alert-1",
        },
    )
}

#[tokio::test]
async fn every_route_lets_in_the_roles_of_the_table_and_nobody_else() {
    let (mut wrong, shared) = (Vec::new(), Client::new());
    for (method, path, roles, query, body) in table() {
        for role in Role::ALL {
            // What is refused changes nothing, and neither does reading.
            let changes = method != "GET" && roles.contains(&role);
            let own = if changes { Some(Client::new()) } else { None };
            let client = own.as_ref().unwrap_or(&shared);
            prepare(client, path).await;
            let asked = format!("{}{query}", filled(path));
            let answer = client.ask(role, method, &asked, body.as_ref()).await;
            let fits = match (roles.contains(&role), role) {
                (true, _) => answer.status.is_success() || answer.status == StatusCode::SEE_OTHER,
                (false, Public) => answer.status == StatusCode::UNAUTHORIZED && answer.is_problem(),
                (false, _) => answer.status == StatusCode::FORBIDDEN && answer.is_problem(),
            };
            if !fits {
                let told =
                    String::from_utf8_lossy(&answer.body).chars().take(300).collect::<String>();
                wrong.push(format!("{method} {asked} as {role:?}: {} {told}", answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Makes what a question is about, where the made-up data lack it.
async fn prepare(client: &Client, path: &str) {
    if path.starts_with("/tokens/") {
        client.post(Admin, "/tokens", &json!({"name": "line-3"})).await;
    }
    if path == "/configuration/apply" {
        let draft = json!({"files": [{"path": "systems/a.toml", "text": null}]});
        client.post(Admin, "/configuration/plan", &draft).await;
    }
}

/// A route that is not in the table has not been thought about.
#[test]
fn the_table_has_every_route() {
    let document = yuanliu_api::document();
    let mut known: BTreeMap<(String, String), &[Role]> = BTreeMap::new();
    for (method, path, roles, ..) in table() {
        assert!(
            known.insert((method.to_owned(), path.to_owned()), roles).is_none(),
            "{path} twice"
        );
    }
    let mut missing = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap();
        for (method, operation) in item.as_object().unwrap() {
            let method = method.to_uppercase();
            if ELSEWHERE.contains(&(&method, path)) {
                continue;
            }
            let Some(roles) = known.remove(&(method.clone(), path.to_owned())) else {
                missing.push(format!("{method} {path}"));
                continue;
            };
            if let Some(told) = operation.get("x-roles") {
                assert_eq!(*told, json!(roles), "{method} {path}");
            }
        }
    }
    assert!(missing.is_empty(), "not in the table: {missing:?}");
    assert!(known.is_empty(), "in the table only: {known:?}");
}

#[tokio::test]
async fn a_report_is_for_the_roles_of_its_group() {
    let groups: [(&str, &[Role]); 6] = [
        ("regional-sales", PERSONS),
        ("diversion-cases", &[Admin, Management, Operations, Dealer]),
        ("diversion-dealers", FIELD),
        ("upload-quality", &[Admin, Management, Operations, Dealer]),
        ("promoter-summary", &[Admin, Finance]),
        ("sightings", FIELD),
    ];
    let client = Client::new();
    for (report, roles) in groups {
        for role in PERSONS {
            let answer = client.get(*role, &format!("/reports/{report}")).await;
            assert_eq!(answer.status.is_success(), roles.contains(role), "{report} as {role:?}");
            let list = client.get(*role, "/reports").await.json();
            let names = list["items"].as_array().unwrap().iter().map(|item| &item["name"]);
            let is_listed = names.into_iter().any(|name| name == report);
            assert_eq!(is_listed, roles.contains(role), "{report} listed for {role:?}");
        }
    }
}

#[tokio::test]
async fn the_port_is_told_who_asks() {
    let client = Client::new();
    let dealers = async |role| {
        let answer = client.get(role, "/reports/regional-sales?limit=100").await.json();
        let rows = answer["rows"].as_array().unwrap().clone();
        let names = rows.iter().map(|row| row["dealer_code"].as_str().unwrap().to_owned());
        names.collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    assert_eq!(dealers(Admin).await, ["D1", "D2", "D3"]);
    assert_eq!(dealers(Management).await, ["D1", "D2"]);
    assert_eq!(dealers(Dealer).await, ["D1"]);
    let other = client.get(Dealer, "/cases/D2/P1/430102/2026-03").await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    for (role, status) in [(Management, StatusCode::NOT_FOUND), (Operations, StatusCode::OK)] {
        let answer = client.post(role, "/alerts/alert-2/resolve", &json!({"note": "x"})).await;
        assert_eq!(answer.status, status, "{role:?}");
    }
}

#[tokio::test]
async fn the_codes_of_a_recall_leave_with_those_who_may_open_one() {
    let client = Client::new();
    let path = "/recall/codes?work_order=WO-1&format=xlsx";
    assert_eq!(client.get(Admin, path).await.status, StatusCode::FORBIDDEN);
    assert_eq!(client.get(Operations, path).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_refusal_is_in_the_audit_log() {
    let client = Client::new();
    client.get(Finance, "/jobs").await;
    let audit = client.get(Admin, "/audit?action=access").await.json();
    assert_eq!(audit["items"][0]["actor"], "finance");
    assert_eq!(audit["items"][0]["outcome"], "refused");
    assert_eq!(audit["items"][0]["object"], "GET /api/v1/jobs");
}
