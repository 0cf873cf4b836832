//! What only this protocol has: discovery, token paths, budgets, list forms, refused calls.

#![allow(clippy::unwrap_used, reason = "a test whose world cannot be set up should stop")]

mod tenant;

use std::collections::BTreeSet;
use std::time::Duration;

use arrow::array::AsArray;
use arrow::datatypes::Decimal128Type;
use serde_json::json;
use yuanliu_contract::{Connector, ErrorKind, ReadRange};
use yuanliu_sandbox_yonyou_bip::{BipOptions, Fault, Object, Throttle};
use yuanliu_yonyou_bip::YonyouBip;

use tenant::{clock, ids, open, read, seams, settings, start};

const PUBTS: &str = "2026-03-01 09:30:11";

#[tokio::test]
async fn every_login_is_accepted_and_a_wrong_one_refused() {
    let server = start(BipOptions::default()).await;
    for more in [
        "",
        "token_path = \"previous\"",
        "token_path = \"gateway\"",
        "app = \"suite\"",
        "app = \"suite\"\ntoken_path = \"previous\"\nsuite_ticket = \"env:TICKET\"",
    ] {
        let report = open(&server, more, &clock()).check().await.unwrap();
        assert!(report.is_ok(), "{more}: {report:?}");
        assert_eq!(report.items.len(), 13, "{more}: {report:?}");
        let settings = settings(&server, more, "wrong").unwrap();
        let refused = Connector::open(&YonyouBip, &settings, seams(&clock())).unwrap();
        let error = refused.check().await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Auth, "{more}: {error}");
    }
}

#[tokio::test]
async fn an_unknown_tenant_is_a_configuration_fault() {
    let server = start(BipOptions::default()).await;
    let text = format!(
        "discovery_url = {:?}\ntenant_id = \"nobody\"\napp_key = \"k\"\napp_secret = \"env:SECRET\"",
        server.discovery_url()
    );
    let secrets = yuanliu_acceptance::FixedSecrets::default().with("env:SECRET", "s");
    let table = toml::from_str(&text).unwrap();
    let spec = YonyouBip.config_spec();
    let settings = yuanliu_contract::Settings::check("erp", &spec, &table, &[], &secrets).unwrap();
    let system = Connector::open(&YonyouBip, &settings, seams(&clock())).unwrap();
    let error = system.check().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Config, "{error}");
    assert_eq!(error.hint.as_deref(), Some("check tenant_id and discovery_url"));
}

#[tokio::test]
async fn every_configuration_problem_is_reported() {
    let server = start(BipOptions::default()).await;
    let more = "suite_ticket = \"env:TICKET\"\nextra_fields = { nothing = [\"a\"] }";
    let settings = settings(&server, more, "").unwrap();
    let problems = Connector::open(&YonyouBip, &settings, seams(&clock())).err().unwrap();
    let mut paths: Vec<_> = problems.iter().map(|problem| problem.path.as_str()).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["app_secret", "extra_fields.nothing", "suite_ticket"]);
}

#[tokio::test]
async fn a_token_is_asked_for_once_and_renewed_before_its_end() {
    let server = start(BipOptions::default()).await;
    let clock = clock();
    let system = open(&server, "", &clock);
    let (one, two) = tokio::join!(read(&*system, "unit"), read(&*system, "dealer"));
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(server.tokens_granted(), 1);
    clock.advance(Duration::from_secs(6_479));
    server.clock().advance(chrono::TimeDelta::seconds(6_479));
    read(&*system, "unit").await.unwrap();
    assert_eq!(server.tokens_granted(), 1);
    clock.advance(Duration::from_secs(1));
    server.clock().advance(chrono::TimeDelta::seconds(1));
    read(&*system, "unit").await.unwrap();
    assert_eq!(server.tokens_granted(), 2);
}

#[tokio::test]
async fn a_revoked_token_is_renewed_by_the_next_call() {
    let server = start(BipOptions::default()).await;
    let system = open(&server, "", &clock());
    // The unit list answers with text/plain, the dealer list with 310036.
    for stream in ["unit", "dealer"] {
        read(&*system, stream).await.unwrap();
        server.revoke_tokens();
        let error = read(&*system, stream).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::SessionExpired, "{error}");
        read(&*system, stream).await.unwrap();
    }
}

