//! The protocol over the sandbox: tokens, the agent, passes of masters, writing.

#![allow(clippy::unwrap_used, reason = "a test whose world cannot be set up should stop")]

use std::sync::Arc;
use std::time::Duration;

use arrow::array::AsArray;
use serde_json::{Value, json};
use yuanliu_acceptance::subject::default_now;
use yuanliu_acceptance::{FixedSecrets, ManualClock};
use yuanliu_contract::{
    Connector, Cursor, ErrorKind, OutgoingDocument, OutgoingKind, ReadRange, Seams, Settings,
    System, Unlimited, WriteBack, Writer,
};
use yuanliu_sandbox_yonyou_u8_openapi::{Clock, Fault, U8Handle, U8Options, U8Sandbox};
use yuanliu_yonyou_u8_openapi::YonyouU8OpenApi;

struct World {
    sandbox: U8Handle,
    clock: Arc<ManualClock>,
    settings: Settings,
}

impl World {
    async fn start(more: &str) -> Self {
        let clock = Clock::manual(default_now());
        let sandbox = U8Sandbox::start(U8Options { clock, ..U8Options::default() }).await.unwrap();
        let account = sandbox.credentials().clone();
        let text = format!(
            "base_url = {:?}\nfrom_account = {:?}\napp_key = {:?}\napp_secret = \"env:S\"\n{more}",
            sandbox.base_url(),
            account.from_account,
            account.app_key
        );
        let secrets = FixedSecrets::default().with("env:S", &account.app_secret);
        let spec = Connector::config_spec(&YonyouU8OpenApi);
        let table = toml::from_str(&text).unwrap();
        let settings = Settings::check("test", &spec, &table, &[], &secrets).unwrap();
        Self { sandbox, clock: Arc::new(ManualClock::at(default_now())), settings }
    }

    fn seams(&self) -> Seams {
        Seams { clock: self.clock.clone(), budget: Arc::new(Unlimited) }
    }

    fn system(&self) -> Arc<dyn System> {
        Connector::open(&YonyouU8OpenApi, &self.settings, self.seams()).unwrap()
    }

    fn writer(&self, write: &str) -> Arc<dyn Writer> {
        let spec = WriteBack::spec(&YonyouU8OpenApi).fields;
        let table = toml::from_str(write).unwrap();
        let write = Settings::check("test", &spec, &table, &[], &FixedSecrets::default()).unwrap();
        WriteBack::open(&YonyouU8OpenApi, &self.settings, &write, self.seams()).unwrap()
    }

    fn put(&self, resource: &str, row: Value) {
        self.sandbox.put(resource, row.as_object().unwrap().clone()).unwrap();
    }

    /// Codes a run reads, and where it ends.
    async fn run(&self, stream: &str, cursor: Option<&Cursor>) -> (Vec<String>, Option<Cursor>) {
        let range = ReadRange::default();
        let mut source = self.system().read(stream, cursor, &range).await.unwrap();
        let (mut codes, mut last) = (Vec::new(), cursor.cloned());
        while let Some(page) = source.next_page().await.unwrap() {
            let column = page.rows.batch["code"].as_string::<i32>();
            codes.extend(column.iter().flatten().map(str::to_owned));
            last = Some(page.cursor);
        }
        (codes, last)
    }
}

#[tokio::test]
async fn a_token_serves_all_calls_and_is_renewed_before_its_end() {
    let world = World::start("").await;
    let system = world.system();
    let preview = async || system.preview("unit", 1).await.map(|_| ());
    preview().await.unwrap();
    preview().await.unwrap();
    assert_eq!(world.sandbox.token_calls(), 1);
    world.clock.advance(Duration::from_secs(6_899));
    preview().await.unwrap();
    assert_eq!(world.sandbox.token_calls(), 1);
    world.clock.advance(Duration::from_secs(1));
    preview().await.unwrap();
    assert_eq!(world.sandbox.token_calls(), 2);
    world.sandbox.inject(Fault::TokenLost);
    assert_eq!(preview().await.unwrap_err().kind, ErrorKind::SessionExpired);
    preview().await.unwrap();
    assert_eq!(world.sandbox.token_calls(), 3);
}

