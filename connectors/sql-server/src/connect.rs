//! One connection: TCP, encryption, login, and how its session is set up.

use std::time::Duration;

use tiberius::{AuthMethod, Client};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_util::compat::{Compat, TokioAsyncWriteCompatExt};
use yuanliu_contract::{ConnectorError, ErrorKind, Result};

use crate::config::{Config, Isolation, Trust};
use crate::error::explain;

/// A logged-in connection.
pub(crate) type Connection = Client<Compat<TcpStream>>;

/// What DBAs see in their lists of sessions.
const APPLICATION_NAME: &str = "yuanliu";

/// How often a login may be sent on to another address, as cloud gateways do.
const REDIRECTS_MAX: usize = 2;

/// Options that statements over indexed views and computed columns need, long values whole, and dates
/// read alike whatever the login's language.
const SESSION_OPTIONS: &str = "set ansi_nulls, ansi_warnings, ansi_padding, arithabort, \
    quoted_identifier, concat_null_yields_null on; set numeric_roundabort off; \
    set textsize 2147483647; set dateformat ymd";

/// Connects, logs in to a database and sets the session up.
pub(crate) async fn connect(config: &Config, database: &str) -> Result<Connection> {
    let action = format!("logging in to {}:{}", config.host, config.port);
    match timeout(config.connect_timeout, log_in(config, database, &action)).await {
        Ok(done) => done,
        Err(_) => Err(ConnectorError::new(ErrorKind::Timeout, action)
            .with_detail(format!("no answer within {} ms", config.connect_timeout.as_millis()))
            .with_hint("check host, port and firewall; TCP/IP must be enabled on the server")),
    }
}

async fn log_in(config: &Config, database: &str, action: &str) -> Result<Connection> {
    let (mut host, mut port) = (config.host.clone(), config.port);
    for redirects in 0..=REDIRECTS_MAX {
        let stream = TcpStream::connect((host.as_str(), port)).await.map_err(|source| {
            ConnectorError::new(ErrorKind::Unreachable, action)
                .with_detail(source.to_string())
                .with_hint("check host, port and firewall; TCP/IP must be enabled on the server")
                .with_source(source)
        })?;
        // A refused option costs some delay and nothing else.
        let _ = stream.set_nodelay(true);
        let options = driver_options(config, database, &host, port);
        match Client::connect(options, stream.compat_write()).await {
            Ok(mut connection) => {
                set_up(&mut connection, config).await?;
                return Ok(connection);
            }
            Err(tiberius::error::Error::Routing { host: next_host, port: next_port })
                if redirects < REDIRECTS_MAX =>
            {
                (host, port) = (next_host, next_port);
            }
            Err(error) => return Err(explain(action, error)),
        }
    }
    Err(ConnectorError::new(ErrorKind::Unreachable, action).with_detail("sent on too often"))
}

fn driver_options(config: &Config, database: &str, host: &str, port: u16) -> tiberius::Config {
    let mut options = tiberius::Config::new();
    options.host(host);
    options.port(port);
    options.database(database);
    options.application_name(APPLICATION_NAME);
    options.authentication(AuthMethod::sql_server(&config.user, config.password.reveal()));
    options.encryption(config.encryption);
    options.readonly(config.read_only_intent);
    if let Some(instance) = &config.instance {
        options.instance_name(instance);
    }
    match &config.trust {
        Trust::System => {}
        Trust::CaFile(path) => options.trust_cert_ca(path.display()),
        Trust::Any => options.trust_cert(),
    }
    // Old programs store what is not valid UTF-16; one such value must not end a page.
    options.lossy_utf16_decoding(true);
    // Both are bounded here, where the action is known.
    options.handshake_timeout(None);
    options.command_timeout(None);
    options
}

async fn set_up(connection: &mut Connection, config: &Config) -> Result<()> {
    let action = "setting the session up";
    let sql = session_statement(config.isolation, config.lock_timeout_ms);
    let answer = connection.simple_query(sql).await.map_err(|error| explain(action, error))?;
    answer.into_results().await.map(drop).map_err(|error| explain(action, error))
}

fn session_statement(isolation: Isolation, lock_timeout_ms: i64) -> String {
    let level = match isolation {
        Isolation::ReadCommitted => "read committed",
        Isolation::Snapshot => "snapshot",
        Isolation::NoLock => "read uncommitted",
    };
    format!(
        "{SESSION_OPTIONS}; set lock_timeout {lock_timeout_ms}; \
         set transaction isolation level {level}"
    )
}

/// The error of a statement that did not end within its limit.
pub(crate) fn too_long(action: &str, limit: Duration) -> ConnectorError {
    ConnectorError::new(ErrorKind::Timeout, action)
        .with_detail(format!("the statement did not end within {} ms", limit.as_millis()))
        .with_hint("see systems check for a missing index, or set page_rows lower")
}