#[tokio::test]
async fn calls_of_one_path_stay_within_their_minute() {
    let throttle = Some(Throttle { calls_per_minute: 60, as_429: false });
    let server = start(BipOptions { throttle, ..BipOptions::default() }).await;
    for id in 1..=120 {
        server.put(Object::Product, json!({"id": id, "code": id.to_string()}), vec![]);
    }
    let clock = clock();
    let system = open(&server, "page_rows = 1", &clock);
    let mut source = system.read("product", None, &ReadRange::default()).await.unwrap();
    for _ in 0..50 {
        source.next_page().await.unwrap().unwrap();
    }
    assert!(clock.waits().is_empty());
    server.clock().advance(chrono::TimeDelta::seconds(60));
    source.next_page().await.unwrap().unwrap();
    assert_eq!(clock.waits(), [Duration::from_secs(60)]);
}

#[tokio::test]
async fn a_throttled_call_waits_for_the_next_minute() {
    for as_429 in [false, true] {
        let throttle = Some(Throttle { calls_per_minute: 0, as_429 });
        let server = start(BipOptions { throttle, ..BipOptions::default() }).await;
        let system = open(&server, "", &clock());
        let error = read(&*system, "product").await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::RateLimited, "{error}");
        assert_eq!(error.retry_after, Some(Duration::from_secs(60)));
    }
}

#[tokio::test]
async fn a_list_that_is_not_granted_is_named() {
    let ungranted = BTreeSet::from([Object::SalesOut.path().to_owned()]);
    let server = start(BipOptions { ungranted, ..BipOptions::default() }).await;
    let system = open(&server, "", &clock());
    let report = system.check().await.unwrap();
    let bad: Vec<_> = report.items.iter().filter(|item| !item.ok).collect();
    assert_eq!(bad.len(), 1, "{bad:?}");
    assert_eq!(bad[0].what, "stream delivery");
    assert!(bad[0].hint.as_deref().unwrap().contains("API 授权"));
    let error = read(&*system, "delivery").await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Permission);
    // It is described all the same.
    assert_eq!(system.discover().await.unwrap().len(), 10);
}

#[tokio::test]
async fn clocks_that_differ_are_named() {
    let server = start(BipOptions::default()).await;
    server.clock().advance(chrono::TimeDelta::seconds(200));
    let report = open(&server, "", &clock()).check().await.unwrap();
    let item = report.items.iter().find(|item| item.what == "clock").unwrap();
    assert!(!item.ok && item.detail.contains("200 s"), "{item:?}");
}

#[tokio::test]
async fn every_form_of_a_list_is_read() {
    let options = BipOptions {
        is_code_number: true,
        is_document_code_number: true,
        page_rows_max: 2,
        ..BipOptions::default()
    };
    let server = start(options).await;
    let big = 1_830_000_000_000_000_000_i64;
    for n in 1..=5 {
        let id = big + n;
        server.put(
            Object::Staff,
            json!({"id": id.to_string(), "code": "7", "pubts": PUBTS}),
            vec![],
        );
        server.put(
            Object::Vendor,
            json!({"id": id.to_string(), "org": null, "code": "100", "pubts": PUBTS}),
            vec![],
        );
        let lines =
            (1..=3).map(|line| json!({"details_id": (id + line * 1_000).to_string(), "qty": 0.1}));
        server.put(
            Object::SalesOut,
            json!({"id": id, "code": "20260001", "pubts": PUBTS}),
            lines.collect(),
        );
    }
    // A total among the rows.
    server.put(Object::Vendor, json!({"id": null, "code": "合计"}), vec![]);
    let name = json!({"simplifiedName": "示例客户", "englishName": null});
    server.put(
        Object::Merchant,
        json!({"id": big, "code": "C1", "name": name, "modifyTime": PUBTS, "pubts": PUBTS}),
        vec![],
    );
    let system = open(&server, "page_rows = 500", &clock());
    let staff = read(&*system, "employee").await.unwrap();
    assert_eq!(staff.iter().map(|page| page.rows.batch.num_rows()).collect::<Vec<_>>(), [2, 2, 1]);
    let vendors = read(&*system, "supplier").await.unwrap();
    assert_eq!(ids(&vendors, "id"), (1..=5).map(|n| big + n).collect::<Vec<_>>());
    let deliveries = read(&*system, "delivery").await.unwrap();
    assert_eq!(ids(&deliveries, "details_id").len(), 15);
    let batch = &deliveries[0].rows.batch;
    assert_eq!(batch["code"].as_string::<i32>().value(0), "20260001");
    assert_eq!(batch["qty"].as_primitive::<Decimal128Type>().value(0), 1_000_000_000);
    let dealers = read(&*system, "dealer").await.unwrap();
    assert_eq!(dealers[0].rows.batch["name"].as_string::<i32>().value(0), "示例客户");
}

