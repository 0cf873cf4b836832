//! The behavioural suite over the sandbox: sales outbound documents with their lines.
//!
//! The protocol has conditions on days only, so it has no fence; the suite's change time travels in
//! `auditdate`, the document's day follows it. It knows no sessions and no throttling.

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
use yuanliu_acceptance::{Applicability, Expectations, Fault, SourceRow, Subject};
use yuanliu_contract::Connector;
use yuanliu_sandbox_yonyou_eai::{
    Clock, EaiHandle, EaiOptions, EaiSandbox, Fault as ServerFault, SENDER,
};
use yuanliu_yonyou_eai::YonyouU8Eai;

const PAGE_ROWS: usize = 4;

struct Deliveries(EaiHandle);

impl Deliveries {
    async fn start(is_gbk: bool) -> Self {
        let clock = Clock::manual(default_now());
        let options = EaiOptions { clock, is_gbk, ..EaiOptions::default() };
        Self(EaiSandbox::start(options).await.unwrap())
    }

    fn put_document(&self, id: &str, changed_at: Option<DateTime<Utc>>, lines: Vec<Value>) {
        let day = changed_at.unwrap_or_else(|| self.0.clock().now()).with_timezone(&Shanghai);
        let changed_at = changed_at.map(|time| time.with_timezone(&Shanghai).to_rfc3339());
        let record = json!({
            "id": id, "code": id, "vouchtype": "32", "date": day.format("%Y-%m-%d").to_string(),
            "auditdate": changed_at, "memory": "备注<&>", "entry": lines,
        });
        self.0.put("storeout", record.as_object().unwrap().clone()).unwrap();
    }
}

#[async_trait]
impl Subject for Deliveries {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::new(YonyouU8Eai)
    }

    fn config(&self) -> toml::Table {
        let text = format!(
            "url = {:?}\nsender = {SENDER:?}\nstart_date = \"2026-02-01\"\n\
             page_rows = {PAGE_ROWS}\nrequest_timeout_s = 1\n",
            self.0.eai_url(),
        );
        toml::from_str(&text).unwrap()
    }

    fn stream(&self) -> &str {
        "delivery"
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
            let line = |row: &&SourceRow| json!({"inventorycode": row.note});
            self.put_document(id, rows[0].changed_at, rows.iter().map(line).collect());
        }
    }

    async fn delete(&self, id: &str) {
        self.0.delete("storeout", id);
    }

    async fn put_bad_row(&self, id: &str, changed_at: DateTime<Utc>) -> Applicability {
        self.put_document(id, Some(changed_at), vec![json!({"quantity": "twelve"})]);
        Applicability::Applied
    }

    async fn inject(&self, fault: Fault) -> Applicability {
        let fault = match fault {
            Fault::ErrorInside200 => ServerFault::Item,
            Fault::MalformedPage => ServerFault::Malformed,
            Fault::EmptyPage => ServerFault::EmptyPage,
            Fault::Timeout => ServerFault::Slow(1_500),
            Fault::ConnectionReset => ServerFault::Reset,
            Fault::Busy => ServerFault::Html500,
            Fault::SessionLost | Fault::RateLimitedSeconds(_) | Fault::RateLimitedDate(_) => {
                return Applicability::NotApplicable;
            }
        };
        self.0.inject(fault);
        Applicability::Applied
    }

    fn rows(&self, batch: &RecordBatch) -> Vec<SourceRow> {
        let ids = batch["id"].as_string::<i32>();
        let positions = batch["entry_position"].as_primitive::<Int64Type>();
        let changes = batch["auditdate"].as_primitive::<TimestampMicrosecondType>();
        let notes = batch["entry__inventorycode"].as_string::<i32>();
        let row = |at| SourceRow {
            id: ids.value(at).to_owned(),
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
async fn deliveries_pass_the_suite() {
    let report = yuanliu_acceptance::run_all(async || Deliveries::start(false).await).await;
    assert!(report.is_ok(), "{report}");
    println!("{report}");
}

#[tokio::test]
async fn deliveries_in_gbk_pass_the_suite() {
    let report = yuanliu_acceptance::run_all(async || Deliveries::start(true).await).await;
    assert!(report.is_ok(), "{report}");
}
