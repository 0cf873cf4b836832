//! The behavioural suite over the sandbox: sales orders with their lines.
//!
//! The protocol filters documents by day, so it has no fence; the suite's change time travels in
//! `createsystime`, the document's day follows it.

#![allow(clippy::unwrap_used, reason = "a test whose world cannot be set up should stop")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Int64Type, TimestampMicrosecondType};
use arrow::record_batch::RecordBatch;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Asia::Shanghai;
use serde_json::{Value, json};
use yuanliu_acceptance::subject::default_now;
use yuanliu_acceptance::{Applicability, Expectations, Fault, FixedSecrets, SourceRow, Subject};
use yuanliu_contract::Connector;
use yuanliu_sandbox_yonyou_u8_openapi::{
    Clock, Fault as ServerFault, U8Handle, U8Options, U8Sandbox,
};
use yuanliu_yonyou_u8_openapi::YonyouU8OpenApi;

const PAGE_ROWS: usize = 4;

struct SalesOrders(U8Handle);

impl SalesOrders {
    async fn start() -> Self {
        let clock = Clock::manual(default_now());
        let options = U8Options { clock, ..U8Options::default() };
        Self(U8Sandbox::start(options).await.unwrap())
    }

    fn put_document(&self, id: &str, changed_at: Option<DateTime<Utc>>, lines: Vec<Value>) {
        let day = changed_at.unwrap_or_else(|| self.0.clock().now()).with_timezone(&Shanghai);
        let changed_at = changed_at.map(|time| time.with_timezone(&Shanghai));
        let row = json!({
            "code": id, "date": day.format("%Y-%m-%d").to_string(), "state": "Approved",
            "createsystime": changed_at.map(|time| time.format("%Y-%m-%d %H:%M:%S%.f").to_string()),
            "entry": lines,
        });
        self.0.put("saleorder", row.as_object().unwrap().clone()).unwrap();
    }
}

#[async_trait]
impl Subject for SalesOrders {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::new(YonyouU8OpenApi)
    }

    fn config(&self) -> toml::Table {
        let account = self.0.credentials();
        let text = format!(
            "base_url = {:?}\nfrom_account = {:?}\napp_key = {:?}\n\
             app_secret = \"env:APP_SECRET\"\npage_rows = {PAGE_ROWS}\nrequest_timeout_s = 1\n",
            self.0.base_url(),
            account.from_account,
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
        Expectations { page_rows: PAGE_ROWS, has_lines: true, has_fence: false }
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
            let line = |row: &&SourceRow| json!({"rowno": row.line, "inventorycode": row.note});
            self.put_document(id, rows[0].changed_at, rows.iter().map(line).collect());
        }
    }

    async fn delete(&self, id: &str) {
        self.0.delete("saleorder", id);
    }

    async fn put_bad_row(&self, id: &str, changed_at: DateTime<Utc>) -> Applicability {
        let line = json!({"rowno": "1", "quantity": "twelve"});
        self.put_document(id, Some(changed_at), vec![line]);
        Applicability::Applied
    }

    async fn inject(&self, fault: Fault) -> Applicability {
        let fault = match fault {
            Fault::SessionLost => ServerFault::TokenLost,
            Fault::RateLimitedSeconds(seconds) => ServerFault::RateLimitedSeconds(seconds),
            Fault::ErrorInside200 => ServerFault::ErrCode,
            Fault::MalformedPage => ServerFault::Malformed,
            Fault::EmptyPage => ServerFault::EmptyPage,
            Fault::Timeout => ServerFault::Slow(1_500),
            Fault::ConnectionReset => ServerFault::Reset,
            Fault::Busy => ServerFault::Busy,
            // The sandbox gives seconds only.
            Fault::RateLimitedDate(_) => return Applicability::NotApplicable,
        };
        self.0.inject(fault);
        Applicability::Applied
    }

    fn rows(&self, batch: &RecordBatch) -> Vec<SourceRow> {
        let codes = batch["code"].as_string::<i32>();
        let positions = batch["entry_position"].as_primitive::<Int64Type>();
        let changes = batch["createsystime"].as_primitive::<TimestampMicrosecondType>();
        let notes = batch["entry__inventorycode"].as_string::<i32>();
        let row = |at| SourceRow {
            id: codes.value(at).to_owned(),
            line: Some(positions.value(at).to_string()),
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
    println!("{report}");
}
