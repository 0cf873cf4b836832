//! What the library's result codes mean to the engine.
//!
//! Codes: SQLite documentation, "Result and Error Codes". The low byte of an extended code is its primary code.

use yuanliu_contract::{ConnectorError, ErrorKind};

/// Why work on the file failed.
pub(crate) enum Failure {
    Library(sqlx::Error),
    Told(ConnectorError),
}

impl Failure {
    /// The failure as the contract has it.
    pub(crate) fn explain(self, action: &str) -> ConnectorError {
        match self {
            Self::Library(error) => explain(action, error),
            Self::Told(error) => error,
        }
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Library(error)
    }
}

impl From<ConnectorError> for Failure {
    fn from(error: ConnectorError) -> Self {
        Self::Told(error)
    }
}

/// An error while doing `action`.
fn explain(action: &str, error: sqlx::Error) -> ConnectorError {
    let told = error.as_database_error();
    let code = told.and_then(|error| error.code()).and_then(|code| code.parse::<u32>().ok());
    let message = told.map(|error| error.message().to_owned());
    let (kind, hint) = match (code, &message) {
        (Some(code), Some(message)) => of_code(code & 0xff, message),
        _ => (ErrorKind::Unreachable, "check disk, share and network"),
    };
    let found = ConnectorError::new(kind, action).with_hint(hint);
    match (code, message) {
        (Some(code), Some(message)) => found.with_detail(format!("code {code}: {message}")),
        _ => found.with_detail(error.to_string()).with_source(error),
    }
}

fn of_code(code: u32, message: &str) -> (ErrorKind, &'static str) {
    match code {
        // SQLITE_ERROR says only in its text what is wrong.
        1 if message.starts_with("no such table") || message.starts_with("no such column") => {
            (ErrorKind::NotFound, "run systems discover and compare table and columns")
        }
        1 => (ErrorKind::Config, "check the stream's condition, query and expressions in a client"),
        3 | 23 => (ErrorKind::Permission, "let the hub's account read the file and its folder"),
        5 | 6 => (
            ErrorKind::Busy,
            "another program writes for longer than half of statement_limit_ms; WAL mode lets readers pass",
        ),
        7 => (ErrorKind::Busy, "this machine lacks memory"),
        8 => (
            ErrorKind::Config,
            "either the stream's query writes, or the file was left by a crash and its program must open \
             it once to recover it",
        ),
        9 => (
            ErrorKind::Timeout,
            "raise statement_limit_ms, make page_rows smaller, or add an index that serves the statement",
        ),
        10 => (ErrorKind::Unreachable, "check disk, share and network"),
        11 => (
            ErrorKind::Malformed,
            "the file is damaged or was copied while it was written: run pragma integrity_check",
        ),
        14 => (
            ErrorKind::Permission,
            "let the hub's account read the file; one in WAL mode also needs its -shm file, or the right to \
             make one in its folder",
        ),
        17 => (ErrorKind::Busy, "the tables are being changed"),
        24 | 26 => (ErrorKind::Config, "the file is no SQLite database, or an encrypted one"),
        _ => (ErrorKind::Refused, "correct condition, query or expr of the stream"),
    }
}

/// A statement that the library did not stop in time.
pub(crate) fn too_late(action: &str) -> ConnectorError {
    ConnectorError::new(ErrorKind::Timeout, action)
        .with_detail("no answer within the statement's limit")
        .with_hint("raise statement_limit_ms, or check disk and share")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_a_program_must_tell_apart() {
        let kind = |code, message| of_code(code, message).0;
        assert_eq!(kind(1, "no such table: scan"), ErrorKind::NotFound);
        assert_eq!(kind(1, "near \"selct\": syntax error"), ErrorKind::Config);
        assert_eq!(kind(5, "database is locked"), ErrorKind::Busy);
        assert_eq!(kind(9, "interrupted"), ErrorKind::Timeout);
        assert_eq!(kind(11, "database disk image is malformed"), ErrorKind::Malformed);
        assert_eq!(kind(26, "file is not a database"), ErrorKind::Config);
    }
}
