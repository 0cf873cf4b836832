//! Save, Submit, Audit, UnAudit, Delete over real HTTP, and what queries and View show of them.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use serde_json::{Value, json};
use yuanliu_sandbox_kingdee::{
    Fault, FieldKind, FieldMeta, KingdeeHandle, KingdeeOptions, KingdeeSandbox,
};

const SERVICES: &str = "Kingdee.BOS.WebApi.ServicesStub";

struct Client {
    sandbox: KingdeeHandle,
    http: reqwest::Client,
    session: String,
}

impl Client {
    async fn start() -> Self {
        let sandbox = KingdeeSandbox::start(KingdeeOptions::default()).await.unwrap();
        sandbox.put("BD_MATERIAL", &json!({"FNumber": "P1", "FName": "轴套"})).unwrap();
        sandbox.put("BD_Customer", &json!({"FNumber": "D1", "FName": "客户"})).unwrap();
        let account = sandbox.credentials().clone();
        let body = json!({"parameters":
            [account.acct_id, account.user, account.password, account.lcid]});
        let mut client = Self { sandbox, http: reqwest::Client::new(), session: String::new() };
        let reply = client.post("AuthService.ValidateUser", &body).await.unwrap();
        client.session = reply["KDSVCSessionId"].as_str().unwrap().to_owned();
        client
    }

    async fn post(&self, operation: &str, body: &Value) -> Option<Value> {
        let url = format!("{}{SERVICES}.{operation}.common.kdsvc", self.sandbox.base_url());
        let request = self.http.post(url).header("kdservice-sessionid", &self.session).json(body);
        let text = request.send().await.ok()?.text().await.ok()?;
        serde_json::from_str(&text).ok()
    }

    async fn call(&self, operation: &str, data: Value) -> Value {
        let body = json!({"formid": "SAL_OUTSTOCK", "data": data});
        let reply = self.post(&format!("DynamicFormService.{operation}"), &body).await;
        reply.unwrap()["Result"].take()
    }

    async fn save(&self, model: Value) -> Value {
        self.call("Save", json!({"NeedReturnFields": ["FBillNo"], "Model": model})).await
    }

    async fn rows(&self, keys: &str, filter: &str) -> Value {
        let data = json!({"FormId": "SAL_OUTSTOCK", "FieldKeys": keys, "FilterString": filter});
        let body = json!({ "data": data });
        self.post("DynamicFormService.ExecuteBillQuery", &body).await.unwrap()
    }
}

fn model() -> Value {
    json!({"FID": 0, "FCustomerID": {"FNumber": "D1"}, "FDate": "2026-01-04",
        "F_YL_Key": "DR-1", "FNoSuchField": 1,
        "FEntity": [{"FMaterialID": {"FNumber": "P1"}, "FRealQty": 0.1234567891,
            "FLot": {"FNumber": "L1"}}, {"FMaterialID": {"FNumber": "P1"}, "FRealQty": 2}]})
}

