//! What SQL Server's error numbers, and the driver's failures, mean for the engine's policy.

use tiberius::error::{Error, IoErrorKind};
use yuanliu_contract::{ConnectorError, ErrorKind};

/// What some numbers stand for, and what a person can do about them.
struct Rule {
    numbers: &'static [u32],
    kind: ErrorKind,
    hint: Option<&'static str>,
}

/// A rule without a hint.
const fn plain(kind: ErrorKind, numbers: &'static [u32]) -> Rule {
    Rule { numbers, kind, hint: None }
}

/// A rule with a hint.
const fn hinted(kind: ErrorKind, numbers: &'static [u32], hint: &'static str) -> Rule {
    Rule { numbers, kind, hint: Some(hint) }
}

/// Numbers that a program must tell apart. Source: "Database Engine events and errors" of the vendor's
/// documentation, and `sys.messages` of a server.
const RULES: &[Rule] = &[
    hinted(
        ErrorKind::Auth,
        &[18456, 18470, 18486, 18487, 18488],
        "check user and password, and that the login is enabled and its password has not expired",
    ),
    hinted(
        ErrorKind::Auth,
        &[18452],
        "this connector logs in with a SQL Server login; enable mixed-mode authentication (混合身份验证)",
    ),
    hinted(
        ErrorKind::Permission,
        &[4060, 4064, 916],
        "check the database's name, and that the login is mapped to a user in it",
    ),
    hinted(ErrorKind::NotFound, &[911], "check the database's name"),
    hinted(
        ErrorKind::NotFound,
        &[208],
        "run systems discover for the tables this login can see, and check the database and schema",
    ),
    hinted(
        ErrorKind::NotFound,
        &[207, 4104],
        "run systems discover for the columns this login can see",
    ),
    hinted(
        ErrorKind::Permission,
        &[229, 230, 262, 297, 300, 371],
        "grant the right to the login: grant select on the table, or db_datareader",
    ),
    plain(ErrorKind::Busy, &[1205, 1222, 3960, 3961, 601]),
    hinted(
        ErrorKind::Config,
        &[3952],
        "set isolation = \"read_committed\", or ask for ALTER DATABASE … SET ALLOW_SNAPSHOT_ISOLATION ON",
    ),
    hinted(
        ErrorKind::Config,
        &[978],
        "this replica serves read-only connections only: set read_only_intent = true",
    ),
    // A database that is starting, restoring, failing over or in single-user mode.
    plain(
        ErrorKind::Busy,
        &[921, 922, 924, 927, 942, 952, 976, 983, 17142, 17809, 40143, 40197, 40613],
    ),
    // Memory, worker threads, space of tempdb.
    plain(ErrorKind::Busy, &[701, 802, 1105, 8645, 8651]),
    plain(ErrorKind::RateLimited, &[10928, 10929, 40501, 49918, 49919, 49920]),
    plain(ErrorKind::SessionExpired, &[596]),
    plain(ErrorKind::Unreachable, &[6005]),
    hinted(
        ErrorKind::Config,
        &[22105, 22106, 22117],
        "ask for change tracking on the database and the table (see the connector's README), or leave \
         `deletes` out",
    ),
    hinted(
        ErrorKind::Config,
        &[102, 103, 105, 156, 195, 319, 1033, 4145, 8117, 8155, 8156, 8180],
        "check the stream's condition, query and expressions in a query window",
    ),
    hinted(
        ErrorKind::Config,
        &[220, 241, 242, 245, 8114, 8115, 8134],
        "an expression, a cast or a condition of the stream fails on a row: write it so that it yields null \
         there",
    ),
    hinted(
        ErrorKind::Config,
        &[451, 468],
        "columns of different collation meet in the stream's query: write `collate database_default`",
    ),
];

/// Severity from which the server ends the connection.
const FATAL_CLASS: u8 = 20;

/// The kind of failure a server's error number stands for, and what a person can do about it.
pub(crate) fn kind_of(number: u32, class: u8) -> (ErrorKind, Option<&'static str>) {
    match RULES.iter().find(|rule| rule.numbers.contains(&number)) {
        Some(rule) => (rule.kind, rule.hint),
        None if class >= FATAL_CLASS => (ErrorKind::Unreachable, None),
        None => (ErrorKind::Refused, None),
    }
}

