//! The configuration of one PostgreSQL database.

use std::sync::Arc;

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use yuanliu_contract::{ConfigProblem, ConfigSpec, FieldKind, FieldSpec, Seams, Settings, System};
use yuanliu_sql_kit::{SqlConfig, SqlSystem, SystemOptions, config};

use crate::database::PgDatabase;
use crate::session::Sessions;

/// What the server shows of us in `pg_stat_activity`.
const APPLICATION_NAME: &str = "yuanliu";

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
            Some("5432"),
            "端口。The server's port",
        ),
        required("database", "数据库名。The database"),
        required("user", "只读用户。A user that may read"),
        optional("password", FieldKind::Secret, None, "密码。The user's password"),
        optional(
            "tls",
            FieldKind::Choice(&["disable", "prefer", "require", "verify-full"]),
            Some("\"prefer\""),
            "加密方式；只有 verify-full 会核对服务器证书。Encryption; only verify-full proves who the server is",
        ),
        optional(
            "ca_file",
            FieldKind::Path,
            None,
            "服务器证书的颁发机构 (PEM)。A PEM file with the authority of the server's certificate",
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
    let text = |name| settings.text(name).unwrap_or_default().trim();
    let port = settings.integer("port").and_then(|port| u16::try_from(port).ok());
    let mut options = PgConnectOptions::new_without_pgpass()
        .host(text("host"))
        .port(port.unwrap_or(5432))
        .database(text("database"))
        .username(text("user"))
        .application_name(APPLICATION_NAME)
        .statement_cache_capacity(0)
        .ssl_mode(match text("tls") {
            "disable" => PgSslMode::Disable,
            "require" => PgSslMode::Require,
            "verify-full" => PgSslMode::VerifyFull,
            _ => PgSslMode::Prefer,
        });
    if let Some(password) = settings.secret("password") {
        options = options.password(password.reveal());
    }
    if let Some(file) = settings.path("ca_file") {
        options = options.ssl_root_cert(file);
    }
    let database = PgDatabase {
        sessions: Sessions::new(options, config.statement_limit, config.connect_timeout),
        time_zone: config.time_zone,
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
