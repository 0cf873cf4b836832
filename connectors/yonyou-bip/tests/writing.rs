//! Write-back: one document under one key, whatever happens to the answer.

#![allow(clippy::unwrap_used, reason = "a test whose world cannot be set up should stop")]

mod tenant;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;
use yuanliu_acceptance::FixedSecrets;
use yuanliu_contract::{ErrorKind, OutgoingDocument, OutgoingKind, Settings, WriteBack, Writer};
use yuanliu_sandbox_yonyou_bip::{BipHandle, BipOptions, Object};
use yuanliu_yonyou_bip::YonyouBip;

use tenant::{clock, seams, settings, start};

/// A path that this tenant names; no published page gives one.
const SAVE: &str = "/yonbip/demo/delivery/save";

async fn server() -> BipHandle {
    let saves = BTreeMap::from([(SAVE.to_owned(), Object::SalesOut)]);
    start(BipOptions { saves, ..BipOptions::default() }).await
}

fn writer(server: &BipHandle, fixed: &str) -> Arc<dyn Writer> {
    let text = format!(
        "[delivery_result]\npath = {SAVE:?}\nlines = \"details\"\n\
         header = {{ code = \"key\", vouchdate = \"shipped_at\", cust = \"dealer_code\" }}\n\
         line = {{ product = \"product_code\", qty = \"qty\", batchno = \"batch_no\" }}\n{fixed}"
    );
    let spec = WriteBack::spec(&YonyouBip).fields;
    let table = toml::from_str(&text).unwrap();
    let write = Settings::check("erp", &spec, &table, &[], &FixedSecrets::default()).unwrap();
    let settings = settings(server, "", &server.credentials().app_secret).unwrap();
    WriteBack::open(&YonyouBip, &settings, &write, seams(&clock())).unwrap()
}

fn document() -> OutgoingDocument {
    OutgoingDocument {
        kind: OutgoingKind::DeliveryResult,
        key: "YL-2026-000117".to_owned(),
        body: json!({"delivery_no": "D1", "dealer_code": "C1", "warehouse_code": null,
            "shipped_at": "2026-03-01T16:00:00Z",
            "lines": [{"line_no": "1", "product_code": "M-1", "qty": "2.5", "batch_no": null}]}),
    }
}

#[tokio::test]
async fn a_document_is_saved_once_and_known_again() {
    let server = server().await;
    let writer = writer(&server, "");
    let document = document();
    assert_eq!(writer.find(&document).await.unwrap(), None);
    let first = writer.write(&document).await.unwrap();
    assert!(!first.was_known);
    assert_eq!(first.number.as_deref(), Some("YL-2026-000117"));
    let again = writer.write(&document).await.unwrap();
    assert!(again.was_known);
    assert_eq!(again.id, first.id);
    assert_eq!(writer.find(&document).await.unwrap().unwrap().id, first.id);
    assert_eq!(server.change(|data| data.len(Object::SalesOut)), 1);
    assert_eq!(server.save_calls(), 2);
}

#[tokio::test]
async fn a_lost_answer_leaves_a_document_that_is_found() {
    let server = server().await;
    let writer = writer(&server, "");
    server.lose_next_save();
    let error = writer.write(&document()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable, "{error}");
    let found = writer.find(&document()).await.unwrap().unwrap();
    assert!(found.was_known);
    assert_eq!(server.change(|data| data.len(Object::SalesOut)), 1);
}

#[tokio::test]
async fn a_refused_document_says_why() {
    let server = server().await;
    let mut long = document();
    long.key = "K".repeat(33);
    let error = writer(&server, "").write(&long).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused);
    assert!(error.to_string().contains("resubmitCheckKey长度不能超过32 (code 999)"), "{error}");
    let mut bad = document();
    bad.body["lines"][0]["qty"] = json!("many");
    let error = writer(&server, "").write(&bad).await.unwrap_err();
    assert!(error.to_string().contains("qty `many` is not a number"), "{error}");
    assert_eq!(server.change(|data| data.len(Object::SalesOut)), 0);
}

#[tokio::test]
async fn a_document_of_a_kind_without_a_section_is_not_sent() {
    let server = server().await;
    let mut inspection = document();
    inspection.kind = OutgoingKind::InspectionResult;
    let error = writer(&server, "").write(&inspection).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Config, "{error}");
    assert_eq!(server.save_calls(), 0);
}
