//! The behavioural suite over the sandbox: sales orders, by their rowversion.

#![allow(clippy::unwrap_used, reason = "a test whose world cannot be set up should stop")]

use std::sync::Arc;
use std::time::Duration;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Int64Type, TimestampMicrosecondType};
use arrow::record_batch::RecordBatch;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Asia::Shanghai;
use serde_json::json;
use yuanliu_acceptance::subject::default_now;
use yuanliu_acceptance::{Applicability, Expectations, Fault, FixedSecrets, SourceRow, Subject};
use yuanliu_contract::Connector;
use yuanliu_sandbox_sql_server::{
    Clock, Fault as ServerFault, SqlServerHandle, SqlServerOptions, SqlServerSandbox, SqlType,
    empty_yonyou_u8,
};
use yuanliu_yonyou_u8::YONYOU_U8;

const DATABASE: &str = "UFDATA_001_2026";
const TABLE: &str = "dbo.SO_SOMain";
const PAGE_ROWS: usize = 4;

struct SalesOrders(SqlServerHandle);

impl SalesOrders {
    async fn start() -> Self {
        let database = empty_yonyou_u8(DATABASE);
        // As text the rate can also hold what is not a number.
        let orders = database.definition(TABLE).unwrap().column("iTaxRate", SqlType::NVarChar(20));
        let database = database.table(orders.column("dmodifysystime", SqlType::DateTime2(7)));
        let options = SqlServerOptions {
            databases: vec![database],
            clock: Clock::manual(default_now()),
            ..SqlServerOptions::default()
        };
        Self(SqlServerSandbox::start(options).await.unwrap())
    }

    fn put_order(&self, id: &str, changed_at: Option<DateTime<Utc>>, note: &str, rate: &str) {
        let wall = |time: DateTime<Utc>| {
            time.with_timezone(&Shanghai).format("%Y-%m-%dT%H:%M:%S%.6f").to_string()
        };
        let row = json!({
            "ID": id.parse::<i64>().unwrap(), "cMemo": note, "iTaxRate": rate,
            "dmodifysystime": changed_at.map(wall),
        });
        self.0.put(DATABASE, TABLE, &row).unwrap();
    }
}

#[async_trait]
impl Subject for SalesOrders {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::new(YONYOU_U8)
    }

    fn config(&self) -> toml::Table {
        let text = format!(
            r#"
            host = "127.0.0.1"
            port = {}
            databases = ["{DATABASE}"]
            user = {:?}
            password = "env:PASSWORD"
            trust = "any"
            page_rows = {PAGE_ROWS}
            statement_limit_ms = 1000
            extra_columns = {{ sales_order = ["dmodifysystime datetime"] }}
            "#,
            self.0.port(),
            self.0.user(),
        );
        toml::from_str(&text).unwrap()
    }

    fn secrets(&self) -> FixedSecrets {
        FixedSecrets::default().with("env:PASSWORD", self.0.password())
    }

    fn stream(&self) -> &str {
        "sales_order"
    }

    fn expectations(&self) -> Expectations {
        // The fence is the lowest open rowversion, which the suite's clock does not move.
        Expectations { page_rows: PAGE_ROWS, has_lines: false, has_fence: false }
    }

    async fn advance(&self, duration: Duration) {
        self.0.clock().advance(TimeDelta::from_std(duration).unwrap());
    }

    async fn put(&self, rows: &[SourceRow]) {
        for row in rows {
            self.put_order(&row.id, row.changed_at, &row.note, "13");
        }
    }

    async fn delete(&self, id: &str) {
        self.0.delete(DATABASE, TABLE, &json!({"ID": id.parse::<i64>().unwrap()})).unwrap();
    }

    async fn put_bad_row(&self, id: &str, changed_at: DateTime<Utc>) -> Applicability {
        self.put_order(id, Some(changed_at), "", "twelve");
        Applicability::Applied
    }

    async fn inject(&self, fault: Fault) -> Applicability {
        self.0.inject(match fault {
            Fault::SessionLost => ServerFault::SessionKilled,
            Fault::ErrorInside200 => ServerFault::DeadlockMidway,
            Fault::MalformedPage => ServerFault::MalformedPacket,
            Fault::Timeout => ServerFault::Slow(1_500),
            Fault::ConnectionReset => ServerFault::ConnectionReset,
            Fault::Busy => ServerFault::LockTimeout,
            Fault::RateLimitedSeconds(_) | Fault::RateLimitedDate(_) | Fault::EmptyPage => {
                return Applicability::NotApplicable;
            }
        });
        Applicability::Applied
    }

    fn rows(&self, batch: &RecordBatch) -> Vec<SourceRow> {
        let ids = batch["ID"].as_primitive::<Int64Type>();
        let changes = batch["dmodifysystime"].as_primitive::<TimestampMicrosecondType>();
        let notes = batch["cMemo"].as_string::<i32>();
        let row = |at| SourceRow {
            id: ids.value(at).to_string(),
            line: None,
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