#[tokio::test]
async fn a_list_without_order_is_read_by_number_and_goes_back() {
    let unordered = BTreeSet::from([Object::SalesOrder.path().to_owned()]);
    let server = start(BipOptions { unordered, ..BipOptions::default() }).await;
    for n in 1..=20 {
        let pubts = format!("2026-03-01 09:30:{n:02}");
        let line = json!({"orderDetailId": n});
        server.put(Object::SalesOrder, json!({"id": n, "pubts": pubts}), vec![line]);
    }
    let system = open(&server, "page_rows = 4", &clock());
    let range = ReadRange { safety_lag: Duration::from_secs(60), ..ReadRange::default() };
    let mut source = system.read("sales_order", None, &range).await.unwrap();
    let mut pages = vec![source.next_page().await.unwrap().unwrap()];
    // Rows that were read leave the list, and all behind them move forward.
    for id in ["20", "19"] {
        server.delete(Object::SalesOrder, id);
    }
    while let Some(page) = source.next_page().await.unwrap() {
        pages.push(page);
    }
    let read: BTreeSet<_> = ids(&pages, "id").into_iter().collect();
    assert_eq!(read, (1..=20).collect());
}

#[tokio::test]
async fn custom_fields_are_discovered_and_read() {
    let server = start(BipOptions::default()).await;
    let header = json!({"id": 1, "code": "SO1", "pubts": PUBTS,
        "headItem": {"define1": "甲", "define2": null}, "unknown": true});
    server.put(Object::SalesOrder, header, vec![json!({"orderDetailId": 2})]);
    let more = "extra_fields = { sales_order = [\"headItem.define1\"] }";
    let system = open(&server, more, &clock());
    let objects = system.discover().await.unwrap();
    let order = objects.iter().find(|o| o.stream.as_deref() == Some("sales_order")).unwrap();
    let field = |name: &str| order.fields.iter().find(|field| field.name == name).unwrap();
    assert!(field("headItem.define1").is_custom && field("headItem.define1").is_read);
    assert!(field("headItem.define2").is_custom && !field("headItem.define2").is_read);
    assert!(!field("unknown").is_custom && !field("unknown").is_read);
    assert_eq!(field("qty").data_type, "not seen");
    let pages = read(&*system, "sales_order").await.unwrap();
    assert_eq!(pages[0].rows.batch["headItem__define1"].as_string::<i32>().value(0), "甲");
}

#[tokio::test]
async fn answers_that_are_not_data_are_errors() {
    let server = start(BipOptions::default()).await;
    server.put(Object::Unit, json!({"id": 1, "code": "Pcs", "pubts": PUBTS}), vec![]);
    let system = open(&server, "", &clock());
    for (fault, kind) in [
        (Fault::Http500, ErrorKind::Busy),
        (Fault::HtmlPage, ErrorKind::Malformed),
        (Fault::TokenLostText, ErrorKind::SessionExpired),
        (Fault::Code(310_042), ErrorKind::RateLimited),
        (Fault::Code(310_037), ErrorKind::Permission),
        (Fault::Code(310_504), ErrorKind::Timeout),
        (Fault::Code(310_404), ErrorKind::NotFound),
        (Fault::EmptyPage, ErrorKind::Malformed),
    ] {
        server.inject(fault);
        let error = read(&*system, "unit").await.unwrap_err();
        assert_eq!(error.kind, kind, "{fault}: {error}");
        assert!(error.to_string().starts_with("reading unit: listing /yonbip/digitalModel/unit"));
    }
    assert_eq!(read(&*system, "unit").await.unwrap().len(), 1);
    // "No data" is an empty list.
    server.inject(Fault::Code(1_002));
    assert!(read(&*system, "unit").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_range_and_the_keys_are_read_without_a_position() {
    let server = start(BipOptions::default()).await;
    for day in 1..=5 {
        let pubts = format!("2026-02-0{day} 12:00:00");
        let line = json!({"materOuts_id": day});
        server.put(Object::MaterialOut, json!({"id": day, "pubts": pubts}), vec![line]);
    }
    let system = open(&server, "", &clock());
    let range = ReadRange {
        changed_from: "2026-02-02T04:00:00Z".parse().ok(),
        changed_to: "2026-02-04T04:00:00Z".parse().ok(),
        ..ReadRange::default()
    };
    let mut source = system.read("material_issue", None, &range).await.unwrap();
    let page = source.next_page().await.unwrap().unwrap();
    assert_eq!(ids(&[page], "id"), [2, 3]);
    assert!(source.next_page().await.unwrap().is_none());
    let keys = ReadRange { keys_only: true, ..range };
    let mut source = system.read("material_issue", None, &keys).await.unwrap();
    let page = source.next_page().await.unwrap().unwrap();
    assert_eq!(ids(&[page], "id"), [1, 2, 3, 4, 5]);
}
