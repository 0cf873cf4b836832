//! A table that changes under the hub: shown with the reports it concerns, and held back where asked.

#![allow(clippy::expect_used, clippy::panic, reason = "a test ends where its ground is missing")]

use serde_json::{Value, json};
use yuanliu_sandbox_servers::{DATABASE, PASSWORD, PostgreSql, USER};
use yuanliu_tests::hub::TestHub;

const DONE: i32 = 0;
const PROBLEMS: i32 = 1;

const TABLE: &str = "create table partner (
        no varchar(20) primary key, title text, changed timestamptz not null default now() - interval '1 day');
    insert into partner (no, title) values ('D1', '长沙一部'), ('D2', '长沙二部');";

/// The staging model of a database of one's own.
const STAGING: &str = "-- name: staging.mes__dealer
-- kind: table
-- grain: system, source_id
-- Partners of the MES.
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   dealer_code: dealer
--   name: name
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    no as dealer_code,
    title as name
from current.mes__partner
";

fn configure(hub: &TestHub, server: &PostgreSql, sync: &str) {
    let system = format!(
        r#"kind = "postgresql"
host = "127.0.0.1"
port = {}
database = "{DATABASE}"
user = "{USER}"
password = "file:mes_password"
tls = "disable"

[[stream]]
name = "partner"
table = "public.partner"
key = ["no"]
change = "changed"
columns = [
    {{ name = "no", type = "text" }},
    {{ name = "title", type = "text" }},
    {{ name = "changed", type = "instant", not_null = true }},
]

[sync]
{sync}
"#,
        server.port()
    );
    hub.write("config/systems/mes.toml", &system);
}

fn ask(hub: &TestHub, arguments: &[&str], code: i32) -> Value {
    hub.run(&[arguments, &["--format", "json"]].concat()).expect_code(code).json()
}

fn count(hub: &TestHub, table: &str) -> Value {
    ask(hub, &["sql", &format!("select count(*) as n from {table}")], DONE)[0]["n"].clone()
}

#[test]
fn a_changed_table_is_shown_and_held_back_until_accepted() {
    let server = PostgreSql::start_with(&["fsync=off"]).expect("a server");
    server.run(TABLE).expect("a table");
    let hub = TestHub::new();
    let hub_file = std::fs::read_to_string(hub.path("config/hub.toml")).expect("hub.toml");
    hub.write("config/hub.toml", &format!("{hub_file}\n[warehouse]\nsql = \"sql\"\n"));
    hub.write("config/sql/staging/mes/dealer.sql", STAGING);
    hub.write("config/mes_password", PASSWORD);
    configure(&hub, &server, "");
    ask(&hub, &["sync"], DONE);
    assert_eq!(ask(&hub, &["systems", "drift"], DONE), json!([]));

    server
        .run(
            "alter table partner add column grade int;
             alter table partner alter column title type varchar(60);
             insert into partner (no, title, changed) values ('D3', '株洲', now() - interval '1 hour')",
        )
        .expect("a changed table");
    let drift = ask(&hub, &["systems", "drift"], PROBLEMS);
    let told: Vec<_> =
        (0..2).map(|at| (&drift[at]["field"], &drift[at]["change"], &drift[at]["read"])).collect();
    assert_eq!(
        told,
        [
            (&json!("grade"), &json!("new"), &json!(false)),
            (&json!("title"), &json!("retyped"), &json!(true)),
        ],
        "{drift}"
    );
    assert_eq!(drift[0]["reports"], json!(""), "no model reads a new column: {drift}");
    let reports = drift[1]["reports"].as_str().expect("reports");
    assert!(
        reports.contains("diversion-dealers") && reports.contains("regional-sales"),
        "{reports}"
    );

    configure(&hub, &server, "freeze_on_drift = [\"partner\"]");
    let run = ask(&hub, &["sync"], PROBLEMS);
    assert_eq!((&run[0]["outcome"], &run[0]["read"]), (&json!("red"), &json!(0)), "{run}");
    assert!(run[0]["message"].as_str().expect("why").contains("title retyped"), "{run}");

    configure(&hub, &server, "quarantine_on_drift = [\"*\"]");
    let run = ask(&hub, &["sync"], PROBLEMS);
    assert_eq!((&run[0]["outcome"], &run[0]["loaded"]), (&json!("yellow"), &json!(1)), "{run}");
    assert_eq!(count(&hub, "quarantine.mes__partner"), json!(1));
    assert_eq!(count(&hub, "raw.mes__partner"), json!(2));

    ask(&hub, &["systems", "drift", "--accept"], DONE);
    let run = ask(&hub, &["sync"], DONE);
    assert_eq!((&run[0]["outcome"], &run[0]["loaded"]), (&json!("green"), &json!(1)), "{run}");
    assert_eq!(count(&hub, "raw.mes__partner"), json!(3));
}
