//! The behavioural suite over the sandbox: sales orders with their lines.

#![allow(clippy::unwrap_used, reason = "a test whose world cannot be set up should stop")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Int64Type, TimestampMicrosecondType};
use arrow::record_batch::RecordBatch;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use yuanliu_acceptance::subject::default_now;
use yuanliu_acceptance::{Applicability, Expectations, Fault, FixedSecrets, SourceRow, Subject};
use yuanliu_contract::Connector;
use yuanliu_sandbox_yonyou_bip::{
    BipHandle, BipOptions, BipSandbox, Clock, Fault as ServerFault, Object,
};
use yuanliu_yonyou_bip::YonyouBip;

const PAGE_ROWS: usize = 4;

struct SalesOrders(BipHandle);

impl SalesOrders {
    async fn start() -> Self {
        let clock = Clock::manual(default_now());
        let options = BipOptions { clock, ..BipOptions::default() };
        Self(BipSandbox::start(options).await.unwrap())
    }

    fn put_document(&self, id: &str, changed_at: Option<DateTime<Utc>>, lines: Vec<Value>) {
        let wall = |time: DateTime<Utc>| {
            (time + TimeDelta::hours(8)).format("%Y-%m-%d %H:%M:%S").to_string()
        };
        let id: i64 = id.parse().unwrap();
        let header = json!({"id": id, "code": format!("XSDD{id}"), "pubts": changed_at.map(wall)});
        self.0.put(Object::SalesOrder, header, lines);
    }
}

fn line_id(id: &str, line: &str) -> i64 {
    id.parse::<i64>().unwrap() * 10 + line.parse::<i64>().unwrap()
}

#[async_trait]
impl Subject for SalesOrders {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::new(YonyouBip)
    }

    fn config(&self) -> toml::Table {
        let account = self.0.credentials();
        let text = format!(
            "discovery_url = {:?}\ntenant_id = {:?}\napp_key = {:?}\n\
             app_secret = \"env:APP_SECRET\"\npage_rows = {PAGE_ROWS}\n\
             calls_per_minute = 10000\nrequest_timeout_s = 1\n",
            self.0.discovery_url(),
            account.tenant_id,
            account.app_key,
        );
        toml::from_str(&text).unwrap()
    }

    fn secrets(&self) -> FixedSecrets {
        FixedSecrets::default().with("env:APP_SECRET", &self.0.credentials().app_secret)
    }

    fn stream(&self) -> &str {
        "sales_order"
    }

    fn expectations(&self) -> Expectations {
        Expectations { page_rows: PAGE_ROWS, has_lines: true, has_fence: true }
    }

    async fn advance(&self, duration: Duration) {
        self.0.clock().advance(TimeDelta::from_std(duration).unwrap());
    }

    async fn put(&self, rows: &[SourceRow]) {
        let mut documents: BTreeMap<&str, Vec<&SourceRow>> = BTreeMap::new();
        for row in rows {
            documents.entry(&row.id).or_default().push(row);
        }
        for (id, rows) in documents {
            let line = |row: &&SourceRow| {
                let line = row.line.as_deref().unwrap();
                json!({"orderDetailId": line_id(id, line), "batchNo": row.note})
            };
            self.put_document(id, rows[0].changed_at, rows.iter().map(line).collect());
        }
    }

    async fn delete(&self, id: &str) {
        self.0.delete(Object::SalesOrder, id);
    }

    async fn put_bad_row(&self, id: &str, changed_at: DateTime<Utc>) -> Applicability {
        let line = json!({"orderDetailId": line_id(id, "1"), "qty": "twelve"});
        self.put_document(id, Some(changed_at), vec![line]);
        Applicability::Applied
    }

    async fn inject(&self, fault: Fault) -> Applicability {
        self.0.inject(match fault {
            Fault::SessionLost => ServerFault::TokenLost,
            Fault::RateLimitedSeconds(seconds) => ServerFault::RateLimitedSeconds(seconds),
            Fault::RateLimitedDate(until) => {
                let wait = until.signed_duration_since(self.0.clock().now());
                ServerFault::RateLimitedDate(wait.num_seconds().unsigned_abs())
            }
            Fault::ErrorInside200 => ServerFault::Code(999),
            Fault::MalformedPage => ServerFault::MalformedPage,
            Fault::EmptyPage => ServerFault::EmptyPage,
            Fault::Timeout => ServerFault::Slow(1_500),
            Fault::ConnectionReset => ServerFault::ConnectionReset,
            Fault::Busy => ServerFault::Code(310_043),
        });
        Applicability::Applied
    }

    fn rows(&self, batch: &RecordBatch) -> Vec<SourceRow> {
        let ids = batch["id"].as_primitive::<Int64Type>();
        let lines = batch["orderDetailId"].as_primitive::<Int64Type>();
        let changes = batch["pubts"].as_primitive::<TimestampMicrosecondType>();
        let notes = batch["batchNo"].as_string::<i32>();
        let row = |at| SourceRow {
            id: ids.value(at).to_string(),
            line: Some((lines.value(at) % 10).to_string()),
            changed_at: changes
                .is_valid(at)
                .then(|| DateTime::from_timestamp_micros(changes.value(at)).unwrap()),
            note: notes.value(at).to_owned(),
        };
        (0..batch.num_rows()).map(row).collect()
    }
}

#[tokio::test]
async fn sales_orders_pass_the_suite() {
    let report = yuanliu_acceptance::run_all(async || SalesOrders::start().await).await;
    assert!(report.is_ok(), "{report}");
    assert!(report.not_applicable().is_empty(), "{report}");
}
