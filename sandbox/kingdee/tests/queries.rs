//! The protocol over real HTTP: login, queries, values, errors, faults.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::time::Duration;

use chrono::{TimeDelta, TimeZone, Utc};
use serde_json::{Value, json};
use yuanliu_sandbox_kingdee::{Clock, Fault, KingdeeHandle, KingdeeOptions, KingdeeSandbox};

const FORMS: &str = "Kingdee.BOS.WebApi.ServicesStub.DynamicFormService";
const AUTH: &str = "Kingdee.BOS.WebApi.ServicesStub.AuthService";

struct Client {
    sandbox: KingdeeHandle,
    http: reqwest::Client,
    session: String,
}

impl Client {
    async fn start(options: KingdeeOptions) -> Self {
        let sandbox = KingdeeSandbox::start(options).await.unwrap();
        let mut client = Self { sandbox, http: reqwest::Client::new(), session: String::new() };
        client.log_in().await;
        client
    }

    async fn log_in(&mut self) {
        let account = self.sandbox.credentials().clone();
        let parameters = json!([account.acct_id, account.user, account.password, account.lcid]);
        let reply = self.post(AUTH, "ValidateUser", &json!({"parameters": parameters})).await;
        let reply: Value = serde_json::from_str(&reply).unwrap();
        assert_eq!(reply["LoginResultType"], json!(1));
        self.session = reply["KDSVCSessionId"].as_str().unwrap().to_owned();
    }

    async fn send(&self, service: &str, operation: &str, body: &Value) -> reqwest::Response {
        let url = format!("{}{service}.{operation}.common.kdsvc", self.sandbox.base_url());
        let request = self.http.post(url).header("kdservice-sessionid", &self.session);
        request.json(body).send().await.unwrap()
    }

    async fn post(&self, service: &str, operation: &str, body: &Value) -> String {
        self.send(service, operation, body).await.text().await.unwrap()
    }

    async fn rows(&self, form: &str, keys: &str, filter: &str) -> String {
        let data = json!({"FormId": form, "FieldKeys": keys, "FilterString": filter});
        self.post(FORMS, "ExecuteBillQuery", &json!({"data": data})).await
    }
}

fn fill(sandbox: &KingdeeHandle) {
    for (number, modified) in [("A01", "2026-01-01 08:00:00"), ("A02", "2026-01-02 08:00:00.040")] {
        let row = json!({"FNumber": number, "FName": "轴套", "FModifyDate": modified,
            "FIsBatchManage": true});
        sandbox.put("BD_MATERIAL", &row).unwrap();
    }
    let order = json!({"FBillNo": "MO1", "FDate": "2026-01-01", "FDocumentStatus": "C",
        "FModifyDate": "2026-01-01 09:42:59.073",
        "FTreeEntity": [
            {"FMaterialId.FNumber": "A02", "FQty": "1200", "FLot.FNumber": "L1"},
            {"FMaterialId.FNumber": "ZZZ", "FQty": 35.50}]});
    sandbox.put("PRD_MO", &order).unwrap();
    sandbox.put("PRD_MO", &json!({"FBillNo": "MO2 O'Neil", "FModifyDate": null})).unwrap();
}

#[tokio::test]
async fn answers_queries_in_the_servers_words() {
    let client = Client::start(KingdeeOptions::default()).await;
    fill(&client.sandbox);
    let check = async |form: &str, keys: &str, filter: &str, want: &str| {
        assert_eq!(client.rows(form, keys, filter).await, want, "{keys} where {filter}");
    };
    check("bd_material", "FNumber,fname,FModifyDate", "", "[[\"A01\",\"轴套\",\"2026-01-01T08:00:00\"],[\"A02\",\"轴套\",\"2026-01-02T08:00:00.04\"]]").await;
    check("BD_MATERIAL", "FNumber", "FModifyDate > '2026-01-01 08:00:00'", "[[\"A02\"]]").await;
    check(
        "BD_MATERIAL",
        "FNumber",
        "FModifyDate >= '2026-01-02T08:00:00' and not FNumber in ('A01')",
        "[[\"A02\"]]",
    )
    .await;
    check(
        "BD_MATERIAL",
        "FNumber",
        "FNumber like '%1' or (FNumber between 'A02' and 'A02')",
        "[[\"A01\"],[\"A02\"]]",
    )
    .await;
    check(
        "BD_MATERIAL",
        "FNumber",
        "FIsBatchManage = '1' and FSpecification = ''",
        "[[\"A01\"],[\"A02\"]]",
    )
    .await;
    check("BD_MATERIAL", "FNumber", "1=1 and FMATERIALID > 100001", "[[\"A02\"]]").await;
    check("PRD_MO", "FBillNo,FModifyDate", "FModifyDate is null", "[[\"MO2 O'Neil\",null]]").await;
    check("PRD_MO", "FBillNo", "FBillNo = 'mo2 o''neil'", "[[\"MO2 O'Neil\"]]").await;
    check(
        "PRD_MO",
        "FBillNo,FTreeEntity_FEntryID,FTreeEntity_FSeq,FMaterialId.FNumber,FMaterialId,FMaterialId.FName,FQty,FPlanFinishDate,FLot.FNumber",
        "",
        "[[\"MO1\",100004,1,\"A02\",100002,\"轴套\",1200.0,null,\"L1\"],\
         [\"MO1\",100005,2,\"ZZZ\",0,\" \",35.5,null,\" \"],\
         [\"MO2 O'Neil\",null,null,null,null,null,null,null,null]]",
    )
    .await;
    check(
        "PRD_MO",
        "FTreeEntity_FSEQ",
        "(FID > 100003 or (FID = 100003 and FTreeEntity_FEntryID > 100004))",
        "[[2],[null]]",
    )
    .await;
    client.sandbox.shutdown().await;
}

