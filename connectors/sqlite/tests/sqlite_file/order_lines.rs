//! The behavioural suite: order lines that change by a `DATETIME` written as text.

use std::sync::Arc;
use std::time::Duration;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Int64Type, TimestampMicrosecondType};
use arrow::record_batch::RecordBatch;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use chrono_tz::Asia::Shanghai;
use sqlx::Executor;
use yuanliu_acceptance::{Applicability, Expectations, Fault, SourceRow, Subject};
use yuanliu_contract::Connector;
use yuanliu_sqlite::Sqlite;

use crate::setup::File;

const PAGE_ROWS: usize = 4;

/// A lock is waited for half as long.
const STATEMENT_LIMIT_MS: u64 = 1_000;

/// A statement that counts so far takes years.
const FOREVER: &str = "update delay set steps = 1000000000000";

const TABLES: &str = "
    create table so_line (
        id integer not null, line integer not null, price decimal(20,4), memo varchar(60),
        modified datetime, primary key (id, line));
    create index by_change on so_line (modified, id, line);
    create table delay (steps integer not null);
    insert into delay values (1);
    create view slow as with recursive counted (n) as (
        select 1 union all select n + 1 from counted where n < (select steps from delay)
    ) select count(*) as n from counted;";

struct OrderLines(File);

impl OrderLines {
    async fn start() -> Self {
        Self(File::with(TABLES).await)
    }

    async fn put_lines(&self, rows: impl Iterator<Item = (&SourceRow, &str)>) {
        let line = |(row, price): (&SourceRow, &str)| {
            let changed_at = row.changed_at.map_or("null".to_owned(), |time| {
                format!("'{}'", time.with_timezone(&Shanghai).format("%Y-%m-%d %H:%M:%S%.f"))
            });
            let line = row.line.as_deref().unwrap();
            format!("({}, {line}, '{price}', '{}', {changed_at})", row.id, row.note)
        };
        let lines: Vec<_> = rows.map(line).collect();
        self.0.run(&format!("replace into so_line values {}", lines.join(", "))).await;
    }
}

#[async_trait]
impl Subject for OrderLines {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::new(Sqlite)
    }

    fn config(&self) -> toml::Table {
        let text = format!(
            r#"
            file = {:?}
            page_rows = {PAGE_ROWS}
            statement_limit_ms = {STATEMENT_LIMIT_MS}
            [[stream]]
            name = "order_line"
            table = "so_line"
            key = ["id", "line"]
            change = "modified"
            condition = "(select n from slow) > 0"
            columns = [
                {{ name = "id", type = "integer" }},
                {{ name = "line", type = "integer" }},
                {{ name = "price", type = "decimal(20,4)" }},
                {{ name = "memo", as = "note", type = "text" }},
                {{ name = "modified", type = "datetime" }},
            ]
            "#,
            self.0.path.display().to_string(),
        );
        toml::from_str(&text).unwrap()
    }

    fn stream(&self) -> &str {
        "order_line"
    }

    fn expectations(&self) -> Expectations {
        Expectations { page_rows: PAGE_ROWS, has_lines: true, has_fence: true }
    }

    async fn put(&self, rows: &[SourceRow]) {
        self.put_lines(rows.iter().map(|row| (row, "1.5"))).await;
    }

    async fn delete(&self, id: &str) {
        self.0.run(&format!("delete from so_line where id = {id}")).await;
    }

    async fn put_bad_row(&self, id: &str, changed_at: DateTime<Utc>) -> Applicability {
        let row = SourceRow {
            id: id.to_owned(),
            line: Some("1".to_owned()),
            changed_at: Some(changed_at),
            note: String::new(),
        };
        self.put_lines([(&row, "twelve")].into_iter()).await;
        Applicability::Applied
    }

    async fn inject(&self, fault: Fault) -> Applicability {
        match fault {
            Fault::Busy => {
                let mut writer = self.0.writer().await;
                writer.execute("begin exclusive").await.unwrap();
                // Longer than one statement waits, shorter than two.
                let held = Duration::from_millis(STATEMENT_LIMIT_MS * 3 / 4);
                tokio::spawn(async move {
                    tokio::time::sleep(held).await;
                    writer.execute("rollback").await.unwrap();
                });
            }
            Fault::Timeout => {
                self.0.run(FOREVER).await;
                let mut writer = self.0.writer().await;
                tokio::spawn(async move {
                    writer.execute("pragma busy_timeout = 0").await.unwrap();
                    // While a statement reads, nobody writes: that one is on its way.
                    while writer.execute("begin exclusive").await.is_ok() {
                        writer.execute("rollback").await.unwrap();
                        tokio::time::sleep(Duration::from_millis(2)).await;
                    }
                    writer.execute("pragma busy_timeout = 60000").await.unwrap();
                    writer.execute("update delay set steps = 1").await.unwrap();
                });
            }
            // A file has no sessions and no network, and its bytes are there or not.
            _ => return Applicability::NotApplicable,
        }
        Applicability::Applied
    }

    fn rows(&self, batch: &RecordBatch) -> Vec<SourceRow> {
        let ids = batch["id"].as_primitive::<Int64Type>();
        let lines = batch["line"].as_primitive::<Int64Type>();
        let changes = batch["modified"].as_primitive::<TimestampMicrosecondType>();
        let notes = batch["note"].as_string::<i32>();
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
    assert_eq!(
        report.not_applicable(),
        [
            "secrets_are_never_shown",
            "session_is_renewed",
            "retry_after_seconds",
            "retry_after_date",
            "error_inside_200_is_error",
            "malformed_page_recovers",
            "empty_page_ends",
            "reset_connection_recovers",
        ]
    );
}
