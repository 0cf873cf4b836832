//! The behavioural suite over the sandbox: order lines that change by a `datetime2`.

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
use yuanliu_sandbox_sql_server::{
    Clock, Database, Fault as ServerFault, SqlServerHandle, SqlServerOptions, SqlServerSandbox,
    SqlType, TableDef,
};
use yuanliu_sql_server::SQL_SERVER;

const DATABASE: &str = "UFDATA_001_2026";
const TABLE: &str = "dbo.SO_SODetails";
const PAGE_ROWS: usize = 4;

struct OrderLines {
    server: SqlServerHandle,
    lines: Mutex<BTreeSet<(i64, i64)>>,
}

impl OrderLines {
    async fn start() -> Self {
        let table = TableDef::new("dbo", "SO_SODetails")
            .required("ID", SqlType::Int)
            .required("AutoID", SqlType::Int)
            // As text the price can also hold what is not a number.
            .column("iPrice", SqlType::NVarChar(20))
            .column("cMemo", SqlType::NVarChar(60))
            .column("dModified", SqlType::DateTime2(7))
            .key(["ID", "AutoID"]);
        let options = SqlServerOptions {
            databases: vec![Database::new(DATABASE).table(table)],
            clock: Clock::manual(default_now()),
            ..SqlServerOptions::default()
        };
        let server = SqlServerSandbox::start(options).await.unwrap();
        Self { server, lines: Mutex::default() }
    }

    fn put_line(
        &self,
        id: &str,
        line: &str,
        changed_at: Option<DateTime<Utc>>,
        note: &str,
        price: &str,
    ) {
        let (id, line): (i64, i64) = (id.parse().unwrap(), line.parse().unwrap());
        let wall = |time: DateTime<Utc>| {
            time.with_timezone(&Shanghai).format("%Y-%m-%dT%H:%M:%S%.6f").to_string()
        };
        let row = json!({
            "ID": id, "AutoID": line, "iPrice": price, "cMemo": note,
            "dModified": changed_at.map(wall),
        });
        self.server.put(DATABASE, TABLE, &row).unwrap();
        self.lines.lock().unwrap().insert((id, line));
    }
}

#[async_trait]
impl Subject for OrderLines {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::new(SQL_SERVER)
    }

    fn config(&self) -> toml::Table {
        let text = format!(
            r#"
            host = "127.0.0.1"
            port = {}
            database = "{DATABASE}"
            user = {:?}
            password = "env:PASSWORD"
            trust = "any"
            page_rows = {PAGE_ROWS}
            statement_limit_ms = 1000
            [[stream]]
            name = "order_line"
            table = "{TABLE}"
            key = ["ID", "AutoID"]
            change = "dModified"
            columns = [
                {{ name = "ID", type = "integer" }},
                {{ name = "AutoID", type = "integer" }},
                {{ name = "iPrice", type = "decimal(20,4)" }},
                {{ name = "cMemo", as = "memo", type = "text" }},
                {{ name = "dModified", type = "datetime" }},
            ]
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
        "order_line"
    }

    fn expectations(&self) -> Expectations {
        Expectations { page_rows: PAGE_ROWS, has_lines: true, has_fence: true }
    }

    async fn advance(&self, duration: Duration) {
        self.server.clock().advance(TimeDelta::from_std(duration).unwrap());
    }

    async fn put(&self, rows: &[SourceRow]) {
        for row in rows {
            let line = row.line.as_deref().unwrap();
            self.put_line(&row.id, line, row.changed_at, &row.note, "1.5");
        }
    }

    async fn delete(&self, id: &str) {
        let id: i64 = id.parse().unwrap();
        let mut lines = self.lines.lock().unwrap();
        for (id, line) in lines.extract_if((id, i64::MIN)..=(id, i64::MAX), |_| true) {
            let key = json!({"ID": id, "AutoID": line});
            self.server.delete(DATABASE, TABLE, &key).unwrap();
        }
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
        let ids = batch["ID"].as_primitive::<Int64Type>();
        let lines = batch["AutoID"].as_primitive::<Int64Type>();
        let changes = batch["dModified"].as_primitive::<TimestampMicrosecondType>();
        let notes = batch["memo"].as_string::<i32>();
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
