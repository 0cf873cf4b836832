//! BI tools by the drivers they come with: `psql`, ODBC and JDBC of PostgreSQL's own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where its ground is missing"
)]

use std::io::Write;
use std::process::{Command, Stdio};

use yuanliu_tests::demo::Demo;

/// What nobody may do.
const WRITES: [&str; 6] = [
    "delete from marts.sightings",
    "insert into marts.sightings select * from marts.sightings",
    "create table marts.mine as select 1 as a",
    "create external table x (a int) stored as csv location '/etc/passwd'",
    "copy (select 1) to '/tmp/yuanliu-copied.csv'",
    "set datafusion.runtime.memory_limit = '64G'",
];

#[test]
fn bi_tools_find_their_way_and_write_nothing() {
    let demo = Demo::start();
    psql(&demo);
    odbc(&demo);
    jdbc(&demo);
}

fn psql(demo: &Demo) {
    for (what, sql) in [
        ("\\d", r"\d"),
        ("\\d of a table", r"\d marts.diversion_cases"),
        // Tables within a scope are views of them.
        ("\\dv of a schema", r"\dv marts.*"),
        ("\\dn", r"\dn"),
        ("who and where", "select current_database(), current_schema(), version()"),
        ("a setting", "show transaction_read_only"),
    ] {
        let told = demo.psql("management", sql);
        assert!(told.as_ref().is_ok_and(|rows| !rows.is_empty()), "{what}: {told:?}");
    }
    for sql in WRITES {
        let told = demo.psql("admin", sql).unwrap_err();
        assert!(told.contains("ERROR"), "{sql}: {told}");
    }
    assert!(!std::path::Path::new("/tmp/yuanliu-copied.csv").exists());
    let told = demo.psql_as("admin", "not the password", "select 1").unwrap_err();
    assert!(told.contains("the login or the password is wrong"), "{told}");
}

/// The tables of a login, then a count, by SQLTables and SQLExecDirect.
fn odbc(demo: &Demo) {
    let (isql, driver) = yuanliu_sandbox_servers::odbc().unwrap();
    let (host, port) = demo.bi_place();
    let connection = format!(
        "Driver={};Server={host};Port={port};Database=lake;UID=management;PWD={};SSLmode=disable",
        driver.display(),
        demo.password
    );
    let mut isql = Command::new(isql)
        .args(["-b", "-d,", "-k", &connection])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let sql = "select day, region_code, sold_qty from marts.regional_sales \
               where sold_qty > 0 order by day, region_code, sold_qty limit 20";
    let asked = format!("help\n{sql}\n");
    isql.stdin.take().unwrap().write_all(asked.as_bytes()).unwrap();
    let output = isql.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let has = |part: &str| told.lines().any(|line| line.contains(part));
    assert!(has("marts,regional_sales,"), "{told}");
    assert!(!has("promoter_claims") && !has("raw,"), "{told}");
    let rows = demo.psql("management", sql).unwrap();
    assert_eq!(rows.len(), 20);
    for row in rows {
        let row = row.replace('|', ",");
        assert!(has(&row), "{row} in {told}");
    }
}

/// What `tests/drivers/Catalogue.java` asks.
fn jdbc(demo: &Demo) {
    let (java, driver) = yuanliu_sandbox_servers::jdbc().unwrap();
    let program = yuanliu_tests::root().join("tests/drivers/Catalogue.java");
    let output = Command::new(java)
        .arg("-cp")
        .arg(driver)
        .arg(program)
        .args([&format!("jdbc:postgresql://{}/lake", demo.bi), "management", &demo.password])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    let lines: Vec<_> = told.lines().collect();
    for line in [
        "product PostgreSQL",
        "schema marts",
        "table marts regional_sales",
        "column region_code text",
        "column day date",
        "keys: 0",
        "importeds: 0",
        "indexs: 0",
        "type int4",
        "read day date",
        "read ordered_amount numeric",
        "refused 25006",
    ] {
        assert!(lines.contains(&line), "{line} in {told}");
    }
    let read: Vec<_> = lines.iter().filter(|line| line.starts_with("row ")).collect();
    // Beside whole numbers a hundredth is more than nothing.
    assert!(read.len() == 5 && read.iter().all(|line| line.ends_with(" true")), "{told}");
    assert!(!told.contains("promoter_claims") && !told.contains("table raw"), "{told}");
}
