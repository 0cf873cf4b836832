//! A SQL ERP that nobody has seen is connected with configuration and SQL alone; see `README.md`.

#![allow(clippy::expect_used, clippy::panic, reason = "a test ends where its ground is missing")]

mod database;
mod fill;

use std::path::Path;

use serde_json::{Value, json};
use yuanliu_company::{Company, Status};
use yuanliu_sandbox_sql_server::{SqlServerHandle, SqlServerOptions, SqlServerSandbox};
use yuanliu_tests::hub::TestHub;
use yuanliu_tests::root;
use yuanliu_tests::sandbox::Sandbox;

const DONE: i32 = 0;

/// What a custom field takes: one line of configuration …
const FIELD: &str = "    { name = \"Sonder7\", type = \"text\" },\n";
/// … and one of SQL, in place of the line that says that there is none.
const FIELD_SQL: &str =
    "    concat('{\"tour\":\"', replace(m.\"Sonder7\", '\"', '\\\"'), '\"}') as attributes,\n";
const NO_FIELD_SQL: &str = "    cast(null as varchar) as attributes,\n";

/// Every measure of every place, dealer and product.
const REPORT: [&str; 8] = [
    "report",
    "regional-sales",
    "--grain",
    "month",
    "--to",
    "2026-06-30",
    "--by",
    "dealer_code,product_code,channel",
];

fn folder() -> std::path::PathBuf {
    root().join("tests/tests/unseen_erp")
}

fn ask(hub: &TestHub, arguments: &[&str]) -> Value {
    hub.run(&[arguments, &["--format", "json"]].concat()).expect_code(DONE).json()
}

/// What the administrator writes: the server, the tables, the mapping.
fn connect(hub: &TestHub, server: &SqlServerHandle) {
    hub.write("config/pps_password", server.password());
    let account = format!(
        "kind = \"sql_server\"\nhost = \"127.0.0.1\"\nport = {}\ndatabase = {:?}\nuser = {:?}\n\
         password = \"file:pps_password\"\ntrust = \"any\"\n\n",
        server.port(),
        database::DATABASE,
        server.user(),
    );
    let tables = std::fs::read_to_string(folder().join("pps.toml")).expect("the streams");
    hub.write("config/systems/pps.toml", &(account + &tables));
    copy(&folder().join("sql"), &hub.path("config/sql"));
    let text = std::fs::read_to_string(hub.path("config/hub.toml")).expect("the hub's file");
    hub.write("config/hub.toml", &format!("{text}\n[warehouse]\nsql = \"sql\"\n"));
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("the models").flatten() {
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).expect("a model")),
        }
    }
}

/// Replaces the one place where `from` stands.
fn edit(hub: &TestHub, file: &str, from: &str, to: &str) {
    let text = std::fs::read_to_string(hub.path(file)).expect("a file");
    assert_eq!(text.matches(from).count(), 1, "{from} in {file}");
    hub.write(file, &text.replace(from, to));
}

/// The same company, its scans and its lists, over Kingdee Galaxy.
fn report_over_kingdee(sandbox: &Sandbox) -> Value {
    let hub = TestHub::new();
    sandbox.connect(&hub);
    ask(&hub, &["sync"]);
    ask(&hub, &["ingest", &sandbox.scans()]);
    ask(&hub, &["build"]);
    ask(&hub, &REPORT)
}

fn cents(company: &Company, is_counted: impl Fn(&yuanliu_company::Order) -> bool) -> i64 {
    let orders = company.orders.iter().filter(|order| is_counted(order));
    let lines = orders.flat_map(|order| &order.lines);
    lines.map(|line| company.products[line.product].case_price.times(line.cases).units).sum()
}

/// The report's amounts in hundredths.
fn reported_cents(report: &Value) -> i64 {
    let amounts =
        report.as_array().expect("rows").iter().map(|row| row["ordered_amount"].to_string());
    let numbers = amounts.map(|text| text.trim_matches('"').parse::<f64>().expect("a number"));
    (numbers.sum::<f64>() * 100.0).round() as i64
}

