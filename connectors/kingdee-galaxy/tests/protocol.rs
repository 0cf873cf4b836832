//! What only this protocol has: login variants, silent caps, documents without lines, fields that
//! some servers lack, answers that are not data.

#![allow(clippy::unwrap_used, reason = "a test whose world cannot be set up should stop")]

use std::sync::Arc;

use arrow::array::{Array, AsArray};
use arrow::datatypes::Int64Type;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;
use yuanliu_acceptance::FixedSecrets;
use yuanliu_contract::{
    Clock, ConfigProblem, Connector, ErrorKind, Page, ReadRange, Result, Seams, Settings, System,
    Unlimited,
};
use yuanliu_kingdee_galaxy::KingdeeGalaxy;
use yuanliu_sandbox_kingdee::{Dataset, Fault, KingdeeHandle, KingdeeOptions, KingdeeSandbox};

struct WallClock;

#[async_trait]
impl Clock for WallClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    async fn sleep(&self, _duration: std::time::Duration) {}
}

async fn sandbox(options: KingdeeOptions) -> KingdeeHandle {
    KingdeeSandbox::start(options).await.unwrap()
}

/// Opens the account with further settings; `secret` stands behind every reference.
fn open(
    server: &KingdeeHandle,
    more: &str,
    secret: &str,
) -> std::result::Result<Arc<dyn System>, Vec<ConfigProblem>> {
    let account = server.credentials();
    let text = format!(
        "base_url = {:?}\nacct_id = {:?}\nuser = {:?}\napp_id = {:?}\n{more}\n",
        server.base_url(),
        account.acct_id,
        account.user,
        account.app_id,
    );
    let table = toml::from_str(&text).unwrap();
    let secrets = FixedSecrets::default().with("env:SECRET", secret);
    let settings =
        Settings::check("erp", &KingdeeGalaxy.config_spec(), &table, &[], &secrets).unwrap();
    let seams = Seams { clock: Arc::new(WallClock), budget: Arc::new(Unlimited) };
    KingdeeGalaxy.open(&settings, seams)
}

fn by_secret(server: &KingdeeHandle, more: &str) -> Arc<dyn System> {
    let more = format!("login = \"signature\"\napp_secret = \"env:SECRET\"\n{more}");
    open(server, &more, &server.credentials().app_secret).unwrap()
}

async fn read(system: &dyn System, stream: &str) -> Result<Vec<Page>> {
    let mut source = system.read(stream, None, &ReadRange::default()).await?;
    let mut pages = Vec::new();
    while let Some(page) = source.next_page().await? {
        pages.push(page);
    }
    Ok(pages)
}

fn keys(pages: &[Page], column: &str) -> Vec<i64> {
    let values =
        |page: &Page| page.rows.batch[column].as_primitive::<Int64Type>().values().to_vec();
    pages.iter().flat_map(values).collect()
}

#[tokio::test]
async fn every_login_is_accepted_and_a_wrong_one_refused() {
    let server = sandbox(KingdeeOptions::default()).await;
    let account = server.credentials();
    let (app, password, passport) = (&account.app_secret, &account.password, &account.passport);
    let org = format!("org_number = {:?}", account.org);
    for (login, field, secret) in [
        ("login_by_sign", "app_secret", app),
        ("login_by_sign\"\nsign_algorithm = \"sha1", "app_secret", app),
        ("login_by_sign\"\nkick_off = true\n#", "app_secret", app),
        ("login_by_app_secret", "app_secret", app),
        ("login_by_app_secret\"\nkick_off = true\n#", "app_secret", app),
        ("validate_user", "password", password),
        ("validate_user\"\nkick_off = true\n#", "password", password),
        ("validate_user_by_org_number", "password", password),
        ("simple_passport", "passport", passport),
        ("signature", "app_secret", app),
    ] {
        let more = format!("login = \"{login}\"\n{field} = \"env:SECRET\"\n{org}");
        let report = open(&server, &more, secret).unwrap().check().await.unwrap();
        assert!(report.is_ok(), "{login}: {report:?}");
        assert!(report.items.len() > 13, "{login}: {report:?}");
        let refused = open(&server, &more, "wrong").unwrap().check().await.unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Auth, "{login}: {refused}");
    }
}

#[tokio::test]
async fn every_configuration_problem_is_reported() {
    let server = sandbox(KingdeeOptions::default()).await;
    let more = "login = \"signature\"\nkick_off = true\nextra_fields = { nothing = [\"F_A\"] }";
    let problems = open(&server, more, "").err().unwrap();
    let mut paths: Vec<_> = problems.iter().map(|problem| problem.path.as_str()).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["app_secret", "extra_fields.nothing", "kick_off"]);
}

#[tokio::test]
async fn a_silent_cap_loses_nothing() {
    let mut dataset = Dataset::empty();
    for id in 1..=10 {
        let row = json!({"FSTOCKID": id, "FNumber": id.to_string(),
            "FModifyDate": "2026-01-01 00:00:00"});
        dataset.put("BD_STOCK", &row).unwrap();
    }
    let server = sandbox(KingdeeOptions { dataset, row_cap: 3, ..Default::default() }).await;
    let pages = read(&*by_secret(&server, "page_rows = 10"), "warehouse").await.unwrap();
    assert_eq!(keys(&pages, "FSTOCKID"), (1..=10).collect::<Vec<_>>());
    assert_eq!(pages.len(), 4);
}

