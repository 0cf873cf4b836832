//! What a person sees of a database before the first run.

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use yuanliu_contract::{DiscoveredObject, ReadRange};
use yuanliu_sandbox_servers::MariaDb;

use crate::setup::{open, read};

const TABLES: &str = "
    create table `扫码记录` (
        id bigint unsigned auto_increment primary key, code varchar(80) character set gbk not null,
        kind enum('装箱','入库') not null, place point, weight decimal(12,4),
        changed timestamp not null default current_timestamp on update current_timestamp,
        key by_change (changed, id)) comment = '产线扫码';
    create view packed as select id, code, changed from `扫码记录` where kind = '装箱';
    insert into `扫码记录` (code, kind, weight, changed)
        values ('箱-1', '装箱', 1.25, '2026-03-02 08:00:00'), ('箱-2', '入库', null, '2026-03-02 08:00:01');
    analyze table `扫码记录`;";

const STREAMS: &str = r#"
    [[stream]]
    name = "scan"
    table = "扫码记录"
    key = ["id"]
    change = "changed"
    feeds = "scan_events"
    columns = [
        { name = "id", type = "unsigned" }, { name = "code", type = "text" },
        { name = "kind", type = "text" }, { name = "weight", type = "decimal(12,4)" },
        { name = "changed", type = "instant" },
    ]
    [[stream]]
    name = "packed"
    query = "select p.id, p.code, hour(p.changed) as hour_of_day from packed as p"
    key = ["id"]
    columns = [
        { name = "id", type = "unsigned" }, { name = "code", type = "text" },
        { name = "hour_of_day", type = "integer" },
    ]
    [[stream]]
    name = "by_code"
    table = "mes.packed"
    key = ["code"]
    change = "changed"
    columns = [{ name = "code", type = "text" }, { name = "changed", type = "instant" }]
"#;

fn type_of<'a>(object: &'a DiscoveredObject, column: &str) -> &'a str {
    &object.fields.iter().find(|field| field.name == column).unwrap().data_type
}

#[tokio::test]
async fn check_discover_and_preview_say_what_is_there() {
    let server = MariaDb::start().unwrap();
    server.run(&format!("set time_zone = '+00:00'; {TABLES}")).unwrap();
    let system = open(server.port(), STREAMS);

    let report = system.check().await.unwrap();
    assert!(report.is_ok(), "{report:?}");
    assert!(report.version.as_deref().unwrap().contains("MariaDB"), "{report:?}");
    let detail = |what: &str| &report.items.iter().find(|item| item.what == what).unwrap().detail;
    assert!(detail("stream scan").contains("changes by changed"), "{report:?}");
    assert!(!detail("stream scan").contains("no index"), "{report:?}");
    assert!(detail("stream by_code").contains("no index"), "{report:?}");
    assert!(report.items.iter().any(|item| item.detail.contains("without TLS")), "{report:?}");

    let found = system.discover().await.unwrap();
    let named = |name: &str| found.iter().find(|object| object.name == name).unwrap();
    let scans = named("mes.扫码记录");
    assert_eq!(
        (scans.title.as_str(), scans.stream.as_deref()),
        ("产线扫码, about 2 rows", Some("scan"))
    );
    assert!(type_of(scans, "id").ends_with(", key, may tell changes"), "{scans:?}");
    assert_eq!(type_of(scans, "changed"), "timestamp, may tell changes");
    assert!(type_of(scans, "place").contains("cannot be read: spatial"), "{scans:?}");
    assert_eq!(type_of(scans, "kind"), "enum('装箱','入库')");
    assert_eq!(named("mes.packed").stream.as_deref(), Some("by_code"));
    assert_eq!(named("the query of packed").fields.len(), 3);

    let preview = system.preview("scan", 10).await.unwrap();
    assert_eq!(
        preview.raw[0],
        r#"{"id":"1","code":"箱-1","kind":"装箱","weight":"1.2500","changed":"2026-03-02 08:00:00.000000+00:00"}"#
    );
    assert_eq!(read(&*system, "packed", None).await.unwrap()[0].rows.batch.num_rows(), 1);
}

#[tokio::test]
async fn an_increment_reads_what_changed() {
    let server = MariaDb::start().unwrap();
    server.run(&format!("set time_zone = '+00:00'; {TABLES}")).unwrap();
    let system = open(server.port(), STREAMS);
    let pages = read(&*system, "scan", None).await.unwrap();
    let cursor = pages.last().unwrap().cursor.clone();
    server
        .run("update `扫码记录` set weight = 2, changed = '2026-03-03 00:00:00' where id = 1")
        .unwrap();
    let pages = read(&*system, "scan", Some(&cursor)).await.unwrap();
    let rows: usize = pages.iter().map(|page| page.rows.batch.num_rows()).sum();
    // The row that changed, and the newest of before: a time may be shared by a later row.
    assert_eq!(rows, 2);
}

#[tokio::test]
async fn bounds_within_a_second_are_not_rounded() {
    let server = MariaDb::start().unwrap();
    server
        .run(
            "create table t (id int primary key, a datetime, b timestamp not null, key (a), key (b));
             set time_zone = '+00:00';
             insert into t values (1, '2026-03-02 08:00:00', '2026-03-02 00:00:00'),
                (2, '2026-03-02 08:00:01', '2026-03-02 00:00:01'),
                (3, '2026-03-02 08:00:02', '2026-03-02 00:00:02')",
        )
        .unwrap();
    for (column, kind) in [("a", "datetime"), ("b", "instant")] {
        let stream = format!(
            "[[stream]]\nname = \"t\"\ntable = \"t\"\nkey = [\"id\"]\nchange = \"{column}\"\n\
             columns = [{{ name = \"id\", type = \"integer\" }}, \
             {{ name = \"{column}\", type = \"{kind}\" }}]"
        );
        let system = open(server.port(), &stream);
        let range = ReadRange {
            changed_from: Some("2026-03-02T00:00:00.5Z".parse().unwrap()),
            changed_to: Some("2026-03-02T00:00:01.7Z".parse().unwrap()),
            ..ReadRange::default()
        };
        let mut source = system.read("t", None, &range).await.unwrap();
        let page = source.next_page().await.unwrap().unwrap();
        let ids = page.rows.batch["id"].as_primitive::<Int64Type>();
        assert_eq!(ids.values(), &[2], "{column}");
    }
}
