//! PostgreSQL to Delta, full and incremental, against dlt with connectorx on the same machine.
//!
//! ```sh
//! cargo build --release -p yuanliu
//! cargo run --release -p yuanliu-benchmarks --bin postgresql -- --rows 10000000 --python …/bin/python
//! ```
//!
//! The Python has `dlt[deltalake,filesystem,sql-database]`, `connectorx` and `psycopg[binary]`. Without one, only
//! the hub is measured.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use yuanliu_benchmarks::home::Home;
use yuanliu_benchmarks::measure::{self, Measured};
use yuanliu_benchmarks::table::Table;
use yuanliu_sandbox_servers::{DATABASE, PASSWORD, PostgreSql, USER};

/// Measures a full load of order lines and an increment of one in a hundred.
#[derive(Debug, Parser)]
struct Options {
    /// The binary to measure.
    #[arg(long, default_value = "target/release/yuanliu")]
    yuanliu: PathBuf,
    /// Order lines, in a first and a second, larger run: memory should not rise.
    #[arg(long, value_delimiter = ',', default_value = "1000000,10000000")]
    rows: Vec<u64>,
    /// A Python with the peer's packages.
    #[arg(long)]
    python: Option<PathBuf>,
}

/// Nine columns as an order line has them; the key rises with time as in an ERP.
const TABLE: &str = "create table order_line (
        line_id bigint primary key, order_no varchar(30) not null, line_no int not null,
        product_code varchar(40) not null, dealer_code varchar(40) not null,
        qty numeric(18,3) not null, amount numeric(18,2) not null,
        ordered_at timestamptz not null, changed_at timestamp not null);";

/// The loader is written once and kept with the source, so that a fresh clone measures the same.
const PEER: &str = include_str!("dlt_load.py");

fn main() -> Result<()> {
    let options = Options::parse();
    let mut table = Table::default();
    for rows in &options.rows {
        measure_rows(&options, *rows, &mut table)?;
    }
    println!("{table}");
    Ok(())
}

fn measure_rows(options: &Options, rows: u64, table: &mut Table) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let server = PostgreSql::start_with(&[
        "shared_buffers=512MB",
        "max_wal_size=4GB",
        "shared_preload_libraries=pg_stat_statements",
    ])?;
    server.run("create extension pg_stat_statements")?;
    server.run(TABLE)?;
    server.run(&format!(
        "insert into order_line
         select n, 'XSDD' || lpad((n / 5)::text, 9, '0'), n % 5 + 1, '01.01.' || lpad((n % 997)::text, 4, '0'),
             'JXS' || lpad((n % 4999)::text, 5, '0'), (n % 1000) * 1.125, (n % 100000) * 0.37,
             timestamptz '2025-01-01 00:00+08' + n * interval '3 seconds',
             timestamp '2025-01-01 00:00' + n * interval '3 seconds'
         from generate_series(1, {rows}) n"
    ))?;
    server.run("create index on order_line (changed_at, line_id)")?;
    server.run("vacuum analyze order_line")?;

    let home = Home::new(&options.yuanliu, &folder.path().join("hub"))?;
    home.write("mes_password", PASSWORD)?;
    home.write("systems/mes.toml", &system(server.port()))?;
    server.run("select pg_stat_statements_reset()")?;
    let full = sync(&home, rows)?;
    table.add(&format!("hub, {rows} rows, full"), &full, Some(rows));
    println!("{rows} rows: {}", longest_statement(&server)?);
    let peer = options.python.as_deref().map(|python| Peer::new(python, folder.path(), &server));
    let peer = peer.transpose()?;
    if let Some(peer) = &peer {
        table.add(&format!("dlt, {rows} rows, full"), &peer.load(rows)?, Some(rows));
    }
    let changed = rows / 100;
    server.run(
        "update order_line set qty = qty + 1, changed_at = (select max(changed_at) from order_line)
             + line_id * interval '1 millisecond' where line_id % 100 = 0",
    )?;
    let part = sync(&home, changed)?;
    table.add(&format!("hub, {changed} changed rows"), &part, Some(changed));
    if let Some(peer) = &peer {
        table.add(&format!("dlt, {changed} changed rows"), &peer.load(changed)?, Some(changed));
    }
    Ok(())
}

/// How long the hub held the server with one statement, and how many it sent.
fn longest_statement(server: &PostgreSql) -> Result<String> {
    let sql = "select 'longest statement ' || round(max(max_exec_time)::numeric) || ' ms of '
            || sum(calls) || ', ' || round(sum(total_exec_time)::numeric) || ' ms in all'
        from pg_stat_statements where query ilike 'copy (%'";
    Ok(server.run(sql)?.trim().to_owned())
}

fn system(port: u16) -> String {
    format!(
        r#"kind = "postgresql"
host = "127.0.0.1"
port = {port}
database = "{DATABASE}"
user = "{USER}"
password = "file:mes_password"
tls = "disable"

[[stream]]
name = "order_line"
table = "public.order_line"
key = ["line_id"]
change = "changed_at"
columns = [
    {{ name = "line_id", type = "integer" }},
    {{ name = "order_no", type = "text" }},
    {{ name = "line_no", type = "integer" }},
    {{ name = "product_code", type = "text" }},
    {{ name = "dealer_code", type = "text" }},
    {{ name = "qty", type = "decimal(18,3)" }},
    {{ name = "amount", type = "decimal(18,2)" }},
    {{ name = "ordered_at", type = "instant" }},
    {{ name = "changed_at", type = "datetime", not_null = true }},
]

[sync]
calls_per_minute = 100000
"#
    )
}

/// Syncs and checks that every row arrived.
fn sync(home: &Home, rows: u64) -> Result<Measured> {
    let run = home.run(&["sync", "--format", "json"])?;
    let report = run.json()?;
    let loaded = report[0]["loaded"].as_u64();
    ensure!(loaded == Some(rows), "{rows} rows expected: {report}");
    Ok(run)
}

/// The other loader.
struct Peer {
    python: PathBuf,
    script: PathBuf,
    folder: PathBuf,
    connection: String,
}

impl Peer {
    fn new(python: &Path, folder: &Path, server: &PostgreSql) -> Result<Self> {
        let folder = folder.join("dlt");
        std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        let script = folder.join("dlt_load.py");
        std::fs::write(&script, PEER).context("writing the peer's script")?;
        let port = server.port();
        let connection = format!("postgresql://{USER}:{PASSWORD}@127.0.0.1:{port}/{DATABASE}");
        Ok(Self { python: python.to_owned(), script, folder, connection })
    }

    fn load(&self, rows: u64) -> Result<Measured> {
        let mut command = Command::new(&self.python);
        command.arg(&self.script).arg(&self.connection).arg(&self.folder);
        let run = measure::run(command.current_dir(&self.folder))?;
        let loaded = run.text().lines().last().and_then(|line| line.trim().parse().ok());
        ensure!(loaded >= Some(rows), "{rows} rows expected, dlt says {loaded:?}");
        Ok(run)
    }
}
