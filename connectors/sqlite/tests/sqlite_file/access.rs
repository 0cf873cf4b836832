//! What a person sees of a file before the first run.

use arrow::array::AsArray;
use arrow::datatypes::TimestampMicrosecondType;
use yuanliu_contract::DiscoveredObject;

use crate::setup::{File, open, read};

const TABLES: &str = "
    create table 扫码 (
        id integer primary key, code varchar(80) not null, made datetime, unix datetime,
        iso timestamp, weight decimal(12,4));
    create index by_made on 扫码 (made, id);
    create view packed as select id, code from 扫码 where weight is not null;
    insert into 扫码 values
        (1, '箱-1', '2026-03-02 08:00:00', 1772409600, '2026-03-02T08:00:00', '1.25'),
        (2, '箱-2', '2026-03-02 08:00:01.5', 1772409601, '2026-03-02T08:00:01', null);";

const STREAMS: &str = r#"
    [[stream]]
    name = "scan"
    table = "扫码"
    key = ["id"]
    change = "made"
    feeds = "scan_events"
    columns = [
        { name = "id", type = "integer" }, { name = "code", type = "text" },
        { name = "made", type = "datetime" }, { name = "weight", type = "decimal(12,4)" },
        { name = "at", expr = "datetime(unix, 'unixepoch')", type = "instant" },
    ]
    [[stream]]
    name = "iso"
    table = "扫码"
    key = ["id"]
    change = "iso"
    columns = [{ name = "id", type = "integer" }, { name = "iso", type = "datetime" }]
    [[stream]]
    name = "packed"
    query = "select id, upper(code) as code from packed"
    key = ["id"]
    columns = [{ name = "id", type = "integer" }, { name = "code", type = "text" }]
"#;

fn type_of<'a>(object: &'a DiscoveredObject, column: &str) -> &'a str {
    &object.fields.iter().find(|field| field.name == column).unwrap().data_type
}

#[tokio::test]
async fn check_discover_and_preview_say_what_is_there() {
    let file = File::with(TABLES).await;
    let system = open(&file.path, STREAMS);

    let report = system.check().await.unwrap();
    assert!(report.is_ok(), "{report:?}");
    assert!(report.version.as_deref().unwrap().starts_with("SQLite 3."), "{report:?}");
    let detail = |what: &str| &report.items.iter().find(|item| item.what == what).unwrap().detail;
    assert!(!detail("stream scan").contains("no index"), "{report:?}");
    assert!(detail("stream iso").contains("no index"), "{report:?}");

    let found = system.discover().await.unwrap();
    let named = |name: &str| found.iter().find(|object| object.name == name).unwrap();
    let scans = named("扫码");
    assert_eq!((scans.title.as_str(), scans.stream.as_deref()), ("about 2 rows", Some("scan")));
    assert_eq!(type_of(scans, "id"), "INTEGER, key, may tell changes");
    assert_eq!(type_of(scans, "iso"), "timestamp with T, may tell changes");
    assert!(type_of(scans, "unix").contains("cannot be read: its values are numbers"), "{scans:?}");
    assert_eq!(named("packed").fields.len(), 2);
    assert_eq!(named("the query of packed").stream.as_deref(), Some("packed"));

    let preview = system.preview("scan", 10).await.unwrap();
    assert_eq!(
        preview.raw[0],
        r#"{"id":"1","code":"箱-1","made":"2026-03-02 08:00:00.000000","weight":"1.2500","at":"2026-03-02 00:00:00.000000+00:00"}"#
    );
    let at = preview.rows.batch["at"].as_primitive::<TimestampMicrosecondType>();
    assert_eq!(at.value(0), 1_772_409_600_000_000);
}

#[tokio::test]
async fn an_increment_reads_what_changed_however_times_are_written() {
    let file = File::with(TABLES).await;
    for (stream, later) in [("scan", "2026-03-02 08:00:02"), ("iso", "2026-03-02T08:00:02")] {
        let system = open(&file.path, STREAMS);
        let pages = read(&*system, stream, None).await.unwrap();
        let cursor = pages.last().unwrap().cursor.clone();
        let column = if stream == "scan" { "made" } else { "iso" };
        file.run(&format!("update 扫码 set {column} = '{later}' where id = 1")).await;
        let pages = read(&*system, stream, Some(&cursor)).await.unwrap();
        let rows: usize = pages.iter().map(|page| page.rows.batch.num_rows()).sum();
        // The row that changed, and the newest of before: a time may be shared by a later row.
        assert_eq!(rows, 2, "{stream}");
    }
}
