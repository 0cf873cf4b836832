//! What only SQL Server has: row versions, change tracking, its types, its rights.

#![allow(clippy::unwrap_used, reason = "a test whose world cannot be set up should stop")]

use std::sync::Arc;

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use arrow::util::display::array_value_to_string;
use serde_json::json;
use yuanliu_acceptance::subject::default_now;
use yuanliu_acceptance::{FixedSecrets, ManualClock};
use yuanliu_contract::{
    Connector, Cursor, ErrorKind, Page, ReadRange, Seams, Settings, System, Unlimited,
};
use yuanliu_sandbox_sql_server::{
    Clock, Database, SqlServerHandle, SqlServerOptions, SqlServerSandbox, SqlType, TableDef,
};
use yuanliu_sql_server::SQL_SERVER;

const DATABASE: &str = "UFDATA_001_2026";
const TABLE: &str = "dbo.SO_SOMain";

const STREAM: &str = r#"
    [[stream]]
    name = "order"
    table = "dbo.SO_SOMain"
    key = ["ID"]
    change = "ufts"
    deletes = "change_tracking"
    columns = [{ name = "ID", type = "integer" }, { name = "ufts", type = "rowversion" }]
"#;

async fn start(tables: impl IntoIterator<Item = TableDef>) -> SqlServerHandle {
    let database = Database::new(DATABASE).change_tracking();
    let options = SqlServerOptions {
        databases: vec![tables.into_iter().fold(database, Database::table)],
        clock: Clock::manual(default_now()),
        ..SqlServerOptions::default()
    };
    SqlServerSandbox::start(options).await.unwrap()
}

fn orders() -> TableDef {
    TableDef::new("dbo", "SO_SOMain")
        .required("ID", SqlType::Int)
        .column("ufts", SqlType::RowVersion)
        .key(["ID"])
        .change_tracking()
}

fn open(server: &SqlServerHandle, more: &str) -> Arc<dyn System> {
    let text = format!(
        "host = \"127.0.0.1\"\nport = {}\ndatabase = \"{DATABASE}\"\nuser = {:?}\n\
         password = \"env:PASSWORD\"\ntrust = \"any\"\npage_rows = 3\n{more}",
        server.port(),
        server.user(),
    );
    let secrets = FixedSecrets::default().with("env:PASSWORD", server.password());
    let table = toml::from_str(&text).unwrap();
    let settings = Settings::check("u8", &SQL_SERVER.config_spec(), &table, &[], &secrets).unwrap();
    let clock = Arc::new(ManualClock::at(default_now()));
    SQL_SERVER.open(&settings, Seams { clock, budget: Arc::new(Unlimited) }).unwrap()
}

async fn read(system: &dyn System, stream: &str, cursor: Option<&Cursor>) -> Vec<Page> {
    let mut source = system.read(stream, cursor, &ReadRange::default()).await.unwrap();
    let mut pages = Vec::new();
    while let Some(page) = source.next_page().await.unwrap() {
        pages.push(page);
    }
    pages
}

fn ids(pages: &[Page]) -> Vec<i64> {
    let ids = |page: &Page| page.rows.batch["ID"].as_primitive::<Int64Type>().values().to_vec();
    pages.iter().flat_map(ids).collect()
}

fn put(server: &SqlServerHandle, id: i64) {
    server.put(DATABASE, TABLE, &json!({"ID": id})).unwrap();
}

#[tokio::test]
async fn an_open_transaction_holds_the_fence_back() {
    let server = start([orders()]).await;
    let system = open(&server, STREAM);
    (1..=4).for_each(|id| put(&server, id));
    let mut transaction = server.begin(DATABASE);
    transaction.put(TABLE, &json!({"ID": 5})).unwrap();
    put(&server, 6);
    let pages = read(&*system, "order", None).await;
    // 6 has a greater version than 5, which nobody can see yet: passing it would lose 5.
    assert_eq!(ids(&pages), [1, 2, 3, 4]);
    transaction.commit();
    let cursor = pages.last().unwrap().cursor.clone();
    let mut later = ids(&read(&*system, "order", Some(&cursor)).await);
    later.sort_unstable();
    assert_eq!(later, [5, 6]);
}

#[tokio::test]
async fn change_tracking_reports_deleted_keys() {
    let server = start([orders()]).await;
    let system = open(&server, STREAM);
    (1..=4).for_each(|id| put(&server, id));
    let cursor = read(&*system, "order", None).await.last().unwrap().cursor.clone();
    server.delete(DATABASE, TABLE, &json!({"ID": 2})).unwrap();
    put(&server, 7);
    let pages = read(&*system, "order", Some(&cursor)).await;
    let deleted: Vec<_> = pages
        .iter()
        .filter_map(|page| page.deleted.as_ref())
        .flat_map(|keys| keys["ID"].as_primitive::<Int64Type>().values().to_vec())
        .collect();
    assert_eq!(deleted, [2]);
    assert_eq!(ids(&pages), [7]);
}