/// What a failed certificate check most often comes from.
const TLS_HINT: &str = "a self-signed certificate that carries CA:TRUE cannot be used as a server's own \
    certificate: give the server one issued by a CA and set trust = \"ca_file\", or, on a network you \
    trust, trust = \"any\"";

/// What a refused encryption level comes from.
const ENCRYPTION_HINT: &str = "the server does not take part in encryption as configured: install a \
    certificate there, or, on a network you trust, set encryption to login_only or not_supported";

/// A driver's failure while doing `action`, as the contract has it.
pub(crate) fn explain(action: &str, error: Error) -> ConnectorError {
    let (kind, hint, detail) = match &error {
        Error::Server(token) => {
            let (kind, hint) = kind_of(token.code(), token.class());
            (kind, hint, format!("error {}: {}", token.code(), token.message()))
        }
        Error::Io { kind: IoErrorKind::TimedOut, message } => {
            (ErrorKind::Timeout, None, message.clone())
        }
        Error::Io { message, .. } => (ErrorKind::Unreachable, None, message.clone()),
        // The driver's own text recommends its programming interface; the first sentence is enough.
        Error::Tls(message) => {
            let end = message.find(" To connect anyway").unwrap_or(message.len());
            (ErrorKind::Config, Some(TLS_HINT), message.get(..end).unwrap_or(message).to_owned())
        }
        Error::Encoding(message) => (
            ErrorKind::Config,
            Some("write the column as an expression: expr = \"cast([column] as nvarchar(4000))\""),
            message.to_string(),
        ),
        Error::Protocol(message) if message.contains("encryption level") => {
            (ErrorKind::Config, Some(ENCRYPTION_HINT), message.to_string())
        }
        Error::Routing { host, port } => {
            (ErrorKind::Unreachable, None, format!("the server sends on to {host}:{port} again"))
        }
        _ => (ErrorKind::Malformed, None, error.to_string()),
    };
    let explained = ConnectorError::new(kind, action).with_detail(detail);
    match hint {
        Some(hint) => explained.with_hint(hint),
        None => explained,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn numbers_a_program_must_tell_apart() {
        for (number, kind) in [
            (18456, ErrorKind::Auth),
            (4060, ErrorKind::Permission),
            (208, ErrorKind::NotFound),
            (207, ErrorKind::NotFound),
            (229, ErrorKind::Permission),
            (1205, ErrorKind::Busy),
            (1222, ErrorKind::Busy),
            (3960, ErrorKind::Busy),
            (10928, ErrorKind::RateLimited),
            (40501, ErrorKind::RateLimited),
            (156, ErrorKind::Config),
            (50_000, ErrorKind::Refused),
        ] {
            assert_eq!(kind_of(number, 16).0, kind, "{number}");
        }
        assert_eq!(kind_of(50_000, 20).0, ErrorKind::Unreachable);
    }

    #[test]
    fn no_number_has_two_meanings() {
        let mut seen = BTreeSet::new();
        for number in RULES.iter().flat_map(|rule| rule.numbers) {
            assert!(seen.insert(number), "{number} is listed twice");
        }
    }

    #[test]
    fn a_rejected_certificate_is_a_matter_of_configuration() {
        let message = "the server's certificate was rejected during the TLS handshake: invalid. To \
                       connect anyway you can: (1) call things";
        let error = explain("logging in", Error::Tls(message.to_owned()));
        assert_eq!(error.kind, ErrorKind::Config);
        assert!(!error.detail.unwrap().contains("call things"));
        assert!(error.hint.unwrap().contains("CA:TRUE"));
    }

    #[test]
    fn a_broken_connection_may_be_tried_again() {
        let io = |kind| Error::Io { kind, message: "…".to_owned() };
        let kind = |error| explain("reading", error).kind;
        assert_eq!(kind(io(IoErrorKind::TimedOut)), ErrorKind::Timeout);
        assert_eq!(kind(io(IoErrorKind::ConnectionReset)), ErrorKind::Unreachable);
        assert_eq!(kind(Error::Utf16), ErrorKind::Malformed);
    }
}
