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
use chrono_tz::Asia::Shanghai;
use serde_json::{Value, json};
use yuanliu_acceptance::subject::default_now;
use yuanliu_acceptance::{Applicability, Expectations, Fault, FixedSecrets, SourceRow, Subject};
use yuanliu_contract::Connector;
use yuanliu_kingdee_galaxy::KingdeeGalaxy;
use yuanliu_sandbox_kingdee::{
    Clock, Dataset, Fault as ServerFault, FieldKind, FieldMeta, KingdeeHandle, KingdeeOptions,
    KingdeeSandbox,
};

const FORM: &str = "SAL_SaleOrder";
const PAGE_ROWS: usize = 4;

struct SalesOrders(KingdeeHandle);

impl SalesOrders {
    async fn start() -> Self {
        let mut dataset = Dataset::empty();
        // As text the price can also hold what is not a number.
        dataset.add_field(FORM, true, FieldMeta::new("FPrice", "单价", FieldKind::Text));
        let clock = Clock::manual(default_now());
        let options = KingdeeOptions { dataset, clock, ..KingdeeOptions::default() };
        Self(KingdeeSandbox::start(options).await.unwrap())
    }

    fn put_document(&self, id: &str, changed_at: Option<DateTime<Utc>>, lines: Vec<Value>) {
        let wall = |time: DateTime<Utc>| {
            time.with_timezone(&Shanghai).format("%Y-%m-%d %H:%M:%S%.f").to_string()
        };
        let row = json!({
            "FID": id.parse::<i64>().unwrap(), "FBillNo": format!("XSDD{id}"),
            "FModifyDate": changed_at.map(wall), "FSaleOrderEntry": lines,
        });
        self.0.put(FORM, &row).unwrap();
    }
}

fn entry_id(id: &str, line: &str) -> i64 {
    id.parse::<i64>().unwrap() * 10 + line.parse::<i64>().unwrap()
}

#[async_trait]
impl Subject for SalesOrders {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::new(KingdeeGalaxy)
    }

    fn config(&self) -> toml::Table {
        let account = self.0.credentials();
        let text = format!(
            "base_url = {:?}\nacct_id = {:?}\nuser = {:?}\nlogin = \"login_by_sign\"\n\
             app_id = {:?}\napp_secret = \"env:APP_SECRET\"\npage_rows = {PAGE_ROWS}\n\
             request_timeout_s = 1\n",
            self.0.base_url(),
            account.acct_id,
            account.user,
            account.app_id,
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
                json!({"FEntryID": entry_id(id, line), "FLot.FNumber": row.note})
            };
            self.put_document(id, rows[0].changed_at, rows.iter().map(line).collect());
        }
    }

    async fn delete(&self, id: &str) {
        self.0.delete(FORM, id.parse().unwrap());
    }

    async fn put_bad_row(&self, id: &str, changed_at: DateTime<Utc>) -> Applicability {
        let line = json!({"FEntryID": entry_id(id, "1"), "FPrice": "twelve"});
        self.put_document(id, Some(changed_at), vec![line]);
        Applicability::Applied
    }

    async fn inject(&self, fault: Fault) -> Applicability {
        let fault = match fault {
            Fault::SessionLost => ServerFault::SessionLost,
            Fault::RateLimitedSeconds(seconds) => ServerFault::RateLimitedSeconds(seconds),
            Fault::ErrorInside200 => ServerFault::MsgCode(6),
            Fault::MalformedPage => ServerFault::MalformedPage,
            Fault::Timeout => ServerFault::Slow(1_500),
            Fault::ConnectionReset => ServerFault::ConnectionReset,
            Fault::Busy => ServerFault::MsgCode(13),
            // The sandbox's date is two seconds away and its pages are never empty by mistake.
            Fault::RateLimitedDate(_) | Fault::EmptyPage => return Applicability::NotApplicable,
        };
        self.0.inject(fault);
        Applicability::Applied
    }

    fn rows(&self, batch: &RecordBatch) -> Vec<SourceRow> {
        let ids = batch["FID"].as_primitive::<Int64Type>();
        let entries = batch["FSaleOrderEntry_FEntryID"].as_primitive::<Int64Type>();
        let changes = batch["FModifyDate"].as_primitive::<TimestampMicrosecondType>();
        let notes = batch["FLot__FNumber"].as_string::<i32>();
        let row = |at| SourceRow {
            id: ids.value(at).to_string(),
            line: Some((entries.value(at) % 10).to_string()),
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
