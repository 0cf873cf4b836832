//! The configuration of one MySQL or MariaDB database.

use std::sync::Arc;

use sqlx::ConnectOptions;
use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};
use tokio_rustls::rustls::crypto::aws_lc_rs;
use yuanliu_contract::{ConfigProblem, ConfigSpec, FieldKind, FieldSpec, Seams, Settings, System};
use yuanliu_sql_kit::{SqlConfig, SqlSystem, SystemOptions, config};

use crate::database::MySqlDatabase;
use crate::session::{Limits, Sessions};
use crate::wire::{Reading, ZeroDates};

/// The server's port if none is given (MySQL manual, "Connection Options").
const PORT_DEFAULT: u16 = 3306;

/// The configuration fields.
pub(crate) fn spec() -> ConfigSpec {
    let required =
        |name, help| FieldSpec { name, kind: FieldKind::Text, required: true, default: None, help };
    let optional =
        |name, kind, default, help| FieldSpec { name, kind, required: false, default, help };
    let mut fields = vec![
        required("host", "服务器名或地址。The server's name or address"),
        optional(
            "port",
            FieldKind::Integer { min: 1, max: 65_535 },
            Some("3306"),
            "端口。The server's port",
        ),
        required("database", "数据库名。The database"),
        required("user", "只读用户。A user that may read"),
        optional("password", FieldKind::Secret, None, "密码。The user's password"),
        optional(
            "tls",
            FieldKind::Choice(&["disable", "prefer", "require", "verify-ca", "verify-full"]),
            Some("\"prefer\""),
            "加密方式；verify-ca 核对证书颁发机构，verify-full 还核对主机名，其他方式无法防范中间人。Encryption; verify-ca proves who issued the certificate, verify-full also the host, the others leave a man in the middle unnoticed",
        ),
        optional(
            "ca_file",
            FieldKind::Path,
            None,
            "服务器证书的颁发机构 (PEM)。A PEM file with the authority of the server's certificate",
        ),
        optional(
            "zero_dates",
            FieldKind::Choice(&["reject", "null"]),
            Some("\"reject\""),
            "0000-00-00 的处理：拒收该行，或读作空值 (声明 not_null 的列和主键列仍拒收)。What 0000-00-00 becomes: the row is rejected, or it is read as null, except in columns declared not_null and in keys",
        ),
        optional(
            "connections",
            FieldKind::Integer { min: 1, max: 16 },
            Some("2"),
            "最多同时连接数。Connections at the same time at most",
        ),
    ];
    fields.extend(config::fields());
    ConfigSpec { fields }
}

/// Builds a system from settings, or says everything that is wrong with them.
pub(crate) fn open(
    settings: &Settings,
    seams: Seams,
) -> Result<Arc<dyn System>, Vec<ConfigProblem>> {
    let config = SqlConfig::read(settings, Vec::new())?;
    let tls = tls(settings)?;
    let text = |name| settings.text(name).unwrap_or_default().trim();
    let port = settings.integer("port").and_then(|port| u16::try_from(port).ok());
    let mut options = MySqlConnectOptions::new()
        .host(text("host"))
        .port(port.unwrap_or(PORT_DEFAULT))
        .database(text("database"))
        .username(text("user"))
        .statement_cache_capacity(0)
        // `||` and the like mean in the admin's expressions what they mean on the server.
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .ssl_mode(tls)
        .disable_statement_logging();
    if let Some(password) = settings.secret("password") {
        options = options.password(password.reveal());
    }
    if let Some(file) = settings.path("ca_file") {
        options = options.ssl_ca(file);
    }
    let connections = settings.integer("connections").and_then(|n| usize::try_from(n).ok());
    let limits = Limits {
        statement: config.statement_limit,
        connect: config.connect_timeout,
        connections: connections.unwrap_or(1).max(1),
    };
    let zero_dates = match settings.text("zero_dates") {
        Some("null") => ZeroDates::Null,
        _ => ZeroDates::Reject,
    };
    let database = MySqlDatabase {
        sessions: Sessions::new(options, limits, seams.budget.clone()),
        reading: Reading { zone: config.time_zone, zero_dates },
    };
    let options = SystemOptions {
        name: settings.system.clone(),
        streams: config.streams,
        time_zone: config.time_zone,
        page_rows: config.page_rows,
        databases: Vec::new(),
    };
    Ok(Arc::new(SqlSystem::new(database, options, seams)))
}

fn tls(settings: &Settings) -> Result<MySqlSslMode, Vec<ConfigProblem>> {
    let mode = match settings.text("tls") {
        Some("disable") => MySqlSslMode::Disabled,
        Some("require") => MySqlSslMode::Required,
        Some("verify-ca") => {
            // The driver asks the process for its cryptography here, and nowhere else. Whoever chose before
            // us chose well.
            let _ = aws_lc_rs::default_provider().install_default();
            MySqlSslMode::VerifyCa
        }
        Some("verify-full") => MySqlSslMode::VerifyIdentity,
        _ => MySqlSslMode::Preferred,
    };
    let proves = matches!(mode, MySqlSslMode::VerifyCa | MySqlSslMode::VerifyIdentity);
    match settings.path("ca_file").is_some() && !proves {
        true => Err(vec![ConfigProblem::new(
            "ca_file",
            "is used with tls = \"verify-ca\" or \"verify-full\" only",
        )]),
        false => Ok(mode),
    }
}