#[tokio::test]
async fn pages_by_absolute_rows() {
    let client = Client::start(KingdeeOptions { row_cap: 3, ..KingdeeOptions::default() }).await;
    for number in 1..=5 {
        client.sandbox.put("BD_STOCK", &json!({"FNumber": format!("S{number}")})).unwrap();
    }
    let page = async |start: usize, limit: usize, top: usize| {
        let data = json!({"FormId": "BD_STOCK", "FieldKeys": "FNumber", "FilterString": "",
            "OrderString": "FNumber DESC", "StartRow": start, "Limit": limit, "TopRowCount": top});
        client.post(FORMS, "BillQuery", &json!({"parameters": [data.to_string()]})).await
    };
    assert_eq!(page(0, 2, 0).await, "[{\"FNumber\":\"S5\"},{\"FNumber\":\"S4\"}]");
    assert_eq!(page(4, 2, 0).await, "[{\"FNumber\":\"S1\"}]");
    assert_eq!(page(2, 2, 2).await, "[]");
    assert_eq!(page(2, 2, 3).await, "[{\"FNumber\":\"S3\"}]");
    let capped: Value = serde_json::from_str(&page(0, 0, 0).await).unwrap();
    assert_eq!(capped.as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn wraps_errors_in_success() {
    let client = Client::start(KingdeeOptions::default()).await;
    fill(&client.sandbox);
    let refused = async |keys: &str, filter: &str| {
        let reply: Value =
            serde_json::from_str(&client.rows("BD_MATERIAL", keys, filter).await).unwrap();
        let status = &reply[0][0]["Result"]["ResponseStatus"];
        assert_eq!(status["IsSuccess"], json!(false));
        (status["Errors"][0]["Message"].as_str().unwrap().to_owned(), status["MsgCode"].to_string())
    };
    let unknown = |key: &str| (format!("元数据中标识为{key}的字段不存在"), "9".to_owned());
    assert_eq!(refused("FNoSuchField", "").await, unknown("FNoSuchField"));
    assert_eq!(refused("FID", "").await, unknown("FID"));
    assert_eq!(refused("FNumber", "FOops = 1").await, unknown("FOops"));
    assert_eq!(
        refused("FCreateOrgId.FName.FX", "").await,
        unknown("FCreateOrgId.FName.FX"),
        "one level of reference only"
    );
    for filter in ["FNumber =", "FNumber = 'x", "(FNumber = 'x'", "FModifyDate > 'soon'", "; drop"]
    {
        let (message, code) = refused("FNumber", filter).await;
        assert!(message.starts_with("过滤条件错误"), "{filter}: {message}");
        assert_eq!(code, "6");
    }
    let unknown_form = client.rows("NO_SUCH", "FNumber", "").await;
    assert!(unknown_form.contains("业务对象标识“NO_SUCH”不存在"));
    let unknown_service =
        client.post(FORMS, "Delete", &json!({"formid": "PRD_MO", "data": {}})).await;
    assert!(unknown_service.contains("\"IsSuccess\":false"));
    assert!(unknown_service.starts_with("{\"Result\""));
}

#[tokio::test]
async fn describes_and_views() {
    let client = Client::start(KingdeeOptions::default()).await;
    fill(&client.sandbox);
    let info =
        client.post(FORMS, "QueryBusinessInfo", &json!({"data": {"FormId": "PRD_MO"}})).await;
    let info: Value = serde_json::from_str(&info).unwrap();
    let entries = info["Result"]["NeedReturnData"]["Entrys"].as_array().unwrap();
    assert_eq!(entries[1]["Key"], json!("FTreeEntity"));
    let fields = entries[1]["Fields"].as_array().unwrap();
    assert!(fields.iter().any(|field| field["Key"] == json!("F_YL_Line")));
    let body = json!({"formid": "PRD_MO", "data": {"Number": "MO1", "Id": ""}});
    let view: Value = serde_json::from_str(&client.post(FORMS, "View", &body).await).unwrap();
    let document = &view["Result"]["Result"];
    assert_eq!(document["BillNo"], json!("MO1"));
    assert_eq!(document["TreeEntity"][0]["MaterialId"]["Number"], json!("A02"));
    assert_eq!(document["TreeEntity"][0]["Lot_Text"], json!("L1"));
}

#[tokio::test]
async fn sessions_end() {
    let clock = Clock::manual(Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).unwrap());
    let idle = Duration::from_secs(60);
    let options =
        KingdeeOptions { clock: clock.clone(), session_idle: idle, ..KingdeeOptions::default() };
    let mut client = Client::start(options).await;
    assert_eq!(client.rows("BD_STOCK", "FNumber", "").await, "[]");
    clock.advance(TimeDelta::seconds(59));
    assert_eq!(client.rows("BD_STOCK", "FNumber", "").await, "[]");
    clock.advance(TimeDelta::seconds(61));
    let lost = client.rows("BD_STOCK", "FNumber", "").await;
    assert!(lost.starts_with("[[{\"Result\"") && lost.contains("\"MsgCode\":1"), "{lost}");
    client.log_in().await;
    let response = client.send(FORMS, "BillQuery", &json!({"data": {"FormId": "BD_STOCK"}})).await;
    assert_eq!(response.headers()["date"], "Thu, 01 Jan 2026 00:02:00 GMT");
}

#[tokio::test]
async fn faults_strike_the_call_they_are_meant_for() {
    let mut client = Client::start(KingdeeOptions::default()).await;
    fill(&client.sandbox);
    let body = json!({"data": {"FormId": "BD_MATERIAL", "FieldKeys": "FNumber,FModifyDate",
        "OrderString": "FModifyDate"}});
    let healthy = client.post(FORMS, "ExecuteBillQuery", &body).await;
    let faults = [
        Fault::ResponseError,
        Fault::Http500,
        Fault::RateLimitedSeconds(7),
        Fault::RateLimitedDate,
        Fault::MalformedPage,
        Fault::MsgCode(14),
        Fault::Screening,
        Fault::HtmlPage,
    ];
    for fault in faults {
        client.sandbox.inject(fault);
    }
    for fault in faults {
        let response = client.send(FORMS, "ExecuteBillQuery", &body).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        match fault {
            Fault::ResponseError => assert!(status == 200 && text.starts_with("response_error:")),
            Fault::Http500 => assert_eq!(status, 500),
            Fault::RateLimitedSeconds(_) => {
                assert_eq!((status, &headers["retry-after"]), (429, &"7".parse().unwrap()));
            }
            Fault::RateLimitedDate => {
                assert!(headers["retry-after"].to_str().unwrap().ends_with("GMT"));
            }
            Fault::MalformedPage => assert!(serde_json::from_str::<Value>(&text).is_err()),
            Fault::MsgCode(_) => assert!(text.contains("\"MsgCode\":14")),
            Fault::Screening => assert!(text.contains("showConfirm")),
            _ => assert!(text.starts_with("<!DOCTYPE html>")),
        }
    }
    for fault in [Fault::TruncatedBody, Fault::ConnectionReset] {
        client.sandbox.inject(fault);
        let url = format!("{}{FORMS}.ExecuteBillQuery.common.kdsvc", client.sandbox.base_url());
        let request = client.http.post(url).header("kdservice-sessionid", &client.session);
        let whole = match request.json(&body).send().await {
            Ok(response) => response.bytes().await.is_ok(),
            Err(_) => false,
        };
        assert!(!whole, "{fault}");
    }
    client.sandbox.inject_at(2, Fault::SessionLost);
    assert_eq!(client.post(FORMS, "ExecuteBillQuery", &body).await, healthy);
    assert!(client.post(FORMS, "ExecuteBillQuery", &body).await.contains("\"MsgCode\":1"));
    client.log_in().await;
    client.sandbox.inject(Fault::MutateBetweenPages);
    assert_eq!(client.post(FORMS, "ExecuteBillQuery", &body).await, healthy);
    let after = client.post(FORMS, "ExecuteBillQuery", &body).await;
    assert!(after.starts_with("[[\"A02\""), "the first row moved to the end: {after}");
    assert_eq!(client.sandbox.faults_waiting(), 0);
}