#[tokio::test]
async fn every_type_reads_exactly() {
    let kinds = [
        ("bit", SqlType::Bit, "boolean", json!(true), "true"),
        ("big", SqlType::BigInt, "integer", json!(i64::MIN), "-9223372036854775808"),
        (
            "dec",
            SqlType::Decimal(38, 10),
            "decimal(38,10)",
            json!("-1234567890123456789012345678.9012345678"),
            "-1234567890123456789012345678.9012345678",
        ),
        (
            "mon",
            SqlType::Money,
            "decimal(19,4)",
            json!("922337203685477.5807"),
            "922337203685477.5807",
        ),
        ("sml", SqlType::SmallMoney, "decimal(10,4)", json!("-214748.3648"), "-214748.3648"),
        ("flt", SqlType::Float, "decimal(20,4)", json!(0.1), "0.1000"),
        ("day", SqlType::Date, "date", json!("0001-01-01"), "0001-01-01"),
        ("clk", SqlType::Time(7), "time", json!("23:59:59.9999999"), "23:59:59.999999900"),
        (
            "dt1",
            SqlType::DateTime,
            "datetime",
            json!("2026-03-02T23:59:59.997"),
            "2026-03-02T15:59:59.997Z",
        ),
        (
            "dt2",
            SqlType::DateTime2(7),
            "datetime",
            json!("2026-03-02T08:00:00.1234567"),
            "2026-03-02T00:00:00.123456Z",
        ),
        (
            "dto",
            SqlType::DateTimeOffset(7),
            "instant",
            json!("2026-03-02T08:00:00.5+08:00"),
            "2026-03-02T00:00:00.500Z",
        ),
        ("gbk", SqlType::VarChar(40), "text", json!("饮料订单 €"), "饮料订单 €"),
        ("uni", SqlType::NVarChar(40), "text", json!("𠮷野家"), "𠮷野家"),
        ("txt", SqlType::Text, "text", json!("长文本"), "长文本"),
        ("chr", SqlType::Char(8), "text", json!("A01"), "A01"),
        (
            "uid",
            SqlType::UniqueIdentifier,
            "uuid",
            json!("6F9619FF-8B86-D011-B42D-00C04FC964FF"),
            "6f9619ff-8b86-d011-b42d-00c04fc964ff",
        ),
    ];
    let mut table = TableDef::new("dbo", "类型 Types").required("ID", SqlType::Int);
    let mut row = serde_json::Map::new();
    let mut columns = String::from("{ name = \"ID\", type = \"integer\" }");
    row.insert("ID".to_owned(), json!(1));
    for (name, server_type, kind, value, _) in &kinds {
        table = table.column(name, *server_type);
        row.insert((*name).to_owned(), value.clone());
        columns.push_str(&format!(", {{ name = \"{name}\", type = \"{kind}\" }}"));
    }
    let server = start([table.key(["ID"])]).await;
    server.put(DATABASE, "dbo.类型 Types", &row.into()).unwrap();
    let stream = format!(
        "[[stream]]\nname = \"types\"\ntable = \"dbo.类型 Types\"\nkey = [\"ID\"]\n\
         columns = [{columns}]"
    );
    let pages = read(&*open(&server, &stream), "types", None).await;
    let rows = &pages[0].rows;
    assert!(rows.rejects.is_empty(), "{:?}", rows.rejects);
    for (name, _, _, _, wanted) in &kinds {
        assert_eq!(array_value_to_string(&rows.batch[*name], 0).unwrap(), *wanted, "{name}");
    }
}

#[tokio::test]
async fn check_and_discover_say_what_is_there() {
    let shops = TableDef::new("dbo", "Shop")
        .required("ID", SqlType::Int)
        .column("place", SqlType::Geography)
        .column("price", SqlType::Money)
        .key(["ID"]);
    let server = start([orders(), shops]).await;
    let system = open(&server, STREAM);
    let report = system.check().await.unwrap();
    assert!(report.is_ok(), "{report:?}");
    let found = system.discover().await.unwrap();
    let fields = |name: &str| {
        let object = found.iter().find(|object| object.name.ends_with(name)).unwrap();
        object.fields.iter().map(|field| field.data_type.clone()).collect::<Vec<_>>()
    };
    assert!(fields("Shop").iter().any(|text| text.contains("money")), "{:?}", fields("Shop"));
    assert!(fields("SO_SOMain").iter().any(|text| text.contains("timestamp")));
    server.deny(DATABASE, TABLE);
    assert!(!system.check().await.unwrap().is_ok());
    let mut source = system.read("order", None, &ReadRange::default()).await.unwrap();
    let kind = source.next_page().await.unwrap_err().kind;
    assert!(matches!(kind, ErrorKind::Permission | ErrorKind::NotFound), "{kind:?}");
}