#[tokio::test]
async fn a_document_without_lines_has_entry_zero() {
    let mut dataset = Dataset::empty();
    for (id, lines) in
        [(1, json!([])), (2, json!([{"FEntryID": 7}, {"FEntryID": 8}])), (3, json!([]))]
    {
        let row = json!({"FID": id, "FModifyDate": "2026-01-01", "FTreeEntity": lines});
        dataset.put("PRD_MO", &row).unwrap();
    }
    let server = sandbox(KingdeeOptions { dataset, ..Default::default() }).await;
    let pages = read(&*by_secret(&server, "page_rows = 1"), "work_order").await.unwrap();
    assert_eq!(keys(&pages, "FID"), [1, 2, 2, 3]);
    assert_eq!(keys(&pages, "FTreeEntity_FEntryID"), [0, 7, 8, 0]);
}

#[tokio::test]
async fn optional_fields_and_forms_may_be_missing() {
    let server = sandbox(KingdeeOptions::default()).await;
    server.remove_form("PRD_FeedMtrl");
    server.remove_field("BD_Empinfo", "FModifyDate");
    server.put("BD_Empinfo", &json!({"FID": 5, "FNumber": "E5", "FName": "员工"})).unwrap();
    let system = by_secret(&server, "");
    assert!(read(&*system, "material_feed").await.unwrap().is_empty());
    let pages = read(&*system, "employee").await.unwrap();
    assert_eq!(keys(&pages, "FID"), [5]);
    assert_eq!(pages[0].rows.batch["FModifyDate"].null_count(), 1);
    let report = system.check().await.unwrap();
    assert!(report.is_ok(), "{report:?}");
    let item = |what: &str| report.items.iter().find(|item| item.what == what).unwrap();
    assert_eq!(
        item("stream material_feed").detail,
        "the server has no form PRD_FeedMtrl; nothing will be read"
    );
    assert!(item("stream employee").detail.ends_with("no change field FModifyDate"));
}

#[tokio::test]
async fn a_vanished_field_is_named() {
    let server = sandbox(KingdeeOptions::default()).await;
    server.put("BD_STOCK", &json!({"FNumber": "CK1"})).unwrap();
    server.remove_field("BD_STOCK", "FStockProperty");
    let system = by_secret(&server, "extra_fields = { warehouse = [\"F_NO_SUCH\"] }");
    let error = read(&*system, "warehouse").await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
    let hint = error.hint.unwrap();
    assert!(hint.contains("BD_STOCK has no field FStockProperty, F_NO_SUCH"), "{hint}");
    let report = system.check().await.unwrap();
    let bad: Vec<_> = report.items.iter().filter(|item| !item.ok).map(|item| &item.what).collect();
    assert_eq!(bad, ["stream warehouse"]);
}

#[tokio::test]
async fn custom_fields_are_discovered_and_read() {
    let server = sandbox(KingdeeOptions::default()).await;
    let row = json!({"FNumber": "P1", "F_YL_ItemsPerCase": 12});
    server.put("BD_MATERIAL", &row).unwrap();
    let system = by_secret(&server, "extra_fields = { product = [\"F_YL_ItemsPerCase\"] }");
    let objects = system.discover().await.unwrap();
    let product = objects.iter().find(|o| o.stream.as_deref() == Some("product")).unwrap();
    let custom: Vec<_> = product.fields.iter().filter(|field| field.is_custom).collect();
    assert!(custom.iter().any(|f| f.name == "F_YL_ItemsPerCase" && f.is_read));
    assert!(custom.iter().any(|f| !f.is_read));
    let pages = read(&*system, "product").await.unwrap();
    assert_eq!(pages[0].rows.batch["F_YL_ItemsPerCase"].as_string::<i32>().value(0), "12");
}

#[tokio::test]
async fn answers_that_are_not_data_are_errors() {
    let server = sandbox(KingdeeOptions::default()).await;
    server.put("BD_STOCK", &json!({"FNumber": "CK1"})).unwrap();
    let system = by_secret(&server, "");
    for (fault, kind) in [
        (Fault::ResponseError, ErrorKind::Busy),
        (Fault::Http500, ErrorKind::Busy),
        (Fault::HtmlPage, ErrorKind::Malformed),
        (Fault::Screening, ErrorKind::Refused),
        (Fault::TruncatedBody, ErrorKind::Unreachable),
        (Fault::MsgCode(14), ErrorKind::RateLimited),
        (Fault::MsgCode(2), ErrorKind::Permission),
        (Fault::RateLimitedDate, ErrorKind::RateLimited),
    ] {
        server.inject(fault);
        let error = read(&*system, "warehouse").await.unwrap_err();
        assert_eq!(error.kind, kind, "{fault}: {error}");
        assert!(error.to_string().starts_with("reading warehouse: querying BD_STOCK at http://"));
    }
    assert_eq!(read(&*system, "warehouse").await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_range_reads_only_its_rows() {
    let server = sandbox(KingdeeOptions::default()).await;
    for day in 1..=5 {
        let row = json!({"FSTOCKID": day, "FNumber": day.to_string(),
            "FModifyDate": format!("2026-01-0{day} 12:00:00")});
        server.put("BD_STOCK", &row).unwrap();
    }
    let range = ReadRange {
        changed_from: "2026-01-02T04:00:00Z".parse().ok(),
        changed_to: "2026-01-04T04:00:00Z".parse().ok(),
        ..Default::default()
    };
    let system = by_secret(&server, "");
    let mut source = system.read("warehouse", None, &range).await.unwrap();
    let page = source.next_page().await.unwrap().unwrap();
    assert_eq!(keys(&[page], "FSTOCKID"), [2, 3]);
    assert!(source.next_page().await.unwrap().is_none());
}
