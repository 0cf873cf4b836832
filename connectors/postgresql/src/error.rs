//! What the server's error codes mean to the engine.
//!
//! Codes: PostgreSQL 15 manual, appendix A.

use yuanliu_contract::{ConnectorError, ErrorKind};

/// An error while doing `action`.
pub(crate) fn explain(action: &str, error: sqlx::Error) -> ConnectorError {
    let code = error.as_database_error().and_then(|error| error.code()).map(|c| c.into_owned());
    let detail = error.as_database_error().map(|error| error.message().to_owned());
    let (kind, hint) = match (&error, code.as_deref()) {
        (_, Some(code)) => of_code(code),
        (sqlx::Error::Tls(_), _) => {
            (ErrorKind::Unreachable, "check tls and ca_file, and whether the server offers TLS")
        }
        (sqlx::Error::PoolTimedOut, _) => {
            (ErrorKind::Unreachable, "check host, port and the server's connection limit")
        }
        (sqlx::Error::Protocol(_) | sqlx::Error::Decode(_), _) => {
            (ErrorKind::Malformed, "check that host and port are those of a PostgreSQL server")
        }
        (sqlx::Error::Configuration(_), _) => (ErrorKind::Config, "correct the configuration"),
        _ => (ErrorKind::Unreachable, "check host, port and network"),
    };
    let mut found = ConnectorError::new(kind, action).with_hint(hint);
    found.detail = detail;
    found.with_source(error)
}

fn of_code(code: &str) -> (ErrorKind, &'static str) {
    match code {
        "57014" => (ErrorKind::Timeout, "raise statement_limit_ms, or add an index that serves it"),
        "57P01" | "57P02" | "57P05" | "25P03" => {
            (ErrorKind::SessionExpired, "the server ended the session; the next call logs in anew")
        }
        "57P03" => (ErrorKind::Busy, "the server is starting up or shutting down"),
        "55P03" | "40001" | "40P01" => (ErrorKind::Busy, "another session holds a lock"),
        "42501" => (ErrorKind::Permission, "grant select to the user"),
        "42P01" | "42703" | "3F000" => {
            (ErrorKind::NotFound, "run systems discover and compare table and columns")
        }
        "3D000" => (ErrorKind::Config, "there is no such database; correct database"),
        _ if code.starts_with("28") => (ErrorKind::Auth, "check user, password and pg_hba.conf"),
        _ if code.starts_with("53") => (ErrorKind::Busy, "the server lacks connections or memory"),
        _ if code.starts_with("08") => (ErrorKind::Unreachable, "check host, port and network"),
        _ => (ErrorKind::Refused, "correct condition, query or expr of the stream"),
    }
}

/// A statement that the server did not even answer in time.
pub(crate) fn too_late(action: &str) -> ConnectorError {
    ConnectorError::new(ErrorKind::Timeout, action)
        .with_detail("no answer within the statement's limit")
        .with_hint("raise statement_limit_ms, or check network and server")
}
