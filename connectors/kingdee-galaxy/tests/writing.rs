//! Documents written to the sandbox: mapping, exactness, identity, steps, refusals, lost answers.

#![allow(clippy::unwrap_used, reason = "a test whose world cannot be set up should stop")]

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use yuanliu_acceptance::FixedSecrets;
use yuanliu_contract::{
    Clock, ConfigProblem, Connector, ErrorKind, OutgoingDocument, OutgoingKind, Seams, Settings,
    Unlimited, WriteBack, Writer,
};
use yuanliu_kingdee_galaxy::KingdeeGalaxy;
use yuanliu_sandbox_kingdee::{
    Fault, FieldKind, FieldMeta, KingdeeHandle, KingdeeOptions, KingdeeSandbox,
};

const BASIC: &str = "key_field = \"F_YL_Key\"";

struct WallClock;

#[async_trait]
impl Clock for WallClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    async fn sleep(&self, _duration: std::time::Duration) {}
}

async fn sandbox() -> KingdeeHandle {
    let server = KingdeeSandbox::start(KingdeeOptions::default()).await.unwrap();
    for (form, number) in [
        ("BD_MATERIAL", "P1"),
        ("BD_Customer", "D1"),
        ("BD_STOCK", "CK1"),
        ("BD_UNIT", "Pcs"),
        ("BOS_BillType", "XSCKD01_SYS"),
        ("BD_OPERATOR", "YW01"),
    ] {
        server.put(form, &json!({"FNumber": number, "FName": number})).unwrap();
    }
    server
}

fn open(server: &KingdeeHandle, write: &str) -> Result<Arc<dyn Writer>, Vec<ConfigProblem>> {
    let account = server.credentials();
    let text = format!(
        "base_url = {:?}\nacct_id = {:?}\nuser = {:?}\napp_id = {:?}\nrequest_timeout_s = 1\n\
         app_secret = \"env:SECRET\"\n",
        server.base_url(),
        account.acct_id,
        account.user,
        account.app_id,
    );
    let secrets = FixedSecrets::default().with("env:SECRET", &account.app_secret);
    let check = |spec, text: &str| {
        Settings::check("erp", &spec, &toml::from_str(text).unwrap(), &[], &secrets).unwrap()
    };
    let settings = check(KingdeeGalaxy.config_spec(), &text);
    let write = check(KingdeeGalaxy.spec().fields, write);
    let seams = Seams { clock: Arc::new(WallClock), budget: Arc::new(Unlimited) };
    WriteBack::open(&KingdeeGalaxy, &settings, &write, seams)
}

fn delivery(key: &str) -> OutgoingDocument {
    OutgoingDocument {
        kind: OutgoingKind::DeliveryResult,
        key: key.into(),
        body: json!({"delivery_no": "FH1", "order_no": "XSDD7", "dealer_code": "D1",
            "warehouse_code": "CK1", "shipped_at": "2026-03-01T23:30:00Z", "lines": [
                {"line_no": "1", "order_line_no": "3", "product_code": "P1",
                    "qty": "123456789012345678.1234567891", "unit": "Pcs", "batch_no": "B1"},
                {"line_no": "2", "product_code": "P1", "qty": "0.10"}]}),
    }
}

fn inspection(result: &str) -> OutgoingDocument {
    OutgoingDocument {
        kind: OutgoingKind::InspectionResult,
        key: "IR-1".into(),
        body: json!({"inspection_no": "1", "subject": "batch", "product_code": "P1",
            "batch_no": "B1", "stage": "final", "result": result, "qty": "5.5",
            "inspector": "YW01", "inspected_at": "2026-03-01T09:00:00+08:00"}),
    }
}

fn rows(server: &KingdeeHandle, form: &str, keys: &str) -> Value {
    serde_json::from_str(&server.select(form, keys).unwrap()).unwrap()
}

fn held(server: &KingdeeHandle) -> Option<usize> {
    server.change(|data| data.rows("SAL_OUTSTOCK"))
}