#[tokio::test]
async fn an_agent_that_is_offline_and_a_wrong_data_source_are_told() {
    let world = World::start("ds_sequence = 2\n").await;
    let error = world.system().preview("unit", 1).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Config);
    world.sandbox.set_agent_online(false);
    let error = world.system().check().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(error.hint.unwrap().contains("开放平台客户端"));
}

#[tokio::test]
async fn new_and_modified_masters_are_found() {
    let world = World::start("").await;
    world.put("inventory", json!({"code": "A", "start_date": "2020-01-01"}));
    world.put("inventory", json!({"code": "B", "start_date": "2020-01-01"}));
    let (codes, cursor) = world.run("product", None).await;
    assert_eq!(codes, ["A", "B"]);
    let (codes, _) = world.run("product", cursor.as_ref()).await;
    assert!(codes.is_empty());
    world.put(
        "inventory",
        json!({"code": "B", "start_date": "2020-01-01",
        "ModifyDate": "2026-03-02"}),
    );
    world.put("inventory", json!({"code": "C", "start_date": "2026-03-02"}));
    let (codes, _) = world.run("product", cursor.as_ref()).await;
    assert_eq!(codes, ["C", "B"]);
}

#[tokio::test]
async fn a_page_that_lost_rows_before_it_is_read_from_further_ahead() {
    let world = World::start("page_rows = 2\n").await;
    for code in ["A", "B", "C", "D", "E", "F"] {
        world.put("vendor", json!({"code": code}));
    }
    let range = ReadRange::default();
    let mut source = world.system().read("supplier", None, &range).await.unwrap();
    let mut codes = Vec::new();
    while let Some(page) = source.next_page().await.unwrap() {
        let column = page.rows.batch["code"].as_string::<i32>();
        codes.extend(column.iter().flatten().map(str::to_owned));
        world.sandbox.delete("vendor", "A");
    }
    assert_eq!(codes, ["A", "B", "B", "C", "D", "E", "F"]);
}

fn delivery(key: &str) -> OutgoingDocument {
    OutgoingDocument {
        kind: OutgoingKind::DeliveryResult,
        key: key.to_owned(),
        body: json!({"delivery_no": "D1", "order_no": "O1", "dealer_code": "C-0007",
            "warehouse_code": "01", "shipped_at": "2026-03-01T18:00:00Z",
            "lines": [{"line_no": 1, "product_code": "M-1", "qty": "40.5", "batch_no": "B1"}]}),
    }
}

#[tokio::test]
async fn a_delivery_is_added_once_by_its_key() {
    let world = World::start("").await;
    let writer = world.writer("resource = \"saleout\"\nheader = { businesstype = \"普通销售\" }\n");
    let document = delivery("DR-0001");
    assert_eq!(writer.find(&document).await.unwrap(), None);
    world.sandbox.inject(Fault::ResetAfter);
    let error = writer.write(&document).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable);
    let found = writer.find(&document).await.unwrap().unwrap();
    // The relay answers the add of a known biz_id as it did the first time.
    let receipt = writer.write(&document).await.unwrap();
    assert_eq!((receipt.id.as_ref(), found.was_known), (found.id.as_ref(), true));
    let id = receipt.id.unwrap();
    world.sandbox.look(|data| {
        assert_eq!(data.rows("saleout"), Some(1));
        let row = data.get("saleout", &id).unwrap();
        assert_eq!(row["date"], "2026-03-02");
        assert_eq!(row["entry"][0]["serial"], "B1");
    });
    let trades = world.writer("resource = \"saleout\"\nidempotency = \"tradeid\"\n");
    trades.write(&delivery("DR-0002")).await.unwrap();
    let error = trades.write(&delivery("DR-0002")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused);
    assert_eq!(world.sandbox.look(|data| data.rows("saleout")), Some(2));
}
