//! `kill -9` at seeded random points while each kind of system is read: after a restart every raw table holds
//! what it holds without the crash, row for row.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where its ground is missing"
)]

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::Instant;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use yuanliu_sandbox_servers::{DATABASE, MariaDb, PASSWORD, PostgreSql, USER};
use yuanliu_tests::dump;
use yuanliu_tests::hub::TestHub;
use yuanliu_tests::kill::kill_after;
use yuanliu_tests::python;
use yuanliu_tests::sandbox::Sandbox;

/// Kills of each of the nine kinds; a hundred and eight in all.
const KILLS: usize = 12;
/// A hub is killed this often before it is left to finish.
const KILLS_PER_HUB: usize = 4;
const SEED: u64 = 20_261_125;

/// Kills hubs that `connect` has connected while they sync, and compares what they end with.
fn kill_and_compare(name: &str, connect: impl Fn(&TestHub)) {
    println!("{name}: seed {SEED}");
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let undisturbed = TestHub::new();
    connect(&undisturbed);
    let start = Instant::now();
    undisturbed.run(&["sync"]).expect_code(0);
    let duration = start.elapsed();
    let expected = dump::tables(&undisturbed);
    let rows: usize = expected.values().map(Vec::len).sum();
    assert!(rows > 50, "only {rows} rows");

    let mut kills = 0;
    // A run that ends before its kill does not count; twice as many tries are more than enough.
    for _ in 0..2 * KILLS {
        let hub = TestHub::new();
        connect(&hub);
        for _ in 0..KILLS_PER_HUB.min(KILLS - kills) {
            let share = random.random_range(0.05..0.95);
            let sync = hub.command(&["sync"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
            kills +=
                usize::from(kill_after(sync.expect("the hub starts"), duration.mul_f64(share)));
        }
        hub.run(&["sync"]).expect_code(0);
        compare(&expected, &dump::tables(&hub));
        if kills == KILLS {
            break;
        }
    }
    assert_eq!(kills, KILLS, "killed less often than asked for");
}

fn compare(expected: &BTreeMap<String, Vec<String>>, found: &BTreeMap<String, Vec<String>>) {
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (table, rows) in expected {
        assert_eq!(&found[table], rows, "{table} differs after kills");
    }
}

fn sandbox(kind: &str, system: &str) {
    let sandbox = Sandbox::start_kind(kind, 1, None);
    kill_and_compare(system, |hub| {
        sandbox.write_secrets(hub);
        hub.write("config/systems/erp.toml", sandbox.config(&format!("systems/{system}.toml")));
    });
}

#[test]
fn kingdee_galaxy() {
    sandbox("kingdee", "kingdee");
}

#[test]
fn kingdee_k3_wise() {
    sandbox("sql_server", "k3");
}

#[test]
fn yonyou_u8() {
    sandbox("sql_server", "u8");
}

#[test]
fn yonyou_bip() {
    sandbox("yonyou_bip", "bip");
}

#[test]
fn yonyou_u8_openapi() {
    sandbox("yonyou_u8_openapi", "u8_openapi");
}

#[test]
fn yonyou_u8_eai() {
    sandbox("yonyou_u8_eai", "u8_eai");
}

/// A stream over a table `line` of sixty thousand rows.
fn line_stream(table: &str, changed: &str) -> String {
    format!(
        r#"
page_rows = 2000

[[stream]]
name = "line"
table = "{table}"
key = ["id", "no"]
change = "changed"
columns = [
    {{ name = "id", type = "integer" }},
    {{ name = "no", type = "integer" }},
    {{ name = "qty", type = "decimal(18,3)" }},
    {{ name = "changed", type = "{changed}", not_null = true }},
]

[sync]
calls_per_minute = 100000
"#
    )
}

/// A server on this machine with that table.
fn server(kind: &str, port: u16, rest: &str) -> impl Fn(&TestHub) {
    let system = format!(
        "kind = \"{kind}\"\nhost = \"127.0.0.1\"\nport = {port}\ndatabase = \"{DATABASE}\"\n\
         user = \"{USER}\"\npassword = \"file:mes_password\"\ntls = \"disable\"{rest}"
    );
    move |hub: &TestHub| {
        hub.write("config/mes_password", PASSWORD);
        hub.write("config/systems/mes.toml", &system);
    }
}

#[test]
fn postgresql() {
    let postgresql = PostgreSql::start_with(&["fsync=off"]).expect("a server");
    let lines = "create table line (id bigint, no int, qty numeric(18,3), changed timestamptz, primary key (id, no));
         insert into line select n / 5, n % 5, n * 0.125, now() - interval '2 days' + n * interval '1 second'
         from generate_series(1, 60000) n";
    postgresql.run(lines).expect("a table");
    let stream = line_stream("public.line", "instant");
    kill_and_compare("postgresql", server("postgresql", postgresql.port(), &stream));
}

#[test]
fn mariadb() {
    let mariadb = MariaDb::start().expect("a server");
    let lines = "create table line (id bigint, no int, qty decimal(18,3), changed timestamp(6) not null, primary key (id, no));
         insert into line select seq div 5, seq % 5, seq * 0.125, now(6) - interval 2 day + interval seq second
         from seq_1_to_60000";
    mariadb.run(lines).expect("a table");
    let stream = line_stream("line", "instant");
    kill_and_compare("mariadb", server("mysql", mariadb.port(), &stream));
}

#[test]
fn sqlite() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let file = folder.path().join("collector.db");
    let script = "import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute('create table line (id integer, no integer, qty text, changed integer not null, primary key (id, no))')
lines = ((n // 5, n % 5, f'{n / 8:.3f}', n) for n in range(1, 60001))
db.executemany('insert into line values (?, ?, ?, ?)', lines)
db.commit()";
    python::run(Command::new("python3").args(["-c", script]).arg(&file), "python3");
    let stream = line_stream("line", "integer");
    let system = format!("kind = \"sqlite\"\nfile = {:?}{stream}", file.display().to_string());
    kill_and_compare("sqlite", |hub| {
        hub.write("config/systems/mes.toml", &system);
    });
}