#[tokio::test]
async fn a_delivery_becomes_a_sales_outbound_document() {
    let server = sandbox().await;
    let more = r#"
        key_field = "F_YL_Key"
        [fields.delivery_result]
        "lines.order_line_no" = "FMTONO"
        [defaults.delivery_result]
        FBillTypeID = { FNumber = "XSCKD01_SYS" }
        FEntity = { FMustQty = "1.5", FUnitID = { FNumber = "Pcs" } }
    "#;
    let writer = open(&server, more).unwrap();
    let receipt = writer.write(&delivery("DR-FH1")).await.unwrap();
    assert_eq!((receipt.number.as_deref(), receipt.was_known), (Some("XSCKD000001"), false));
    let keys = "FBillNo,FDate,FDocumentStatus,FBillTypeID.FNumber,FCustomerID.FNumber,F_YL_Key,\
        FMaterialID.FNumber,FUnitID.FNumber,FRealQty,FMustQty,FStockID.FNumber,FLot.FNumber,\
        FSrcBillNo,FMTONO";
    let head = "[\"XSCKD000001\",\"2026-03-02T00:00:00\",\"A\",\"XSCKD01_SYS\",\"D1\",\"DR-FH1\",\"P1\",\"Pcs\"";
    assert_eq!(
        rows(&server, "SAL_OUTSTOCK", keys).to_string(),
        format!(
            "[{head},123456789012345678.1234567891,1.5,\"CK1\",\"B1\",\"XSDD7\",\"3\"],\
             {head},0.1,1.5,\"CK1\",\" \",\"XSDD7\",\" \"]]"
        )
    );
    let found = writer.find(&delivery("DR-FH1")).await.unwrap().unwrap();
    assert_eq!((found.number, found.id, found.was_known), (receipt.number, receipt.id, true));
    assert_eq!(found.answer, "{\"FDocumentStatus\":\"A\"}");
    assert_eq!(writer.find(&delivery("dr-fh1")).await.unwrap(), None, "case is told");
    assert!(writer.write(&delivery("DR-FH1")).await.unwrap().was_known, "written once");
    assert_eq!(held(&server), Some(1));
}

#[tokio::test]
async fn an_inspection_becomes_an_inspection_bill() {
    for (result, quantities) in [("passed", "5.5,0.0,\"1\""), ("failed", "0.0,5.5,\"2\"")] {
        let server = sandbox().await;
        let more =
            format!("{BASIC}\nfields.inspection_result.inspector = \"FInspectorId.FNumber\"");
        let receipt = open(&server, &more).unwrap().write(&inspection(result)).await.unwrap();
        assert_eq!(receipt.number.as_deref(), Some("JYD000001"));
        let keys = "FDate,FInspectorId.FNumber,FMaterialId.FNumber,FLot.FNumber,FInspectQty,\
            FQualifiedQty,FUnqualifiedQty,FInspectResult";
        assert_eq!(
            rows(&server, "QM_InspectBill", keys).to_string(),
            format!("[[\"2026-03-01T00:00:00\",\"YW01\",\"P1\",\"B1\",5.5,{quantities}]]")
        );
    }
}

#[tokio::test]
async fn steps_are_taken_and_taken_up_again() {
    let server = sandbox().await;
    let writer = open(&server, &format!("{BASIC}\nsubmit = true\naudit = true")).unwrap();
    let status = || rows(&server, "SAL_OUTSTOCK", "FDocumentStatus");
    // The save passes, the submit meets an edit lock.
    server.inject_write_at(2, Fault::MsgCode(13));
    assert_eq!(writer.write(&delivery("A")).await.unwrap_err().kind, ErrorKind::Busy);
    assert_eq!(status()[0][0], json!("A"));
    let receipt = writer.find(&delivery("A")).await.unwrap().unwrap();
    assert!(receipt.answer.contains("\"submit\"") && receipt.answer.contains("\"audit\""));
    assert_eq!(status()[0][0], json!("C"));
    // The submit is refused: the document is held all the same.
    server.inject_write_at(2, Fault::MsgCode(11));
    server.inject_write_at(3, Fault::MsgCode(11));
    let error = writer.write(&delivery("B")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Permission, "{error}");
    assert!(error.hint.unwrap().starts_with("XSCKD000002 is saved"));
    let receipt = writer.find(&delivery("B")).await.unwrap().unwrap();
    assert!(receipt.answer.contains("\"refused\""), "{}", receipt.answer);
}

