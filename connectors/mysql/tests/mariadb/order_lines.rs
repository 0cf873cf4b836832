//! The behavioural suite: order lines that change by a `datetime(6)`.

use std::sync::Arc;
use std::time::Duration;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Int64Type, TimestampMicrosecondType};
use arrow::record_batch::RecordBatch;
use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, Utc};
use chrono_tz::Asia::Shanghai;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{ConnectOptions, Executor, Row};
use yuanliu_acceptance::{Applicability, Expectations, Fault, FixedSecrets, SourceRow, Subject};
use yuanliu_contract::Connector;
use yuanliu_mysql::MySql;
use yuanliu_sandbox_servers::{DATABASE, MariaDb, PASSWORD, USER};

use crate::proxy::{Break, Proxy};
use crate::setup;

const PAGE_ROWS: usize = 4;

/// A lock is waited for half as long: one second.
const STATEMENT_LIMIT_MS: u64 = 2_500;

/// The state of a statement that waits for `lock tables`.
const LOCKED: &str = "Waiting for table metadata lock";

/// Between two looks at what the server's sessions do.
const POLL: Duration = Duration::from_millis(10);

/// Sessions that the behaviour before left behind are ended: an open one would hold its tables.
const TABLES: &str = "
    kill user yuanliu;
    drop table if exists so_line, delay;
    create table so_line (
        id bigint not null, line int not null,
        -- As text the price can also hold what is not a number.
        price varchar(20), memo varchar(60), modified datetime(6),
        primary key (id, line), key (modified, id, line));
    create table delay (seconds int not null);
    insert into delay values (0);";

pub(crate) struct OrderLines<'a> {
    server: &'a MariaDb,
    proxy: Proxy,
}

impl<'a> OrderLines<'a> {
    pub(crate) async fn start(server: &'a MariaDb) -> Self {
        server.run(TABLES).unwrap();
        Self { server, proxy: Proxy::to(server.port()).await }
    }

    fn put_lines<'r>(&self, rows: impl Iterator<Item = (&'r SourceRow, &'r str)>) {
        let line = |(row, price): (&SourceRow, &str)| {
            let changed_at = row.changed_at.map_or("null".to_owned(), |time| {
                format!("'{}'", time.with_timezone(&Shanghai).format("%Y-%m-%d %H:%M:%S%.6f"))
            });
            let line = row.line.as_deref().unwrap();
            format!("({}, {line}, '{price}', '{}', {changed_at})", row.id, row.note)
        };
        let lines: Vec<_> = rows.map(line).collect();
        self.server.run(&format!("replace into so_line values {}", lines.join(", "))).unwrap();
    }

    /// A session beside those of the connector.
    async fn beside(&self) -> MySqlConnection {
        let options = MySqlConnectOptions::new().host("127.0.0.1").port(self.server.port());
        let options = options.username(USER).password(PASSWORD).database(DATABASE);
        options.connect().await.unwrap()
    }
}