#[test]
fn an_unseen_erp_answers_as_a_known_one_does() {
    let company = Company::demo(7, 1);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let options =
        SqlServerOptions { databases: vec![fill::fill(&company)], ..SqlServerOptions::default() };
    let server = runtime.block_on(SqlServerSandbox::start(options)).expect("a server");
    let kingdee = Sandbox::start(1, None);
    let hub = TestHub::new();
    connect(&hub, &server);
    kingdee.connect_files(&hub);

    ask(&hub, &["systems", "check", "pps"]);
    let shown = ask(&hub, &["systems", "preview", "pps", "auftrag_pos"]);
    assert_eq!(shown["rejected"], json!([]));
    assert_eq!(shown["mapped"][0]["unit"], "箱", "{shown}");
    let custom = ask(&hub, &["systems", "discover", "pps", "--object", "vk.Auftrag"]);
    assert!(custom.to_string().contains("Sonder7"), "{custom}");
    for run in ask(&hub, &["sync"]).as_array().expect("runs") {
        assert_eq!((&run["outcome"], &run["rejected"]), (&"green".into(), &0.into()), "{run}");
    }
    ask(&hub, &["ingest", &kingdee.scans()]);
    ask(&hub, &["build"]);

    let report = ask(&hub, &REPORT);
    let counts =
        |order: &yuanliu_company::Order| matches!(order.status, Status::Approved | Status::Closed);
    assert_eq!(reported_cents(&report), cents(&company, counts));
    assert_eq!(report, report_over_kingdee(&kingdee));
    let sql = "select (select count(*) from core.work_order) as runs, \
               (select count(*) from core.material_issue where supplier_code like 'VEN0%') > 0 as has_lots, \
               (select min(planned_end) from core.work_order) as first_end";
    let row = &ask(&hub, &["sql", sql])[0];
    assert_eq!((&row["runs"], &row["has_lots"]), (&json!(company.runs.len()), &json!(true)));
    let end = company.runs.iter().map(|run| run.end).min().expect("a run");
    let shown = row["first_end"].as_str().expect("an instant");
    assert!(shown.starts_with(&end.format("%Y-%m-%dT%H:%M:%S").to_string()), "{row} {end}");

    // Marked deleted there, it counts no more here, and the next run reads only that.
    let gone = company.orders.iter().find(|order| counts(order)).expect("an order");
    let mark = fill::order_mark(&gone.no, true);
    server.put(database::DATABASE, "vk.Auftrag", &mark).expect("the mark");
    let runs = ask(&hub, &["sync", "--system", "pps", "--stream", "auftrag"]);
    assert_eq!((&runs[0]["loaded"], &runs[0]["rejected"]), (&json!(1), &json!(0)), "{runs}");
    ask(&hub, &["build"]);
    let left = |order: &yuanliu_company::Order| counts(order) && order.no != gone.no;
    assert_eq!(reported_cents(&ask(&hub, &REPORT)), cents(&company, left));

    // A custom field.
    let at = "    { name = \"Stat\", type = \"integer\" },\n";
    edit(&hub, "config/systems/pps.toml", at, &format!("{at}{FIELD}"));
    edit(&hub, "config/sql/staging/pps/sales_order.sql", NO_FIELD_SQL, FIELD_SQL);
    ask(&hub, &["sync", "--system", "pps", "--stream", "auftrag", "--full"]);
    ask(&hub, &["build"]);
    let sql = format!(
        "select attributes from core.sales_order where order_no = '{}'",
        company.orders[1].no
    );
    let attributes = ask(&hub, &["sql", &sql])[0]["attributes"].clone();
    let attributes: Value =
        serde_json::from_str(attributes.as_str().expect("attributes")).expect("JSON");
    assert_eq!(attributes, json!({"tour": "Tour \"2\""}));
    drop(server);
}