fn messages(result: &Value) -> Vec<&str> {
    let errors = result["ResponseStatus"]["Errors"].as_array().unwrap();
    errors.iter().map(|error| error["Message"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_saved_document_is_seen_by_queries_and_view() {
    let client = Client::start().await;
    let saved = client.save(model()).await;
    let id = saved["Id"].as_i64().unwrap();
    assert_eq!(
        saved["ResponseStatus"]["SuccessEntitys"],
        json!([{"Id": id, "Number": "XSCKD000001", "DIndex": 0}])
    );
    assert_eq!(saved["NeedReturnData"], json!([{"FBillNo": "XSCKD000001"}]));
    let keys =
        "FBillNo,FDocumentStatus,FCustomerID.FName,FMaterialID.FNumber,FRealQty,FLot.FNumber";
    let found = client.rows(keys, "F_YL_Key = 'DR-1'").await.to_string();
    assert_eq!(
        found,
        "[[\"XSCKD000001\",\"A\",\"客户\",\"P1\",0.1234567891,\"L1\"],\
        [\"XSCKD000001\",\"A\",\"客户\",\"P1\",2.0,\" \"]]"
    );
    let view = client.call("View", json!({"Number": "XSCKD000001"})).await;
    assert_eq!(view["Result"]["SAL_OUTSTOCKENTRY"][0]["Lot_Text"], json!("L1"));
    let mut own = model();
    own["FBillNo"] = json!("MINE-1");
    assert_eq!(client.save(own.clone()).await["Number"], json!("MINE-1"));
    assert_eq!(messages(&client.save(own).await), ["单据编号“MINE-1”已存在，不能重复"]);
}

#[tokio::test]
async fn every_reason_against_a_document_is_told() {
    let client = Client::start().await;
    let mut site = FieldMeta::new("F_SITE_Text", "现场必录", FieldKind::Text);
    site.must_input = true;
    client.sandbox.add_field("SAL_OUTSTOCK", false, site);
    let mut wrong = model();
    wrong["FCustomerID"] = json!({"FNumber": "NOBODY"});
    wrong["FEntity"][1]["FRealQty"] = json!("two");
    let refused = client.save(wrong.clone()).await;
    assert_eq!(refused["ResponseStatus"]["MsgCode"], json!(11));
    let told =
        ["字段“客户”是必录字段", "字段“现场必录”是必录字段", "字段“实发数量”的值\"two\"格式不正确"];
    assert_eq!(messages(&refused), told);
    let data = json!({"IsVerifyBaseDataField": "true", "Model": wrong});
    let refused = client.call("Save", data).await;
    assert_eq!(messages(&refused)[0], "字段“客户”的值\"NOBODY\"不存在");
    assert_eq!(client.rows("FBillNo", "").await, json!([]));
}

#[tokio::test]
async fn a_document_goes_from_state_to_state() {
    let client = Client::start().await;
    let id = client.save(model()).await["Id"].clone();
    let state = async || client.rows("FDocumentStatus", "").await[0][0].clone();
    let step = async |operation: &str| {
        let result = client.call(operation, json!({"Ids": id.to_string()})).await;
        result["ResponseStatus"]["IsSuccess"].as_bool().unwrap()
    };
    for (operation, passes, after) in [
        ("Audit", false, "A"),
        ("Submit", true, "B"),
        ("Submit", false, "B"),
        ("Delete", false, "B"),
        ("Audit", true, "C"),
        ("UnAudit", true, "D"),
        ("Submit", true, "B"),
        ("Audit", true, "C"),
    ] {
        assert_eq!((step(operation).await, state().await), (passes, json!(after)), "{operation}");
    }
    let changed = client.save(json!({"FID": id, "FLinkMan": "王五"})).await;
    assert_eq!(messages(&changed), ["单据已提交或已审核，不允许修改"]);
    let second = client.save(model()).await["Number"].clone();
    let result = client.call("Submit", json!({"Numbers": [second, "XSCKD000001", "NONE"]})).await;
    let status = &result["ResponseStatus"];
    assert_eq!(status["IsSuccess"], json!(false));
    assert_eq!(status["SuccessEntitys"][0]["Number"], json!("XSCKD000002"));
    assert_eq!(
        messages(&result),
        ["单据编号为“XSCKD000001”的销售出库单，提交失败", "没有找到单据“NONE”"]
    );
}

#[tokio::test]
async fn lines_left_out_of_a_change_are_deleted_by_default() {
    let client = Client::start().await;
    let id = client.save(model()).await["Id"].clone();
    let entries = client.rows("FEntity_FEntryID", "").await;
    let line = json!([{"FEntryID": entries[0][0], "FRealQty": 7}]);
    let change = json!({"FID": id, "FEntity": line});
    let kept = json!({"IsDeleteEntry": "false", "Model": change.clone()});
    client.call("Save", kept).await;
    assert_eq!(client.rows("FRealQty", "").await.to_string(), "[[7.0],[2.0]]");
    client.save(change).await;
    assert_eq!(client.rows("FRealQty", "").await.to_string(), "[[7.0]]");
}

#[tokio::test]
async fn a_lost_answer_leaves_the_document() {
    let client = Client::start().await;
    let body = json!({"formid": "SAL_OUTSTOCK", "data": {"Model": model()}});
    for fault in [Fault::ConnectionReset, Fault::TruncatedBody, Fault::MalformedPage] {
        client.sandbox.inject_write(fault);
        assert_eq!(client.post("DynamicFormService.Save", &body).await, None, "{fault}");
    }
    assert_eq!(client.rows("FBillNo", "FEntity_FSeq = 1").await.as_array().unwrap().len(), 3);
    client.sandbox.inject_write(Fault::MsgCode(13));
    assert_eq!(client.save(model()).await["ResponseStatus"]["MsgCode"], json!(13));
    client.sandbox.inject_write(Fault::PartialFailure);
    let partial = client.save(model()).await;
    assert_eq!(partial["ResponseStatus"]["IsSuccess"], json!(false));
    assert_eq!(partial["ResponseStatus"]["SuccessEntitys"][0]["Number"], json!("XSCKD000004"));
    assert_eq!((client.sandbox.write_calls(), client.sandbox.faults_waiting()), (5, 0));
}
