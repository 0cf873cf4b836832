//! tiberius logs in at every encryption level, reads every type, sends parameters, meets errors.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::json;
use support::{DATABASE, config, connect, login, start, start_with, texts};
use tiberius::numeric::Numeric;
use tiberius::{AuthMethod, EncryptionLevel};
use yuanliu_sandbox_sql_server::{Encryption, Fault, SqlServerOptions};

#[tokio::test]
async fn logs_in_at_every_encryption_level() {
    let sandbox = start().await;
    for level in [
        EncryptionLevel::NotSupported,
        EncryptionLevel::Off,
        EncryptionLevel::On,
        EncryptionLevel::Required,
    ] {
        let mut client = login(config(&sandbox, level)).await.unwrap();
        assert_eq!(texts(&mut client, "select db_name()").await, [DATABASE]);
    }
    let mut readonly = config(&sandbox, EncryptionLevel::Required);
    readonly.readonly(true);
    readonly.application_name("yuanliu");
    login(readonly).await.unwrap();
    let seen = sandbox.last_login().unwrap();
    assert!(seen.read_only && seen.application == "yuanliu");
}

#[tokio::test]
async fn checks_the_certificate_against_a_file() {
    let sandbox =
        start_with(SqlServerOptions { encryption: Encryption::Required, ..Default::default() })
            .await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, sandbox.certificate_pem()).unwrap();
    let mut config = tiberius::Config::new();
    config.host("127.0.0.1");
    config.port(sandbox.port());
    config.authentication(AuthMethod::sql_server(sandbox.user(), sandbox.password()));
    config.encryption(EncryptionLevel::Required);
    config.trust_cert_ca(file.to_string_lossy());
    let mut client = login(config).await.unwrap();
    assert_eq!(texts(&mut client, "select db_name()").await, [DATABASE]);
}

#[tokio::test]
async fn refuses_a_wrong_password() {
    let sandbox = start().await;
    let mut wrong = config(&sandbox, EncryptionLevel::On);
    wrong.authentication(AuthMethod::sql_server("sa", "wrong"));
    assert_eq!(login(wrong).await.unwrap_err().code(), Some(18_456));
    let mut lost = config(&sandbox, EncryptionLevel::On);
    lost.database("nowhere");
    assert_eq!(login(lost).await.unwrap_err().code(), Some(4060));
}

#[tokio::test]
async fn reads_every_type() {
    let sandbox = start().await;
    let mut client = connect(&sandbox).await;
    let rows = client
        .query("select * from [dbo].[every type] order by id", &[])
        .await
        .unwrap()
        .into_first_result()
        .await
        .unwrap();
    let row = &rows[0];
    assert_eq!(row.try_get::<bool, _>("b").unwrap(), Some(true));
    assert_eq!(row.try_get::<u8, _>("ti").unwrap(), Some(255));
    assert_eq!(row.try_get::<i16, _>("si").unwrap(), Some(i16::MIN));
    assert_eq!(row.try_get::<i64, _>("bi").unwrap(), Some(i64::MAX));
    let decimal = row.try_get::<Numeric, _>("d").unwrap().unwrap();
    assert_eq!(
        (decimal.value(), decimal.scale()),
        (12_345_678_901_234_567_890_123_456_780_123_456_789, 10)
    );
    assert_eq!(row.try_get::<f32, _>("r").unwrap(), Some(1.5));
    assert_eq!(row.try_get::<f64, _>("f").unwrap(), Some(0.1));
    assert_eq!(row.try_get::<&str, _>("vc").unwrap(), Some("中文 varchar"));
    assert_eq!(row.try_get::<&str, _>("c").unwrap(), Some("甲        "));
    assert_eq!(row.try_get::<&str, _>("nvc").unwrap(), Some("中文😀"));
    assert_eq!(row.try_get::<&str, _>("nvm").unwrap().map(str::len), Some(9000));
    assert_eq!(row.try_get::<&str, _>("tx").unwrap(), Some("长文本"));
    assert_eq!(row.try_get::<&str, _>("ntx").unwrap(), Some("长文本😀"));
    assert_eq!(row.try_get::<&[u8], _>("bin").unwrap(), Some(&[1u8, 2, 3, 4][..]));
    assert_eq!(row.try_get::<&[u8], _>("vbm").unwrap(), Some(&[0u8, 0xff][..]));
    assert_eq!(
        row.try_get::<tiberius::Uuid, _>("u").unwrap().unwrap().to_string(),
        "6f9619ff-8b86-d011-b42d-00c04fc964ff"
    );
    assert_eq!(row.try_get::<i32, _>("v").unwrap(), Some(7));
    assert_eq!(rows[1].try_get::<&str, _>("nvc").unwrap(), None);
}

