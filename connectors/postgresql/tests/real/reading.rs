//! What only a real server shows: rights, limits, locks, lost sessions, its catalogue.

use yuanliu_contract::{ErrorKind, ReadRange};
use yuanliu_sandbox_servers as servers;
use yuanliu_sandbox_servers::{DATABASE, PASSWORD, USER};

use crate::source::{connect, open, open_as, pages, run};

const TABLE: &str = "create table scan (
        id bigint generated always as identity primary key, code varchar(40) not null,
        spot point, changed timestamptz not null default now());
    comment on table scan is '产线扫码';
    create index scan_changed on scan (changed, id);
    insert into scan (code) select 'C' || n from generate_series(1, 10) n;
    analyze scan;";

const STREAM: &str = r#"
    [[stream]]
    name = "scan"
    table = "public.scan"
    key = ["id"]
    change = "changed"
    columns = [
        { name = "id", type = "integer" },
        { name = "code", type = "text" },
        { name = "changed", type = "instant" },
    ]
"#;

#[tokio::test]
async fn a_server_is_described_and_checked() {
    let server = servers::PostgreSql::start_with(&["fsync=off"]).unwrap();
    server.run(TABLE).unwrap();
    let system = open(server.port(), STREAM);
    let check = system.check().await.unwrap();
    assert!(check.version.as_ref().unwrap().starts_with("PostgreSQL"), "{check:?}");
    let faults: Vec<_> =
        check.items.iter().filter(|item| !item.ok && item.what != "clock").collect();
    assert!(faults.is_empty(), "{faults:?}");
    let objects = system.discover().await.unwrap();
    let scan = objects.iter().find(|object| object.name == "public.scan").unwrap();
    assert_eq!(
        (scan.title.as_str(), scan.stream.as_deref()),
        ("产线扫码, about 10 rows", Some("scan"))
    );
    let fields: Vec<_> =
        scan.fields.iter().map(|field| format!("{} {}", field.name, field.data_type)).collect();
    assert_eq!(
        fields,
        [
            "id bigint, key, may tell changes",
            "code character varying(40)",
            "spot point",
            "changed timestamp with time zone, may tell changes",
        ]
    );
    let preview = system.preview("scan", 3).await.unwrap();
    assert_eq!((preview.raw.len(), preview.rows.batch.num_rows()), (3, 3));
    assert!(preview.raw[0].contains(r#""code":"C1""#), "{}", preview.raw[0]);
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let server = servers::PostgreSql::start_with(&["fsync=off"]).unwrap();
    server.run(TABLE).unwrap();
    server.run(&format!("create role stranger login password '{PASSWORD}'")).unwrap();
    let kind = async |user: &str, more: &str| {
        let system = open_as(server.port(), user, more);
        match system.read("scan", None, &ReadRange::default()).await {
            Ok(mut source) => source.next_page().await.unwrap_err(),
            Err(error) => error,
        }
    };
    let refused = kind("nobody", STREAM).await;
    assert_eq!(refused.kind, ErrorKind::Auth, "{refused:?}");
    let forbidden = kind("stranger", STREAM).await;
    assert_eq!(forbidden.kind, ErrorKind::Permission, "{forbidden:?}");
    assert!(forbidden.hint.as_deref().unwrap().contains("grant"), "{forbidden:?}");
    let absent = kind(USER, &STREAM.replace("public.scan", "public.scans")).await;
    assert_eq!(absent.kind, ErrorKind::NotFound, "{absent:?}");
    let column = kind(USER, &STREAM.replace("\"code\"", "\"codes\"")).await;
    assert!(matches!(column.kind, ErrorKind::NotFound | ErrorKind::Config), "{column:?}");
    assert!(format!("{column:?}").contains("codes"), "{column:?}");
    let spatial = STREAM
        .replace("{ name = \"code\", type = \"text\" }", "{ name = \"spot\", type = \"integer\" }");
    let system = open(server.port(), &spatial);
    server.run("update scan set spot = point(1, 2)").unwrap();
    let rejects: usize =
        pages(&*system, "scan").await.iter().map(|page| page.rows.rejects.len()).sum();
    assert_eq!(rejects, 10, "a point is no whole number");
}

#[tokio::test]
async fn the_server_itself_stops_what_takes_too_long() {
    let server = servers::PostgreSql::start_with(&["fsync=off"]).unwrap();
    server.run(TABLE).unwrap();
    let slow = STREAM.replace(
        "change = \"changed\"",
        "change = \"changed\"\ncondition = \"pg_sleep(5) is not null\"",
    );
    let system = open(server.port(), &slow);
    let mut source = system.read("scan", None, &ReadRange::default()).await.unwrap();
    let error = source.next_page().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Timeout, "{error:?}");
    assert!(error.hint.as_deref().unwrap().contains("statement_limit_ms"), "{error:?}");
    let running = "select count(*) from pg_stat_activity where application_name = 'yuanliu' and state = 'active'";
    assert_eq!(server.run(running).unwrap().trim(), "0", "nothing goes on behind our back");
}

#[tokio::test]
async fn a_lock_is_busy_and_costs_no_row() {
    let server = servers::PostgreSql::start_with(&["fsync=off"]).unwrap();
    server.run(TABLE).unwrap();
    let system = open(server.port(), &format!("page_rows = 4\n{STREAM}"));
    let mut source = system.read("scan", None, &ReadRange::default()).await.unwrap();
    assert_eq!(source.next_page().await.unwrap().unwrap().rows.batch.num_rows(), 4);
    let holder = connect(server.port(), DATABASE).await;
    run(&holder, "begin; lock table scan in access exclusive mode").await;
    let busy = source.next_page().await.unwrap_err();
    assert_eq!(busy.kind, ErrorKind::Busy, "{busy:?}");
    run(&holder, "rollback").await;
    assert_eq!(source.next_page().await.unwrap().unwrap().rows.batch.num_rows(), 4);
    assert_eq!(source.next_page().await.unwrap().unwrap().rows.batch.num_rows(), 2);
}

#[tokio::test]
async fn sessions_cannot_write() {
    let server = servers::PostgreSql::start_with(&["fsync=off"]).unwrap();
    server.run(TABLE).unwrap();
    server.run("create function wipe() returns bigint language plpgsql as $$ begin delete from scan; return 1; end $$").unwrap();
    let wipe =
        STREAM.replace("change = \"changed\"", "change = \"changed\"\ncondition = \"wipe() > 0\"");
    let system = open(server.port(), &wipe);
    let mut source = system.read("scan", None, &ReadRange::default()).await.unwrap();
    let error = source.next_page().await.unwrap_err();
    assert!(format!("{error:?}").contains("read-only"), "{error:?}");
    assert_eq!(server.run("select count(*) from scan").unwrap().trim(), "10");
}
