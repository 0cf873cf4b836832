//! Scans that a line collector keeps in a database: a stream of it feeds the ledger of scan events.

#![allow(clippy::expect_used, clippy::panic, reason = "a test ends where its ground is missing")]

use serde_json::{Value, json};
use yuanliu_sandbox_servers::{DATABASE, PASSWORD, PostgreSql, USER};
use yuanliu_tests::hub::TestHub;

const DONE: i32 = 0;
const PROBLEMS: i32 = 1;

/// A collector's own table: other names, a numeric id, several codes in one column.
const TABLE: &str = "create table pass (
        no bigint primary key, act text not null, at timestamp not null, codes text not null,
        box text, prod text, station text, seen timestamptz not null default now() - interval '1 hour');
    insert into pass (no, act, at, codes, box, prod, station) values
        (1, 'commission', '2026-03-02 08:00:00', 'A00000000001;A00000000002', null, '01.01.0001', 'L1'),
        (2, 'pack', '2026-03-02 08:01:00', 'A00000000001;A00000000002', 'C00000000001', null, 'L1'),
        (3, 'levitate', '2026-03-02 08:02:00', 'A00000000003', null, null, 'L1');";

fn connect(hub: &TestHub, server: &PostgreSql) {
    hub.write("config/mes_password", PASSWORD);
    let system = format!(
        r#"kind = "postgresql"
host = "127.0.0.1"
port = {}
database = "{DATABASE}"
user = "{USER}"
password = "file:mes_password"
tls = "disable"

[[stream]]
name = "pass"
table = "public.pass"
key = ["no"]
change = "seen"
feeds = "scan_events"
columns = [
    {{ name = "no", type = "integer" }},
    {{ name = "event_id", type = "text", expr = "'pass-' || no" }},
    {{ name = "act", as = "event_type", type = "text" }},
    {{ name = "at", as = "event_time", type = "datetime" }},
    {{ name = "codes", type = "text" }},
    {{ name = "box", as = "parent_code", type = "text" }},
    {{ name = "prod", as = "product_code", type = "text" }},
    {{ name = "station", as = "device_id", type = "text" }},
    {{ name = "seen", type = "instant", not_null = true }},
]
"#,
        server.port()
    );
    hub.write("config/systems/mes.toml", &system);
}

fn ask(hub: &TestHub, arguments: &[&str], code: i32) -> Value {
    hub.run(&[arguments, &["--format", "json"]].concat()).expect_code(code).json()
}

#[test]
fn rows_of_a_stream_become_scan_events_once() {
    let server = PostgreSql::start_with(&["fsync=off"]).expect("a server");
    server.run(TABLE).expect("the collector's table");
    let hub = TestHub::new();
    connect(&hub, &server);

    // One row is no scan event: it stays in the raw table and is kept as a reject of the scans.
    let run = ask(&hub, &["sync"], PROBLEMS);
    assert_eq!(run[0]["loaded"], json!(3), "{run}");
    let said = "scan events: accepted 2 duplicate 0 rejected 1 collisions 0";
    assert_eq!(run[0]["message"], json!(said), "{run}");
    let rejects = ask(&hub, &["rejects", "list"], DONE);
    assert_eq!(rejects[0]["system"], json!("scans"), "{rejects}");
    let payload = rejects[0]["payload"].as_str().expect("a payload");
    assert!(payload.contains("levitate"), "{rejects}");

    // Nothing new: nothing is taken again.
    let run = ask(&hub, &["sync"], DONE);
    assert_eq!(run[0]["message"], Value::Null, "{run}");

    // A corrected row is landed again; as a scan it says something else under the same id.
    server
        .run(
            "insert into pass (no, act, at, codes, station)
             values (4, 'ship', '2026-03-03 09:00', 'C00000000001', 'D1');
             update pass set codes = 'A00000000009', seen = now() - interval '30 minutes' where no = 1",
        )
        .expect("more scans");
    let run = ask(&hub, &["sync"], PROBLEMS);
    let said = "scan events: accepted 2 duplicate 0 rejected 0 collisions 1";
    assert_eq!(run[0]["message"], json!(said), "{run}");

    let sql = "select event_type, count(*) as n from raw.scans__event group by 1 order by 1";
    let events = ask(&hub, &["sql", sql], DONE);
    let of = |kind: &str| {
        let rows = events.as_array().expect("rows").iter();
        rows.filter(|row| row["event_type"] == *kind).map(|row| row["n"].clone()).next()
    };
    assert_eq!((of("pack"), of("ship")), (Some(json!(1)), Some(json!(1))), "{events}");

    // A file is still taken, and the position of the stream survives it.
    let line = json!({"event_id": "F1", "event_type": "commission", "event_time": "2026-03-02T08:00:00+08:00",
        "codes": ["A00000000077"], "product_code": "01.01.0001"});
    let file = hub.write("more.jsonl", &format!("{line}\n")).display().to_string();
    ask(&hub, &["ingest", &file], DONE);
    let run = ask(&hub, &["sync"], DONE);
    assert_eq!(run[0]["message"], Value::Null, "{run}");

    hub.run(&["build"]);
    let trace = ask(&hub, &["trace", "A00000000002"], DONE);
    assert!(trace.to_string().contains("C00000000001"), "the case it was packed into: {trace}");
}