/// The sessions whose statements are in a state, but for the one that asks.
async fn in_state(session: &mut MySqlConnection, state: &str) -> Vec<i64> {
    let sql = format!(
        "select id from information_schema.processlist where state = '{state}' and id <> connection_id()"
    );
    let rows = session.fetch_all(sqlx::raw_sql(sqlx::AssertSqlSafe(sql))).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// Returns with a session whose statement is in a state.
async fn enters(session: &mut MySqlConnection, state: &str) -> i64 {
    loop {
        if let Some(found) = in_state(session, state).await.first() {
            return *found;
        }
        tokio::time::sleep(POLL).await;
    }
}

/// Returns when the statement of that session is in the state no more; another's may be.
async fn leaves(session: &mut MySqlConnection, state: &str, id: i64) {
    while in_state(session, state).await.contains(&id) {
        tokio::time::sleep(POLL).await;
    }
}

#[async_trait]
impl Subject for OrderLines<'_> {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::new(MySql)
    }

    fn config(&self) -> toml::Table {
        let text = format!(
            r#"
            {}
            # What the proxy breaks must not be encrypted.
            tls = "disable"
            page_rows = {PAGE_ROWS}
            statement_limit_ms = {STATEMENT_LIMIT_MS}
            [[stream]]
            name = "order_line"
            table = "so_line"
            key = ["id", "line"]
            change = "modified"
            condition = "sleep((select seconds from delay)) = 0"
            columns = [
                {{ name = "id", type = "integer" }},
                {{ name = "line", type = "integer" }},
                {{ name = "price", type = "decimal(20,4)" }},
                {{ name = "memo", as = "note", type = "text" }},
                {{ name = "modified", type = "datetime" }},
            ]
            "#,
            setup::account(self.proxy.port),
        );
        toml::from_str(&text).unwrap()
    }

    fn secrets(&self) -> FixedSecrets {
        setup::secrets()
    }

    fn stream(&self) -> &str {
        "order_line"
    }

    fn expectations(&self) -> Expectations {
        Expectations { page_rows: PAGE_ROWS, has_lines: true, has_fence: true }
    }

    fn now(&self) -> DateTime<Utc> {
        // The server's clock is this machine's, and its times have microseconds.
        Utc::now().trunc_subsecs(6)
    }

    async fn put(&self, rows: &[SourceRow]) {
        self.put_lines(rows.iter().map(|row| (row, "1.5")));
    }

    async fn delete(&self, id: &str) {
        self.server.run(&format!("delete from so_line where id = {id}")).unwrap();
    }

    async fn put_bad_row(&self, id: &str, changed_at: DateTime<Utc>) -> Applicability {
        let row = SourceRow {
            id: id.to_owned(),
            line: Some("1".to_owned()),
            changed_at: Some(changed_at),
            note: String::new(),
        };
        self.put_lines([(&row, "twelve")].into_iter());
        Applicability::Applied
    }

    async fn inject(&self, fault: Fault) -> Applicability {
        match fault {
            Fault::SessionLost => {
                let kills = self.server.run(&format!(
                    "select concat('kill ', id, ';') from information_schema.processlist \
                     where user = '{USER}'"
                ));
                self.server.run(&kills.unwrap()).unwrap();
                self.proxy.all_closed().await;
            }
            Fault::Busy => {
                let mut holder = self.beside().await;
                holder.execute(sqlx::raw_sql("lock tables so_line write")).await.unwrap();
                tokio::spawn(async move {
                    // A connector tries again at once, on another session: only the first waits in vain.
                    let waiting = enters(&mut holder, LOCKED).await;
                    leaves(&mut holder, LOCKED, waiting).await;
                    drop(holder);
                });
            }
            Fault::Timeout => {
                let mut beside = self.beside().await;
                self.server.run("update delay set seconds = 1000").unwrap();
                tokio::spawn(async move {
                    enters(&mut beside, "User sleep").await;
                    let reset = sqlx::raw_sql("update delay set seconds = 0");
                    beside.execute(reset).await.unwrap();
                });
            }
            Fault::ErrorInside200 => self.proxy.break_next(Break::Deadlock),
            Fault::MalformedPage => self.proxy.break_next(Break::Garbage),
            Fault::ConnectionReset => self.proxy.break_next(Break::Reset),
            // A database neither throttles by a header nor sends a page without rows.
            Fault::RateLimitedSeconds(_) | Fault::RateLimitedDate(_) | Fault::EmptyPage => {
                return Applicability::NotApplicable;
            }
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
    let server = MariaDb::start().unwrap();
    let report = yuanliu_acceptance::run_all(async || OrderLines::start(&server).await).await;
    assert!(report.is_ok(), "{report}");
    println!("{report}");
    assert_eq!(
        report.not_applicable(),
        ["retry_after_seconds", "retry_after_date", "empty_page_ends"]
    );
}
