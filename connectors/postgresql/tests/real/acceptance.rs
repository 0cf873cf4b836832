//! The behavioural suite: order lines that change by a `timestamp`.

use std::sync::Arc;
use std::time::Duration;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Int64Type, TimestampMicrosecondType};
use arrow::record_batch::RecordBatch;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use chrono_tz::Asia::Shanghai;
use sqlx::PgPool;
use yuanliu_acceptance::subject::default_now;
use yuanliu_acceptance::{Applicability, Expectations, Fault, FixedSecrets, SourceRow, Subject};
use yuanliu_contract::Connector;
use yuanliu_postgresql::PostgreSql;
use yuanliu_sandbox_servers as servers;
use yuanliu_sandbox_servers::{DATABASE, USER};

use crate::proxy::{Interruption, Proxy};
use crate::source::{config, connect, run, secrets};

const PAGE_ROWS: usize = 4;

/// Everything anew, with a clock that can be set: the search path finds it before the server's own.
/// As text the price can also hold what is not a number.
const SOURCE: &str = "drop schema if exists clock cascade;
    create schema clock;
    create table clock.reading (now timestamptz);
    create function clock.clock_timestamp() returns timestamptz stable language sql
        as 'select now from clock.reading';
    drop table if exists public.order_line;
    create table public.order_line (id bigint, line_no int, price text, memo text,
        changed_at timestamp(6), primary key (id, line_no));";

struct OrderLines {
    pool: PgPool,
    proxy: Proxy,
}

impl OrderLines {
    async fn start(server: &servers::PostgreSql) -> Self {
        let pool = connect(server.port(), DATABASE).await;
        run(&pool, SOURCE).await;
        run(&pool, &format!("insert into clock.reading values ('{}')", default_now())).await;
        let path = "set search_path = clock, pg_catalog, public";
        run(&pool, &format!("alter database {DATABASE} {path}")).await;
        Self { pool, proxy: Proxy::start(server.port()).await }
    }

    async fn put_line(&self, row: &SourceRow, price: &str) {
        let line: i32 = row.line.as_deref().unwrap().parse().unwrap();
        let id: i64 = row.id.parse().unwrap();
        let wall = row.changed_at.map(|time| time.with_timezone(&Shanghai).naive_local());
        let sql = "insert into public.order_line values ($1, $2, $3, $4, $5)
            on conflict (id, line_no) do update
            set price = excluded.price, memo = excluded.memo, changed_at = excluded.changed_at";
        let insert = sqlx::query(sql).bind(id).bind(line).bind(price).bind(&row.note).bind(wall);
        insert.execute(&self.pool).await.unwrap();
    }
}

#[async_trait]
impl Subject for OrderLines {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::new(PostgreSql)
    }

    fn config(&self) -> toml::Table {
        let text = format!(
            r#"
            {}
            page_rows = {PAGE_ROWS}
            [[stream]]
            name = "order_line"
            table = "public.order_line"
            key = ["id", "line_no"]
            change = "changed_at"
            columns = [
                {{ name = "id", type = "integer" }},
                {{ name = "line_no", type = "integer" }},
                {{ name = "price", type = "decimal(20,4)" }},
                {{ name = "memo", type = "text" }},
                {{ name = "changed_at", type = "datetime" }},
            ]
            "#,
            config(self.proxy.port(), DATABASE, USER),
        );
        toml::from_str(&text).unwrap()
    }

    fn secrets(&self) -> FixedSecrets {
        secrets()
    }

    fn stream(&self) -> &str {
        "order_line"
    }

    fn expectations(&self) -> Expectations {
        Expectations { page_rows: PAGE_ROWS, has_lines: true, has_fence: true }
    }

    async fn advance(&self, duration: Duration) {
        let micros = i64::try_from(duration.as_micros()).unwrap();
        let sql =
            format!("update clock.reading set now = now + {micros} * interval '1 microsecond'");
        run(&self.pool, &sql).await;
    }

    async fn put(&self, rows: &[SourceRow]) {
        for row in rows {
            self.put_line(row, "1.5").await;
        }
    }

    async fn delete(&self, id: &str) {
        run(&self.pool, &format!("delete from public.order_line where id = {id}")).await;
    }

    async fn put_bad_row(&self, id: &str, changed_at: DateTime<Utc>) -> Applicability {
        let row = SourceRow {
            id: id.to_owned(),
            line: Some("1".to_owned()),
            changed_at: Some(changed_at),
            note: String::new(),
        };
        self.put_line(&row, "twelve").await;
        Applicability::Applied
    }

    async fn inject(&self, fault: Fault) -> Applicability {
        self.proxy.interrupt(match fault {
            Fault::SessionLost => Interruption::Ended("57P01"),
            Fault::ErrorInside200 => Interruption::Refused("40P01"),
            Fault::MalformedPage => Interruption::Garbled,
            Fault::Timeout => Interruption::Silent,
            Fault::ConnectionReset => Interruption::Broken,
            Fault::Busy => Interruption::Refused("55P03"),
            Fault::RateLimitedSeconds(_) | Fault::RateLimitedDate(_) | Fault::EmptyPage => {
                return Applicability::NotApplicable;
            }
        });
        Applicability::Applied
    }

    fn rows(&self, batch: &RecordBatch) -> Vec<SourceRow> {
        let ids = batch["id"].as_primitive::<Int64Type>();
        let lines = batch["line_no"].as_primitive::<Int64Type>();
        let changes = batch["changed_at"].as_primitive::<TimestampMicrosecondType>();
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
    let server = servers::PostgreSql::start_with(&["fsync=off"]).unwrap();
    let report = yuanliu_acceptance::run_all(async || OrderLines::start(&server).await).await;
    assert!(report.is_ok(), "{report}");
    println!("{report}");
}
