//! Writing over the sandbox: once per key, whatever happens on the way.

#![allow(clippy::unwrap_used, reason = "a test whose world cannot be set up should stop")]

use std::sync::Arc;

use serde_json::json;
use yuanliu_acceptance::subject::default_now;
use yuanliu_acceptance::{FixedSecrets, ManualClock};
use yuanliu_contract::Connector;
use yuanliu_contract::{
    ErrorKind, OutgoingDocument, OutgoingKind, Seams, Settings, Unlimited, WriteBack, Writer,
};
use yuanliu_sandbox_yonyou_eai::{ACCOUNT, EaiHandle, EaiOptions, EaiSandbox, Fault, SENDER};
use yuanliu_yonyou_eai::{YonyouNc, YonyouU8Eai};

fn writer<K: WriteBack + Connector>(kind: &K, settings: &str, write: &str) -> Arc<dyn Writer> {
    let secrets = FixedSecrets::default();
    let seams =
        Seams { clock: Arc::new(ManualClock::at(default_now())), budget: Arc::new(Unlimited) };
    let check = |spec, text: &str| {
        Settings::check("test", &spec, &toml::from_str(text).unwrap(), &[], &secrets).unwrap()
    };
    let settings = check(kind.config_spec(), settings);
    let write = check(kind.spec().fields, write);
    WriteBack::open(kind, &settings, &write, seams).unwrap()
}

async fn start() -> EaiHandle {
    EaiSandbox::start(EaiOptions::default()).await.unwrap()
}

fn u8(sandbox: &EaiHandle, sender: &str) -> Arc<dyn Writer> {
    let settings = format!("url = {:?}\nsender = {sender:?}\n", sandbox.eai_url());
    writer(&YonyouU8Eai, &settings, "header = { businesstype = \"普通销售\" }\n")
}

fn nc(sandbox: &EaiHandle) -> Arc<dyn Writer> {
    let settings = format!(
        "url = {:?}\naccount = {ACCOUNT:?}\nsender = {SENDER:?}\ngroupcode = \"01\"\n",
        sandbox.xchange_url()
    );
    let write = "billtype = \"4C\"\nlines_tag = \"cgeneralbid\"\n\
                 head = { vbillcode = \"$delivery_no\", cwarehouseid = \"$warehouse_code\" }\n\
                 line = { cmaterialvid = \"$product_code\", nnum = \"$qty\" }\n";
    writer(&YonyouNc, &settings, write)
}

fn delivery(key: &str) -> OutgoingDocument {
    OutgoingDocument {
        kind: OutgoingKind::DeliveryResult,
        key: key.to_owned(),
        body: json!({"delivery_no": "D1", "order_no": "O1", "dealer_code": "C-0007",
            "warehouse_code": "01", "shipped_at": "2026-03-01T18:00:00Z",
            "lines": [{"line_no": 1, "product_code": "M<1>&", "qty": "40.5", "batch_no": "B1"}]}),
    }
}

#[tokio::test]
async fn a_delivery_is_stored_once_and_found() {
    let sandbox = start().await;
    let writer = u8(&sandbox, SENDER);
    let document = delivery("DR-0001");
    assert_eq!(writer.find(&document).await.unwrap(), None);
    let receipt = writer.write(&document).await.unwrap();
    assert_eq!(receipt.number.as_deref(), Some("DR-0001"));
    assert!(!receipt.was_known && receipt.id.is_some());
    // A second sending is refused by U8 and found there.
    let again = writer.write(&document).await.unwrap();
    assert!(again.was_known);
    assert_eq!(again.id, receipt.id);
    assert_eq!(writer.find(&document).await.unwrap().unwrap().id, receipt.id);
    sandbox.look(|data| {
        let stored: Vec<_> = data.records("storeout").collect();
        assert_eq!(stored.len(), 1);
        assert_eq!(stored[0]["date"], "2026-03-02");
        assert_eq!(stored[0]["businesstype"], "普通销售");
        assert_eq!(stored[0]["entry"][0]["inventorycode"], "M<1>&");
        assert_eq!(stored[0]["entry"][0]["quantity"], "40.5");
    });
}

#[tokio::test]
async fn an_unknown_outcome_is_no_refusal_and_is_found() {
    for fault in [Fault::ResetAfter, Fault::Malformed, Fault::Html500] {
        let sandbox = start().await;
        let writer = u8(&sandbox, SENDER);
        sandbox.inject(fault);
        let error = writer.write(&delivery("DR-0002")).await.unwrap_err();
        assert_ne!(error.kind, ErrorKind::Refused, "{fault:?}");
        let found = writer.find(&delivery("DR-0002")).await.unwrap();
        assert_eq!(found.is_some(), fault != Fault::Html500, "{fault:?}");
        writer.write(&delivery("DR-0002")).await.unwrap();
        assert_eq!(sandbox.look(|data| data.records("storeout").count()), 1);
    }
}

#[tokio::test]
async fn refusals_say_why() {
    let sandbox = start().await;
    let error = u8(&sandbox, "999").write(&delivery("DR-0003")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused);
    assert!(error.to_string().contains("外部系统注册码不存在 (succeed -1)"), "{error}");
    let record = json!({"code": "DR-0004", "vouchtype": "32", "memory": "手工"});
    sandbox.put("storeout", record.as_object().unwrap().clone()).unwrap();
    let error = u8(&sandbox, SENDER).write(&delivery("DR-0004")).await.unwrap_err();
    assert!(error.to_string().contains("U8 has another document DR-0004"), "{error}");
}

#[tokio::test]
async fn nc_takes_a_bill_once() {
    let sandbox = start().await;
    let writer = nc(&sandbox);
    let receipt = writer.write(&delivery("DR-0001")).await.unwrap();
    assert_eq!(receipt.id.as_deref().map(str::len), Some(20));
    assert!(!receipt.was_known && receipt.answer.contains("处理完毕"));
    let again = writer.write(&delivery("DR-0001")).await.unwrap();
    assert!(again.was_known);
    assert_eq!(sandbox.look(|data| data.bills()), 1);
    sandbox.inject(Fault::ResetAfter);
    let error = writer.write(&delivery("DR-0002")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(writer.write(&delivery("DR-0002")).await.unwrap().was_known);
    assert_eq!(sandbox.look(|data| data.bills()), 2);
}
