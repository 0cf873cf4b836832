//! A server with one table of every type and one of many rows, and tiberius clients for it.

#![allow(dead_code, clippy::unwrap_used)]

use serde_json::json;
use tiberius::{AuthMethod, Client, Config, EncryptionLevel};
use tokio::net::TcpStream;
use tokio_util::compat::{Compat, TokioAsyncWriteCompatExt};
use yuanliu_sandbox_sql_server::{
    Database, SqlServerHandle, SqlServerOptions, SqlServerSandbox, SqlType, TableDef, Value,
};

pub(crate) type Tiberius = Client<Compat<TcpStream>>;

pub(crate) const DATABASE: &str = "SHOP_2026";

pub(crate) fn every_type() -> Database {
    let table = TableDef::new("dbo", "every type")
        .column("id", SqlType::Int)
        .column("b", SqlType::Bit)
        .column("ti", SqlType::TinyInt)
        .column("si", SqlType::SmallInt)
        .column("bi", SqlType::BigInt)
        .column("d", SqlType::Decimal(38, 10))
        .column("m", SqlType::Money)
        .column("r", SqlType::Real)
        .column("f", SqlType::Float)
        .column("da", SqlType::Date)
        .column("t", SqlType::Time(7))
        .column("dt", SqlType::DateTime)
        .column("sdt", SqlType::SmallDateTime)
        .column("dt2", SqlType::DateTime2(7))
        .column("dto", SqlType::DateTimeOffset(7))
        .column("c", SqlType::Char(10))
        .column("vc", SqlType::VarChar(40))
        .column("nvc", SqlType::NVarChar(40))
        .column("nvm", SqlType::NVarChar(yuanliu_sandbox_sql_server::MAX))
        .column("tx", SqlType::Text)
        .column("ntx", SqlType::NText)
        .column("bin", SqlType::Binary(4))
        .column("vbm", SqlType::VarBinary(yuanliu_sandbox_sql_server::MAX))
        .column("rv", SqlType::RowVersion)
        .column("u", SqlType::UniqueIdentifier)
        .column("x", SqlType::Xml)
        .column("v", SqlType::SqlVariant)
        .computed("twice", SqlType::Decimal(38, 10), "d * 2")
        .column("place", SqlType::Geography)
        .key(["id"])
        .index("IX_dt2", ["dt2"])
        .change_tracking();
    let mut database = Database::new(DATABASE).table(table).change_tracking().table(
        TableDef::new("dbo", "line")
            .column("id", SqlType::Int)
            .column("qty", SqlType::Decimal(18, 4))
            .column("ufts", SqlType::RowVersion)
            .key(["id"]),
    );
    let row = json!({
        "id": 1, "b": true, "ti": 255, "si": -32768, "bi": "9223372036854775807", "d": "1234567890123456789012345678.0123456789",
        "m": "-922337203685477.5808", "r": 1.5, "f": 0.1, "da": "2026-01-31", "t": "23:59:59.9999999", "dt": "2026-01-31 12:00:00.003",
        "sdt": "2026-01-31 12:01", "dt2": "2026-01-31 12:00:00.1234567", "dto": "2026-01-31 12:00:00.1234567 +08:00", "c": "甲",
        "vc": "中文 varchar", "nvc": "中文😀", "nvm": "x".repeat(9000), "tx": "长文本", "ntx": "长文本😀", "bin": "0x01020304",
        "vbm": "0x00ff", "u": "6F9619FF-8B86-D011-B42D-00C04FC964FF", "x": "<a/>", "v": 7, "place": "0xE6100000"
    });
    database.put("dbo.every type", &row).unwrap();
    database.put("dbo.every type", &json!({"id": 2})).unwrap();
    let lines = (0..1000)
        .map(|id| vec![Value::Int(id), Value::decimal(i128::from(id) * 15_000, 4), Value::Null]);
    database.fill("dbo.line", lines).unwrap();
    database
}

pub(crate) async fn start() -> SqlServerHandle {
    start_with(SqlServerOptions::default()).await
}

pub(crate) async fn start_with(options: SqlServerOptions) -> SqlServerHandle {
    SqlServerSandbox::start(SqlServerOptions { databases: vec![every_type()], ..options })
        .await
        .unwrap()
}

pub(crate) fn config(sandbox: &SqlServerHandle, encryption: EncryptionLevel) -> Config {
    let mut config = Config::new();
    config.host("127.0.0.1");
    config.port(sandbox.port());
    config.database(DATABASE);
    config.authentication(AuthMethod::sql_server(sandbox.user(), sandbox.password()));
    config.encryption(encryption);
    config.trust_cert();
    config
}

pub(crate) async fn login(config: Config) -> tiberius::Result<Tiberius> {
    let tcp = TcpStream::connect(config.get_addr()).await?;
    tcp.set_nodelay(true)?;
    Client::connect(config, tcp.compat_write()).await
}

pub(crate) async fn connect(sandbox: &SqlServerHandle) -> Tiberius {
    login(config(sandbox, EncryptionLevel::NotSupported)).await.unwrap()
}

/// The first column of every row as text.
pub(crate) async fn texts(client: &mut Tiberius, sql: &str) -> Vec<String> {
    let rows = client.simple_query(sql).await.unwrap().into_first_result().await.unwrap();
    rows.iter().map(|row| row.try_get::<&str, _>(0).unwrap().unwrap_or("null").to_owned()).collect()
}
