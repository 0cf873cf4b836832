//! Both servers start, answer and leave nothing behind.

#![allow(clippy::unwrap_used, reason = "a test whose world cannot be set up should stop")]

use std::net::TcpStream;

use yuanliu_sandbox_servers::{MariaDb, PostgreSql, ServerError};

#[test]
fn postgresql_answers_until_it_is_dropped() {
    let server = PostgreSql::start_with(&["fsync=off"]).unwrap();
    server
        .run("create table t (a int, b text); insert into t values (1, '箱'), (2, null)")
        .unwrap();
    assert_eq!(server.run("select a, b from t order by a").unwrap(), "1|箱\n2|\n");
    assert_eq!(server.run("show fsync").unwrap(), "off\n");
    let error = server.run("select * from nowhere").unwrap_err();
    assert!(matches!(&error, ServerError::Failed { message, .. } if message.contains("nowhere")));
    let port = server.port();
    TcpStream::connect(("127.0.0.1", port)).unwrap();
    drop(server);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn mariadb_answers_until_it_is_dropped() {
    let server = MariaDb::start().unwrap();
    server
        .run("create table t (a int, b text); insert into t values (1, '箱'), (2, null)")
        .unwrap();
    assert_eq!(server.run("select a, b from t order by a").unwrap(), "1\t箱\n2\tNULL\n");
    let error = server.run("select * from nowhere").unwrap_err();
    assert!(matches!(&error, ServerError::Failed { message, .. } if message.contains("nowhere")));
    let port = server.port();
    TcpStream::connect(("127.0.0.1", port)).unwrap();
    drop(server);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}
