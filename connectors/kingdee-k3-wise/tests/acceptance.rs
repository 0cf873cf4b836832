//! The behavioural suite over the sandbox: sales order lines, by the rowversion of their order.

#![allow(clippy::unwrap_used, reason = "a test whose world cannot be set up should stop")]

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
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
use yuanliu_kingdee_k3_wise::KINGDEE_K3_WISE;
use yuanliu_sandbox_sql_server::{
    Clock, Fault as ServerFault, K3_WISE_DATABASE, SqlServerHandle, SqlServerOptions,
    SqlServerSandbox, SqlType, empty_kingdee_k3_wise,
};

const HEADER: &str = "dbo.SEOrder";
const ENTRY: &str = "dbo.SEOrderEntry";
const PAGE_ROWS: usize = 4;

struct OrderLines {
    server: SqlServerHandle,
    lines: Mutex<BTreeSet<(i64, i64)>>,
}

impl OrderLines {
    async fn start() -> Self {
        let database = empty_kingdee_k3_wise();
        // As text the quantity can also hold what is not a number.
        let entry = database.definition(ENTRY).unwrap().column("FQty", SqlType::VarChar(20));
        let database = database.table(entry.column("FEntrySelfS0162", SqlType::DateTime2(7)));
        let options = SqlServerOptions {
            databases: vec![database],
            clock: Clock::manual(default_now()),
            ..SqlServerOptions::default()
        };
        let server = SqlServerSandbox::start(options).await.unwrap();
        Self { server, lines: Mutex::default() }
    }

    /// A bill is saved as a whole: with its lines the header moves.
    fn put_line(
        &self,
        id: &str,
        line: &str,
        changed_at: Option<DateTime<Utc>>,
        note: &str,
        quantity: &str,
    ) {
        let (id, line): (i64, i64) = (id.parse().unwrap(), line.parse().unwrap());
        let wall = |time: DateTime<Utc>| {
            time.with_timezone(&Shanghai).format("%Y-%m-%dT%H:%M:%S%.6f").to_string()
        };
        let row = json!({
            "FBrNo": "0", "FInterID": id, "FEntryID": line, "FQty": quantity,
            "FEntrySelfS0161": note, "FEntrySelfS0162": changed_at.map(wall),
        });
        self.server.put(K3_WISE_DATABASE, ENTRY, &row).unwrap();
        let row = json!({"FBrNo": "0", "FInterID": id, "FBillNo": format!("SEORD{id}")});
        self.server.put(K3_WISE_DATABASE, HEADER, &row).unwrap();
        self.lines.lock().unwrap().insert((id, line));
    }
}

#[async_trait]
impl Subject for OrderLines {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::new(KINGDEE_K3_WISE)
    }

    fn config(&self) -> toml::Table {
        let text = format!(
            r#"
            host = "127.0.0.1"
            port = {}
            database = "{K3_WISE_DATABASE}"
            user = {:?}
            password = "env:PASSWORD"
            trust = "any"
            page_rows = {PAGE_ROWS}
            statement_limit_ms = 1000
            extra_columns = {{ sales_order_line = ["FEntrySelfS0161 text", "FEntrySelfS0162 datetime"] }}
            "#,
            self.server.port(),
            self.server.user(),
        );
        toml::from_str(&text).unwrap()
    }

    fn secrets(&self) -> FixedSecrets {
        FixedSecrets::default().with("env:PASSWORD", self.server.password())
    }

    fn stream(&self) -> &str {
        "sales_order_line"
    }

    fn expectations(&self) -> Expectations {
        // The fence is the lowest open rowversion, which the suite's clock does not move.
        Expectations { page_rows: PAGE_ROWS, has_lines: true, has_fence: false }
    }

    async fn advance(&self, duration: Duration) {
        self.server.clock().advance(TimeDelta::from_std(duration).unwrap());
    }

    async fn put(&self, rows: &[SourceRow]) {
        for row in rows {
            let line = row.line.as_deref().unwrap();
            self.put_line(&row.id, line, row.changed_at, &row.note, "13");
        }
    }

    async fn delete(&self, id: &str) {
        let id: i64 = id.parse().unwrap();
        let mut lines = self.lines.lock().unwrap();
        for (id, line) in lines.extract_if((id, i64::MIN)..=(id, i64::MAX), |_| true) {
            let key = json!({"FBrNo": "0", "FInterID": id, "FEntryID": line});
            self.server.delete(K3_WISE_DATABASE, ENTRY, &key).unwrap();
        }
        let key = json!({"FBrNo": "0", "FInterID": id});
        self.server.delete(K3_WISE_DATABASE, HEADER, &key).unwrap();
    }

    async fn put_bad_row(&self, id: &str, changed_at: DateTime<Utc>) -> Applicability {
        self.put_line(id, "1", Some(changed_at), "", "twelve");
        Applicability::Applied
    }

    async fn inject(&self, fault: Fault) -> Applicability {
        self.server.inject(match fault {
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
        let ids = batch["FInterID"].as_primitive::<Int64Type>();
        let lines = batch["FEntryID"].as_primitive::<Int64Type>();
        let changes = batch["FEntrySelfS0162"].as_primitive::<TimestampMicrosecondType>();
        let notes = batch["FEntrySelfS0161"].as_string::<i32>();
        let row = |at| SourceRow {
            id: ids.value(at).to_string(),
            line: Some(lines.value(at).to_string()),
            changed_at: changes
                .is_valid(at)
                .then(|| DateTime::from_timestamp_micros(changes.value(at)).unwrap()),
            note: notes.value(at).to_owned(),
        };
        (0..batch.num_rows()).map(row).collect()
    }
}

#[tokio::test]
async fn order_lines_pass_the_suite() {
    let report = yuanliu_acceptance::run_all(async || OrderLines::start().await).await;
    assert!(report.is_ok(), "{report}");
    println!("{report}");
}
