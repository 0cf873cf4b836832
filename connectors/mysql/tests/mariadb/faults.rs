//! What a person is told when something is wrong.

use yuanliu_acceptance::FixedSecrets;
use yuanliu_contract::{ConnectorError, ErrorKind};
use yuanliu_sandbox_servers::MariaDb;

use crate::proxy::{Break, Proxy};
use crate::setup::{account, open, open_with, read, secrets};

const STREAM: &str = r#"
    [[stream]]
    name = "scan"
    table = "scan"
    key = ["id"]
    columns = [{ name = "id", type = "integer" }]
"#;

fn told(error: &ConnectorError) -> String {
    format!("{error} {}", error.hint.clone().unwrap_or_default())
}

#[tokio::test]
async fn each_mistake_has_its_kind_and_its_hint() {
    let server = MariaDb::start().unwrap();
    server.run("create table scan (id int primary key); insert into scan values (1)").unwrap();
    let port = server.port();
    let kind_of = async |config: String, secrets: FixedSecrets| {
        let error = open_with(&config, &secrets).check().await.unwrap_err();
        assert!(error.hint.is_some(), "{error:?}");
        assert!(!format!("{error:?}").contains("wrong-password"));
        error.kind
    };
    let wrong = FixedSecrets::default().with("env:PASSWORD", "wrong-password");
    assert_eq!(kind_of(format!("{}{STREAM}", account(port)), wrong).await, ErrorKind::Auth);
    let other = account(port).replace("\"mes\"", "\"nowhere\"");
    // A user without rights on it is not told that there is none.
    let kind = kind_of(format!("{other}{STREAM}"), secrets()).await;
    assert!(matches!(kind, ErrorKind::Config | ErrorKind::Permission), "{kind:?}");
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let kind = kind_of(format!("{}{STREAM}", account(free)), secrets()).await;
    assert_eq!(kind, ErrorKind::Unreachable);
    let kind = kind_of(format!("{}tls = \"require\"\n{STREAM}", account(port)), secrets()).await;
    assert_eq!(kind, ErrorKind::Config, "the server has no certificate");

    let error_of = async |stream: &str| read(&*open(port, stream), "scan", None).await.unwrap_err();
    let error = error_of(&STREAM.replace("table = \"scan\"", "table = \"scans\"")).await;
    assert_eq!(error.kind, ErrorKind::NotFound, "{error:?}");
    let error =
        error_of(&STREAM.replace("columns = [", "columns = [{ name = \"no\", type = \"text\" }, "))
            .await;
    assert_eq!(error.kind, ErrorKind::NotFound, "{error:?}");
    let error = error_of(&STREAM.replace("key =", "condition = \"id >\"\n key =")).await;
    assert_eq!(error.kind, ErrorKind::Config, "{error:?}");
    let error = error_of(
        &STREAM
            .replace("key =", "condition = \"sleep(100) = 0\"\n key =")
            .replace("[[stream]]", "statement_limit_ms = 200\n[[stream]]"),
    )
    .await;
    assert_eq!(error.kind, ErrorKind::Timeout, "{error:?}");
    assert!(told(&error).contains("1969"), "the server itself stops it: {error:?}");
}

#[tokio::test]
async fn a_right_that_is_missing_is_named() {
    let server = MariaDb::start().unwrap();
    server
        .run(
            "create table scan (id int primary key, secret int);
             create user reader@'%' identified by 'reader-password';
             grant select (id) on scan to reader@'%';",
        )
        .unwrap();
    let config = account(server.port()).replace("user = \"yuanliu\"", "user = \"reader\"");
    let secrets = FixedSecrets::default().with("env:PASSWORD", "reader-password");
    let check = async |stream: &str| {
        open_with(&format!("{config}{stream}"), &secrets).check().await.unwrap()
    };
    assert!(check(STREAM).await.is_ok());
    let hidden = STREAM.replace("columns = [", "condition = \"secret = 1\"\ncolumns = [");
    let report = check(&hidden).await;
    let item = report.items.iter().find(|item| !item.ok).unwrap();
    assert!(item.detail.contains("1143"), "{item:?}");
    assert!(item.hint.as_deref().unwrap().contains("grant select"), "{item:?}");
}

#[tokio::test]
async fn a_session_cannot_write() {
    let server = MariaDb::start().unwrap();
    server
        .run(
            "create table scan (id int primary key); insert into scan values (1);
             create function put() returns int deterministic begin
                insert into scan values (2); return 1; end",
        )
        .unwrap_err();
    server
        .run(
            "delimiter //
             create function put() returns int deterministic begin
                insert into scan values (2); return 1; end //",
        )
        .unwrap();
    let stream = STREAM.replace("key =", "condition = \"put() = 1\"\n key =");
    let error = read(&*open(server.port(), &stream), "scan", None).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Config, "{error:?}");
    assert!(told(&error).contains("read-only"), "{error:?}");
    assert_eq!(server.run("select count(*) from scan").unwrap(), "1\n");
}

#[tokio::test]
async fn a_packet_that_ends_early_stops_nothing() {
    let server = MariaDb::start().unwrap();
    server.run("create table scan (id int primary key); insert into scan values (1)").unwrap();
    let proxy = Proxy::to(server.port()).await;
    let system = open(proxy.port, &format!("tls = \"disable\"\n{STREAM}"));
    assert!(system.check().await.unwrap().is_ok());
    for how in [Break::Short, Break::Garbage] {
        proxy.break_next(how);
        let error = read(&*system, "scan", None).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Malformed, "{error:?}");
        assert_eq!(read(&*system, "scan", None).await.unwrap().len(), 1);
    }
}
