//! What the server's error numbers, and the driver's failures, mean to the engine.
//!
//! Numbers below 2000 and from 3000: MySQL 8.0 manual, "Server Error Message Reference", and MariaDB documentation,
//! "MariaDB Error Codes"; those from 2000: MySQL 8.0 manual, "Client Error Message Reference", which proxies send
//! in a server's place.

use std::io;

use sqlx::mysql::MySqlDatabaseError;
use yuanliu_contract::{ConnectorError, ErrorKind};

/// Why work on a session failed.
pub(crate) enum Failure {
    Server(sqlx::Error),
    Told(ConnectorError),
}

impl Failure {
    /// The failure as the contract has it; `is_reused` says that the session had been used before.
    pub(crate) fn explain(self, action: &str, is_reused: bool) -> ConnectorError {
        match self {
            Self::Server(error) => explain(action, error, is_reused),
            Self::Told(error) => error,
        }
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Server(error)
    }
}

impl From<ConnectorError> for Failure {
    fn from(error: ConnectorError) -> Self {
        Self::Told(error)
    }
}

/// What some numbers stand for, and what a person can do about them.
struct Rule {
    numbers: &'static [u16],
    kind: ErrorKind,
    hint: &'static str,
}

const fn rule(kind: ErrorKind, numbers: &'static [u16], hint: &'static str) -> Rule {
    Rule { numbers, kind, hint }
}

/// Numbers that a program must tell apart.
const RULES: &[Rule] = &[
    rule(
        ErrorKind::Auth,
        &[1045, 1698, 1820, 1862, 3118, 4151],
        "check user and password, from which hosts the user may log in, and that the account is neither \
         locked nor its password expired",
    ),
    rule(
        ErrorKind::Auth,
        &[1130],
        "allow the user to log in from this machine: create user 'name'@'address'",
    ),
    rule(
        ErrorKind::Auth,
        &[1251, 1524],
        "give the user an authentication plugin the connector knows: mysql_native_password, or \
         caching_sha2_password with TLS",
    ),
    rule(
        ErrorKind::Permission,
        &[1129],
        "the server blocks this machine after too many broken connections: flush hosts there",
    ),
    rule(
        ErrorKind::Permission,
        &[1044, 1142, 1143, 1227, 1370],
        "grant select on the table to the user",
    ),
    rule(
        ErrorKind::Permission,
        &[1356],
        "the view reads a table that is gone, or its definer lacks rights on one",
    ),
    rule(ErrorKind::Config, &[1049], "there is no such database; correct database"),
    rule(
        ErrorKind::Config,
        &[3159],
        "the server takes encrypted connections only: tls = \"require\"",
    ),
    rule(
        ErrorKind::NotFound,
        &[1054, 1109, 1146, 1932],
        "run systems discover and compare table and columns",
    ),
    rule(
        ErrorKind::Busy,
        &[1205],
        "another session holds a lock on the table for longer than half of statement_limit_ms",
    ),
    rule(ErrorKind::Busy, &[1213, 1412, 3572], "another session holds a lock"),
    rule(
        ErrorKind::Busy,
        &[1040, 1203],
        "the server has no connection left: lower connections here, or raise max_connections there",
    ),
    rule(ErrorKind::Busy, &[1053, 1077, 1079], "the server is shutting down"),
    rule(
        ErrorKind::Busy,
        &[1021, 1030, 1037, 1038, 1041, 1114, 1135],
        "the server lacks memory, threads or disk space",
    ),
    rule(ErrorKind::Busy, &[1317], "somebody stopped the statement (kill query)"),
    rule(
        ErrorKind::RateLimited,
        &[1226],
        "the user has used up its queries or connections per hour",
    ),
    rule(
        ErrorKind::Timeout,
        &[1969, 3024],
        "raise statement_limit_ms, make page_rows smaller, or add an index that serves the statement",
    ),
    rule(
        ErrorKind::SessionExpired,
        &[1152, 1184, 1927, 2006, 4031],
        "the server ended the session; the next call logs in anew",
    ),
    rule(
        ErrorKind::Unreachable,
        &[1158, 1159, 1160, 1161, 2002, 2003, 2005, 2013, 2055],
        "check host, port and network",
    ),
    rule(
        ErrorKind::Config,
        &[1792, 1290],
        "sessions are read-only: the stream's query or expression writes",
    ),
    rule(
        ErrorKind::Config,
        &[1267, 1270, 1271],
        "texts of different collation meet in the stream's query: write `convert(column using utf8mb4)`",
    ),
    rule(
        ErrorKind::Config,
        &[1052, 1055, 1056, 1060, 1064, 1111, 1140, 1222, 1241, 1242, 1248, 1305, 1582, 1630],
        "check the stream's condition, query and expressions in a client",
    ),
    rule(
        ErrorKind::Config,
        &[1264, 1292, 1365, 1366, 1406, 1411, 1690, 3141, 3143, 4038],
        "an expression, a cast or a condition of the stream fails on a row: write it so that it yields \
         null there",
    ),
];

