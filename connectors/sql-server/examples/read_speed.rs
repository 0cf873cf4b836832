//! Rows a second of the connector against a bare tiberius loop over the same table, in one run.
//!
//! `cargo run --release -p yuanliu-sql-server --example read_speed -- 500000`
//!
//! The server is the sandbox in the same process: both loops share its cores, and its rows are part of
//! the memory shown. Each loop runs in the main thread and the server in others, so rows a second of the
//! main thread's own processor time are told as well: they stay the same when the machine is busy.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program to be run by hand")]

use std::sync::Arc;
use std::time::Instant;

use futures::TryStreamExt;
use serde_json::json;
use tiberius::{AuthMethod, Client, EncryptionLevel, QueryItem};
use tokio::net::TcpStream;
use tokio_util::compat::TokioAsyncWriteCompatExt;
use yuanliu_acceptance::subject::default_now;
use yuanliu_acceptance::{FixedSecrets, ManualClock};
use yuanliu_contract::{Connector, ReadRange, Seams, Settings, Unlimited};
use yuanliu_sandbox_sql_server::{
    Database, SqlServerHandle, SqlServerOptions, SqlServerSandbox, SqlType, TableDef,
};
use yuanliu_sql_server::SQL_SERVER;

const DATABASE: &str = "Speed";

/// How often each loop runs; the best counts.
const ROUNDS: usize = 3;

#[tokio::main]
async fn main() {
    let rows: i64 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(200_000);
    let server = serve(rows).await;
    println!("rows {rows}, memory with the server's rows: {} MiB", peak_mib());
    let (mut bare, mut ours) = (Speed::default(), Speed::default());
    for _ in 0..ROUNDS {
        bare.keep("bare tiberius", read_bare(&server, rows).await);
        ours.keep("connector", read_ours(&server, rows).await);
    }
    println!("ratio {:.2}, of processor time {:.2}", ours.wall / bare.wall, ours.cpu / bare.cpu);
}

/// Rows a second, by the clock and by the reading thread's processor time.
#[derive(Default)]
struct Speed {
    wall: f64,
    cpu: f64,
}

impl Speed {
    fn of(rows: i64, started: Instant, cpu_ns: u64) -> Self {
        let cpu = (thread_cpu_ns() - cpu_ns) as f64 / 1e9;
        Self { wall: rows as f64 / started.elapsed().as_secs_f64(), cpu: rows as f64 / cpu }
    }

    /// Keeps the best of each.
    fn keep(&mut self, name: &str, round: Self) {
        let Self { wall, cpu } = round;
        println!("{name}: {wall:.0} rows/s, {cpu:.0} of its cpu, peak {} MiB", peak_mib());
        *self = Self { wall: self.wall.max(wall), cpu: self.cpu.max(cpu) };
    }
}

/// Nanoseconds this thread ran so far.
fn thread_cpu_ns() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|text| text.parse().ok()).unwrap_or_default()
}

async fn serve(rows: i64) -> SqlServerHandle {
    let table = TableDef::new("dbo", "Line")
        .required("ID", SqlType::BigInt)
        .column("Code", SqlType::NVarChar(30))
        .column("Name", SqlType::NVarChar(60))
        .column("Qty", SqlType::Decimal(28, 10))
        .column("Price", SqlType::Decimal(28, 10))
        .column("Status", SqlType::Int)
        .column("Day", SqlType::Date)
        .column("Changed", SqlType::DateTime2(7))
        .key(["ID"]);
    let mut database = Database::new(DATABASE).table(table);
    for id in 0..rows {
        let row = json!({
            "ID": id, "Code": format!("XS{id:08}"), "Name": "饮料 500ml 十二瓶装", "Qty": "12.5",
            "Price": "1234.5678", "Status": id % 4, "Day": "2026-03-02",
            "Changed": "2026-03-02T08:00:00.1234567",
        });
        database.put("dbo.Line", &row).unwrap();
    }
    let options = SqlServerOptions { databases: vec![database], ..SqlServerOptions::default() };
    SqlServerSandbox::start(options).await.unwrap()
}

async fn read_bare(server: &SqlServerHandle, rows: i64) -> Speed {
    let mut config = tiberius::Config::new();
    config.host("127.0.0.1");
    config.port(server.port());
    config.database(DATABASE);
    config.authentication(AuthMethod::sql_server(server.user(), server.password()));
    config.encryption(EncryptionLevel::NotSupported);
    config.command_timeout(None);
    let stream = TcpStream::connect(server.address()).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut client = Client::connect(config, stream.compat_write()).await.unwrap();
    let (started, cpu) = (Instant::now(), thread_cpu_ns());
    let sql = "select ID, Code, Name, Qty, Price, Status, Day, Changed from dbo.Line";
    let mut answer = client.simple_query(sql).await.unwrap();
    let mut seen = 0;
    while let Some(item) = answer.try_next().await.unwrap() {
        if let QueryItem::Row(row) = item {
            seen += i64::from(row.len() > 1);
        }
    }
    assert_eq!(seen, rows);
    Speed::of(rows, started, cpu)
}

async fn read_ours(server: &SqlServerHandle, rows: i64) -> Speed {
    let text = format!(
        r#"
        host = "127.0.0.1"
        port = {}
        database = "{DATABASE}"
        user = {:?}
        password = "env:PASSWORD"
        encryption = "not_supported"
        [[stream]]
        name = "line"
        table = "dbo.Line"
        key = ["ID"]
        columns = [
            {{ name = "ID", type = "integer" }}, {{ name = "Code", type = "text" }},
            {{ name = "Name", type = "text" }}, {{ name = "Qty", type = "decimal(28,10)" }},
            {{ name = "Price", type = "decimal(28,10)" }}, {{ name = "Status", type = "integer" }},
            {{ name = "Day", type = "date" }}, {{ name = "Changed", type = "datetime" }},
        ]
        "#,
        server.port(),
        server.user(),
    );
    let secrets = FixedSecrets::default().with("env:PASSWORD", server.password());
    let table = toml::from_str(&text).unwrap();
    let spec = SQL_SERVER.config_spec();
    let settings = Settings::check("speed", &spec, &table, &[], &secrets).unwrap();
    let clock = Arc::new(ManualClock::at(default_now()));
    let seams = Seams { clock, budget: Arc::new(Unlimited) };
    let system = SQL_SERVER.open(&settings, seams).unwrap();
    let (started, cpu) = (Instant::now(), thread_cpu_ns());
    let mut source = system.read("line", None, &ReadRange::default()).await.unwrap();
    let mut seen = 0;
    while let Some(page) = source.next_page().await.unwrap() {
        seen += page.rows.batch.num_rows();
    }
    assert_eq!(i64::try_from(seen).unwrap(), rows);
    Speed::of(rows, started, cpu)
}

/// The most memory this process had so far.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    let kib = line.split_whitespace().nth(1).and_then(|text| text.parse::<u64>().ok());
    kib.unwrap_or_default() / 1024
}