#[tokio::test]
async fn a_refusal_tells_every_message_and_holds_nothing() {
    let server = sandbox().await;
    let mut site = FieldMeta::new("F_SITE_Text", "现场必录", FieldKind::Text);
    site.must_input = true;
    server.add_field("SAL_OUTSTOCK", false, site);
    let mut wrong = delivery("DR-1");
    wrong.body["dealer_code"] = json!("NOBODY");
    let error = open(&server, BASIC).unwrap().write(&wrong).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused);
    let said = error.to_string();
    for part in [
        "saving DR-1 as SAL_OUTSTOCK at ",
        "FCustomerID: 字段“客户”的值\"NOBODY\"不存在",
        "F_SITE_Text: 字段“现场必录”是必录字段",
    ] {
        assert!(said.contains(part), "{said}");
    }
    assert_eq!(held(&server), Some(0));
    let more = format!("{BASIC}\ndefaults.delivery_result.F_SITE_Text = \"线上\"");
    assert!(open(&server, &more).unwrap().write(&delivery("DR-1")).await.is_ok());
}

#[tokio::test]
async fn an_answer_that_is_no_refusal_never_looks_like_one() {
    for (fault, kind, is_held) in [
        (Fault::Slow(1_500), ErrorKind::Timeout, true),
        (Fault::ConnectionReset, ErrorKind::Unreachable, true),
        (Fault::TruncatedBody, ErrorKind::Unreachable, true),
        (Fault::MalformedPage, ErrorKind::Malformed, true),
        (Fault::PartialFailure, ErrorKind::Busy, true),
        (Fault::MsgCode(13), ErrorKind::Busy, false),
        (Fault::MsgCode(14), ErrorKind::RateLimited, false),
        (Fault::SessionLost, ErrorKind::SessionExpired, false),
        (Fault::ResponseError, ErrorKind::Busy, false),
        (Fault::Http500, ErrorKind::Busy, false),
        (Fault::HtmlPage, ErrorKind::Malformed, false),
    ] {
        let server = sandbox().await;
        let writer = open(&server, BASIC).unwrap();
        server.inject_write(fault);
        let error = writer.write(&delivery("DR-1")).await.unwrap_err();
        assert_eq!(error.kind, kind, "{fault}: {error}");
        let found = writer.find(&delivery("DR-1")).await.unwrap();
        assert_eq!(found.is_some(), is_held, "{fault}");
        writer.write(&delivery("DR-1")).await.unwrap();
        assert_eq!(held(&server), Some(1), "{fault}");
    }
}

#[tokio::test]
async fn a_number_from_the_key_is_kept_unique_by_the_system() {
    let server = sandbox().await;
    let writer = open(&server, &format!("{BASIC}\nnumber_from_key = true")).unwrap();
    let receipt = writer.write(&delivery("DR-1")).await.unwrap();
    assert_eq!(receipt.number.as_deref(), Some("DR-1"));
    // Another writer that asked before the first was done.
    server.put("SAL_OUTSTOCK", &json!({"FBillNo": "DR-2"})).unwrap();
    let error = writer.write(&delivery("DR-2")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused);
}

#[tokio::test]
async fn a_key_field_that_is_missing_is_told_before_anything_is_saved() {
    let server = sandbox().await;
    let error = open(&server, "key_field = \"F_NO_Field\"").unwrap();
    let error = error.write(&delivery("DR-1")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
    assert!(error.hint.unwrap().starts_with("add the text field F_NO_Field to the header"));
    assert_eq!(server.write_calls(), 0);
}

#[tokio::test]
async fn every_configuration_problem_is_reported() {
    let server = sandbox().await;
    let more = r#"
        key_field = "no field"
        audit = true
        [fields]
        delivery_result = { carrier = "F_A", delivery_no = "not a key" }
        [defaults]
        receipt = {}
        delivery_result = { FDate = "2026-01-01", FNote = 1.5, FEntity = { FRealQty = 1 } }
    "#;
    let problems = open(&server, more).err().unwrap();
    let mut paths: Vec<_> = problems.iter().map(|problem| problem.path.as_str()).collect();
    paths.sort_unstable();
    assert_eq!(
        paths,
        [
            "[write] audit",
            "[write] defaults.delivery_result.FDate",
            "[write] defaults.delivery_result.FEntity.FRealQty",
            "[write] defaults.delivery_result.FNote",
            "[write] defaults.receipt",
            "[write] fields.delivery_result.carrier",
            "[write] fields.delivery_result.delivery_no",
            "[write] key_field",
        ]
    );
}