#[tokio::test]
async fn renders_exact_texts() {
    let sandbox = start().await;
    let mut client = connect(&sandbox).await;
    let cases = [
        ("convert(varchar(33), dt2, 126)", "2026-01-31T12:00:00.1234567"),
        ("convert(varchar(33), dt, 126)", "2026-01-31T12:00:00.003"),
        ("convert(varchar(33), sdt, 126)", "2026-01-31T12:01:00"),
        ("convert(varchar(33), da, 23)", "2026-01-31"),
        ("convert(varchar(40), dto, 126)", "2026-01-31T12:00:00.1234567+08:00"),
        ("convert(varchar(40), cast(m as decimal(19,4)))", "-922337203685477.5808"),
        ("convert(varchar(60), twice)", "2469135780246913578024691356.0246910000"),
        ("convert(varchar(20), convert(bigint, rv))", "2001"),
        ("convert(varchar(36), u)", "6F9619FF-8B86-D011-B42D-00C04FC964FF"),
        ("convert(varchar(20), rv, 1)", "0x00000000000007D1"),
        ("cast(sql_variant_property(v, 'BaseType') as nvarchar(20))", "int"),
        ("left(vc, 2) + N'-' + rtrim(c)", "中文-甲"),
        ("case when d > 0 then 'plus' else 'minus' end", "plus"),
        ("convert(varchar(10), isnull(nullif(ti, 255), 9))", "9"),
    ];
    for (expression, expected) in cases {
        let sql = format!("select {expression} from dbo.[every type] with (nolock) where id = 1");
        assert_eq!(texts(&mut client, &sql).await, [expected], "{expression}");
    }
}

#[tokio::test]
async fn pages_by_key_and_by_rowversion() {
    let sandbox = start().await;
    let mut client = connect(&sandbox).await;
    let (mut after, mut read) = ("-1".to_owned(), 0);
    loop {
        let sql = "select top (@P1) id, convert(varchar(20), id) from dbo.line where id > cast(@P2 as int) order by id";
        let rows = client
            .query(sql, &[&300i32, &after.as_str()])
            .await
            .unwrap()
            .into_first_result()
            .await
            .unwrap();
        let Some(last) = rows.last() else { break };
        read += rows.len();
        after = last.try_get::<&str, _>(1).unwrap().unwrap().to_owned();
    }
    assert_eq!(read, 1000);
    let sql = "select top (10) s.id from (select id, ufts from dbo.line) as s where (s.ufts > cast(@P1 as binary(8)) or (s.ufts = cast(@P1 as binary(8)) and s.id > @P2)) and s.ufts < min_active_rowversion() order by s.ufts, s.id";
    let mark = 2500u64.to_be_bytes();
    let rows =
        client.query(sql, &[&&mark[..], &5i32]).await.unwrap().into_first_result().await.unwrap();
    assert_eq!(rows.len(), 10);
}

#[tokio::test]
async fn transactions_hold_the_fence_back_and_changes_are_tracked() {
    let sandbox = start().await;
    let mut client = connect(&sandbox).await;
    let fence = "select convert(varchar(20), convert(bigint, min_active_rowversion()))";
    let before = texts(&mut client, fence).await;
    let mut open = sandbox.begin(DATABASE);
    open.put("dbo.every type", &json!({"id": 9, "ti": 1})).unwrap();
    sandbox.put(DATABASE, "dbo.every type", &json!({"id": 2, "ti": 3})).unwrap();
    assert_eq!(texts(&mut client, fence).await, before);
    open.commit();
    assert_ne!(texts(&mut client, fence).await, before);
    sandbox.delete(DATABASE, "dbo.every type", &json!({"id": 1})).unwrap();
    let sql = "select ct.SYS_CHANGE_OPERATION + convert(varchar(9), ct.id) from changetable(changes dbo.[every type], 0) as ct order by ct.SYS_CHANGE_VERSION";
    assert_eq!(texts(&mut client, sql).await, ["U2", "I9", "D1"]);
}

#[tokio::test]
async fn describes_and_lists() {
    let sandbox = start().await;
    let mut client = connect(&sandbox).await;
    let sql = "select system_type_name from sys.dm_exec_describe_first_result_set(N'select d, nvc, rv, place from dbo.[every type]', null, 0)";
    assert_eq!(
        texts(&mut client, sql).await,
        ["decimal(38,10)", "nvarchar(40)", "timestamp", "sys.geography"]
    );
    let sql = "select TABLE_NAME from INFORMATION_SCHEMA.TABLES order by TABLE_NAME";
    assert_eq!(texts(&mut client, sql).await, ["every type", "line"]);
    let sql = "select c.name from sys.indexes i join sys.index_columns ic on ic.object_id = i.object_id and ic.index_id = i.index_id join sys.columns c on c.object_id = ic.object_id and c.column_id = ic.column_id where i.object_id = object_id('dbo.every type') order by i.index_id";
    assert_eq!(texts(&mut client, sql).await, ["id", "dt2"]);
}

#[tokio::test]
async fn errors_and_faults_have_the_servers_numbers() {
    let sandbox = start().await;
    let mut client = connect(&sandbox).await;
    for (sql, code) in [
        ("select 1 from dbo.nothing", 208),
        ("select nothing from dbo.line", 207),
        ("select 1/0", 8134),
        ("selec", 102),
    ] {
        let error = match client.simple_query(sql).await {
            Ok(stream) => stream.into_first_result().await.unwrap_err(),
            Err(error) => error,
        };
        assert_eq!(error.code(), Some(code), "{sql}");
    }
    for (fault, code) in [
        (Fault::Deadlock, 1205),
        (Fault::LockTimeout, 1222),
        (Fault::Permission, 229),
        (Fault::DeadlockMidway, 1205),
    ] {
        sandbox.inject(fault);
        let error = match client.simple_query("select id from dbo.line").await {
            Ok(stream) => stream.into_first_result().await.unwrap_err(),
            Err(error) => error,
        };
        assert_eq!(error.code(), Some(code), "{fault}");
    }
    sandbox.inject(Fault::TruncatedRows);
    let broken = match client.simple_query("select id from dbo.line").await {
        Ok(stream) => stream.into_first_result().await.is_err(),
        Err(_) => true,
    };
    assert!(broken);
}
