//! What a person is told when something is wrong with the file.

use yuanliu_contract::{ConnectorError, ErrorKind};

use crate::setup::{File, open, read};

const STREAM: &str = r#"
    statement_limit_ms = 400
    [[stream]]
    name = "scan"
    table = "scan"
    key = ["id"]
    columns = [{ name = "id", type = "integer" }]
"#;

const TABLE: &str = "create table scan (id integer primary key); insert into scan values (1)";

fn told(error: &ConnectorError) -> String {
    format!("{error} {}", error.hint.clone().unwrap_or_default())
}

#[tokio::test]
async fn a_file_that_is_none_is_named() {
    let file = File::with(TABLE).await;
    let missing = file.path.with_file_name("gone.db");
    let error = open(&missing, STREAM).check().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable, "{error:?}");
    assert!(told(&error).contains("gone.db: there is no such file"), "{error:?}");
    assert!(!missing.exists(), "reading made a file");

    let error = open(file.path.parent().unwrap(), STREAM).check().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Config, "{error:?}");

    let text = file.path.with_file_name("notes.db");
    std::fs::write(&text, "扫码记录\n".repeat(1_000)).unwrap();
    let error = open(&text, STREAM).check().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Config, "{error:?}");
    assert!(told(&error).contains("not a database"), "{error:?}");
}

#[tokio::test]
async fn a_damaged_file_is_malformed() {
    let rows = "with recursive n (i) as (select 1 union all select i + 1 from n where i < 5000) \
                insert into scan select i from n;";
    let file = File::with(&format!("create table scan (id integer primary key); {rows}")).await;
    let mut bytes = std::fs::read(&file.path).unwrap();
    // Everything but the schema's own page.
    bytes[4_096..].fill(0xaa);
    std::fs::write(&file.path, bytes).unwrap();
    let error = read(&*open(&file.path, STREAM), "scan", None).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Malformed, "{error:?}");
    assert!(told(&error).contains("integrity_check"), "{error:?}");
}

#[tokio::test]
async fn a_writer_that_does_not_end_is_told_as_busy() {
    let file = File::with(TABLE).await;
    let mut writer = file.writer().await;
    sqlx::Executor::execute(&mut writer, "begin exclusive").await.unwrap();
    let error = read(&*open(&file.path, STREAM), "scan", None).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Busy, "{error:?}");
    assert!(told(&error).contains("locked"), "{error:?}");
}

#[tokio::test]
async fn readers_pass_a_writer_in_wal_mode() {
    let file = File::with(&format!("pragma journal_mode = wal; {TABLE}")).await;
    let mut writer = file.writer().await;
    sqlx::Executor::execute(&mut writer, "begin immediate; insert into scan values (2)")
        .await
        .unwrap();
    let pages = read(&*open(&file.path, STREAM), "scan", None).await.unwrap();
    assert_eq!(pages[0].rows.batch.num_rows(), 1);
}

#[tokio::test]
async fn mistakes_of_the_stream_have_their_kind() {
    let file = File::with(TABLE).await;
    let error_of =
        async |stream: String| read(&*open(&file.path, &stream), "scan", None).await.unwrap_err();
    let error = error_of(STREAM.replace("table = \"scan\"", "table = \"scans\"")).await;
    assert_eq!(error.kind, ErrorKind::NotFound, "{error:?}");
    let error =
        error_of(STREAM.replace("key =", "condition = \"unknown_column = 1\"\nkey =")).await;
    assert_eq!(error.kind, ErrorKind::NotFound, "{error:?}");
    let error = error_of(STREAM.replace("key =", "condition = \"id >\"\nkey =")).await;
    assert_eq!(error.kind, ErrorKind::Config, "{error:?}");
    let endless = "(with recursive n (i) as (select 1 union all select i + 1 from n) \
                   select count(*) from n) > 0";
    let error =
        error_of(STREAM.replace("key =", &format!("condition = \"{endless}\"\nkey ="))).await;
    assert_eq!(error.kind, ErrorKind::Timeout, "{error:?}");
    assert!(told(&error).contains("interrupted"), "the library itself stops it: {error:?}");
}

#[tokio::test]
async fn what_writes_is_refused() {
    let file = File::with(TABLE).await;
    let query = "with t as (select 1 as id) select id from t";
    let stream = STREAM.replace("table = \"scan\"", &format!("query = \"{query}\""));
    assert_eq!(read(&*open(&file.path, &stream), "scan", None).await.unwrap().len(), 1);
    let before = std::fs::read(&file.path).unwrap();
    let system = open(&file.path, STREAM);
    system.check().await.unwrap();
    system.discover().await.unwrap();
    read(&*system, "scan", None).await.unwrap();
    assert!(before == std::fs::read(&file.path).unwrap(), "reading changed the file");
    let beside = std::fs::read_dir(file.path.parent().unwrap()).unwrap().count();
    assert_eq!(beside, 1, "reading left a file behind");
}