/// The kind of failure a server's number stands for, and what a person can do about it.
pub(crate) fn of_number(number: u16) -> (ErrorKind, &'static str) {
    let rule = RULES.iter().find(|rule| rule.numbers.contains(&number));
    let other = (ErrorKind::Refused, "correct condition, query or expr of the stream");
    rule.map_or(other, |rule| (rule.kind, rule.hint))
}

const GONE: (ErrorKind, &str) =
    (ErrorKind::SessionExpired, "the server ended the session; the next call logs in anew");

const TLS: (ErrorKind, &str) = (
    ErrorKind::Config,
    "check tls and ca_file, whether the server offers TLS, and whether its certificate names host",
);

/// An error while doing `action`.
pub(crate) fn explain(action: &str, error: sqlx::Error, is_reused: bool) -> ConnectorError {
    let told = error.as_database_error().and_then(|e| e.try_downcast_ref::<MySqlDatabaseError>());
    let told = told.map(|error| (error.number(), error.message().to_owned()));
    let (kind, hint) = match (&error, &told) {
        (_, Some((number, _))) => of_number(*number),
        // A connection that ended while nobody used it, as opposed to one that breaks under an answer.
        (sqlx::Error::Io(error), None) if is_reused && is_end(error) => GONE,
        // A handshake that fails is data the transport did not expect.
        (sqlx::Error::Io(error), None) if error.to_string().contains("certificate") => TLS,
        // No file but that of `ca_file` is read.
        (sqlx::Error::Io(error), None) if error.kind() == io::ErrorKind::NotFound => TLS,
        (sqlx::Error::Io(error), None) if error.kind() == io::ErrorKind::InvalidData => (
            ErrorKind::Malformed,
            "check that host and port are those of a MySQL or MariaDB server",
        ),
        (sqlx::Error::Tls(_), None) => TLS,
        (sqlx::Error::Configuration(_), None) => (
            ErrorKind::Config,
            "a user of caching_sha2_password or sha256_password needs TLS: tls = \"require\" or stricter; \
             with tls given, check ca_file",
        ),
        (
            sqlx::Error::Protocol(_) | sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. },
            None,
        ) => (
            ErrorKind::Malformed,
            "check that host and port are those of a MySQL or MariaDB server",
        ),
        _ => (ErrorKind::Unreachable, "check host, port and network"),
    };
    let found = ConnectorError::new(kind, action).with_hint(hint);
    match told {
        Some((number, message)) => found.with_detail(format!("error {number}: {message}")),
        None => found.with_detail(error.to_string()).with_source(error),
    }
}

fn is_end(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, NotConnected, UnexpectedEof};
    matches!(error.kind(), UnexpectedEof | BrokenPipe | NotConnected)
}

/// An answer the driver stumbled over.
pub(crate) fn malformed(action: &str) -> ConnectorError {
    ConnectorError::new(ErrorKind::Malformed, action)
        .with_detail("the answer is not of the protocol's form")
        .with_hint("check that host and port are those of a MySQL or MariaDB server")
}

/// A statement that the server did not even answer in time.
pub(crate) fn too_late(action: &str) -> ConnectorError {
    ConnectorError::new(ErrorKind::Timeout, action)
        .with_detail("no answer within the statement's limit")
        .with_hint("raise statement_limit_ms, or check network and server")
}

/// A login that was not answered in time.
pub(crate) fn unanswered(action: &str) -> ConnectorError {
    ConnectorError::new(ErrorKind::Unreachable, action)
        .with_detail("no connection within connect_timeout_ms")
        .with_hint("check host, port and firewall")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn numbers_a_program_must_tell_apart() {
        for (number, kind) in [
            (1045, ErrorKind::Auth),
            (1049, ErrorKind::Config),
            (1142, ErrorKind::Permission),
            (1143, ErrorKind::Permission),
            (1146, ErrorKind::NotFound),
            (1054, ErrorKind::NotFound),
            (1205, ErrorKind::Busy),
            (1213, ErrorKind::Busy),
            (1040, ErrorKind::Busy),
            (1969, ErrorKind::Timeout),
            (3024, ErrorKind::Timeout),
            (1927, ErrorKind::SessionExpired),
            (2006, ErrorKind::SessionExpired),
            (2013, ErrorKind::Unreachable),
            (1064, ErrorKind::Config),
            (9999, ErrorKind::Refused),
        ] {
            assert_eq!(of_number(number).0, kind, "{number}");
        }
    }

    #[test]
    fn no_number_has_two_meanings() {
        let mut seen = BTreeSet::new();
        for number in RULES.iter().flat_map(|rule| rule.numbers) {
            assert!(seen.insert(number), "{number} is listed twice");
        }
    }

    #[test]
    fn a_connection_that_ended_unused_is_an_expired_session() {
        let kind = |kind: io::ErrorKind, is_reused| {
            explain("reading", sqlx::Error::Io(io::Error::from(kind)), is_reused).kind
        };
        assert_eq!(kind(io::ErrorKind::UnexpectedEof, true), ErrorKind::SessionExpired);
        assert_eq!(kind(io::ErrorKind::UnexpectedEof, false), ErrorKind::Unreachable);
        assert_eq!(kind(io::ErrorKind::ConnectionReset, true), ErrorKind::Unreachable);
    }
}
