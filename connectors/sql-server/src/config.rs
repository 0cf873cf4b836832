//! The configuration of one server.

use std::path::PathBuf;
use std::time::Duration;

use chrono_tz::Tz;
use tiberius::EncryptionLevel;
use yuanliu_contract::{ConfigProblem, ConfigSpec, FieldKind, FieldSpec, Secret, Settings};
use yuanliu_sql_kit::SqlConfig;

use crate::kind::SqlServerKind;

/// The port of a default instance.
const PORT_DEFAULT: u16 = 1433;

/// The configuration fields of a kind.
pub(crate) fn spec(kind: &SqlServerKind) -> ConfigSpec {
    use FieldKind::{Boolean, Choice, Integer, Path, Secret, Text, TextList};
    let field =
        |name, kind, required, default, help| FieldSpec { name, kind, required, default, help };
    let mut fields = vec![
        field(
            "host",
            Text,
            true,
            None,
            "服务器名或 IP 地址，不含实例名和端口。The server's name or address, without instance and port",
        ),
        field(
            "port",
            Integer { min: 1, max: 65_535 },
            false,
            None,
            "TCP 端口，默认 1433。The TCP port, 1433 if left out",
        ),
        field(
            "instance",
            Text,
            false,
            None,
            "命名实例名，仅用于核对；它的端口必须写在 port 中，不查询 SQL Browser。A named instance, only to be verified; its port must be given, SQL Browser is not asked",
        ),
        field("database", Text, false, None, "数据库名。The database"),
        field("user", Text, true, None, "SQL Server 登录名。A SQL Server login"),
        field("password", Secret, true, None, "登录密码。Its password"),
        field(
            "encryption",
            Choice(&["required", "on", "login_only", "not_supported"]),
            false,
            Some("\"required\""),
            "required、on：全程加密；login_only：仅加密登录；not_supported：密码与数据都不加密，仅用于不支持 TLS 的旧服务器。How much is encrypted; with not_supported password and data cross the network in the clear",
        ),
        field(
            "trust",
            Choice(&["system", "ca_file", "any"]),
            false,
            Some("\"system\""),
            "system：信任操作系统的根证书；ca_file：另外信任 ca_file 中的证书；any：接受任何证书，无法防范中间人窃取密码和数据，仅用于可信网络。Whose certificates are believed; any accepts every certificate, so that anyone between can read the password and the data",
        ),
        field(
            "ca_file",
            Path,
            false,
            None,
            "证书颁发机构 (PEM)，用于 trust = \"ca_file\"。A PEM file with certificate authorities",
        ),
        field(
            "isolation",
            Choice(&["read_committed", "snapshot", "nolock"]),
            false,
            Some("\"read_committed\""),
            "read_committed：等待写锁；snapshot：读取版本，不等待（数据库须启用 ALLOW_SNAPSHOT_ISOLATION）；nolock：不等待，但可能读到未提交、重复或缺失的行，且回滚的行可能留在湖中。snapshot reads versions and waits for nobody; nolock waits for nobody either, but may read rows that are never committed, twice, or not at all",
        ),
        field(
            "read_only_intent",
            Boolean,
            false,
            Some("false"),
            "以只读意向连接，可由可用性组转到辅助副本。Connects with ApplicationIntent=ReadOnly, for a readable secondary",
        ),
        field(
            "lock_timeout_ms",
            Integer { min: 0, max: 600_000 },
            false,
            Some("5000"),
            "等待锁的毫秒数，超时后稍后重试。Milliseconds to wait for a lock, then later again",
        ),
        field(
            "connections",
            Integer { min: 1, max: 16 },
            false,
            Some("2"),
            "最多同时连接数。Connections at the same time at most",
        ),
    ];
    if kind.has_yearly_databases {
        fields.push(field("databases", TextList, false, None, "多个数据库作为一个系统读取，按年份从旧到新。Several databases read as one system, oldest first, as yearly ones"));
    }
    fields.extend(yuanliu_sql_kit::config::fields());
    ConfigSpec { fields }
}

/// How reading behaves towards writers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Isolation {
    ReadCommitted,
    Snapshot,
    NoLock,
}

/// Whose certificates are believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trust {
    System,
    CaFile(PathBuf),
    Any,
}

/// Checked configuration. No `Debug`: it holds credentials.
pub(crate) struct Config {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) instance: Option<String>,
    /// What a connection opens unless another is asked for.
    pub(crate) database: String,
    /// Read as one system, oldest first; empty: only `database`.
    pub(crate) databases: Vec<String>,
    pub(crate) user: String,
    pub(crate) password: Secret,
    pub(crate) encryption: EncryptionLevel,
    pub(crate) trust: Trust,
    pub(crate) isolation: Isolation,
    pub(crate) read_only_intent: bool,
    pub(crate) lock_timeout_ms: i64,
    pub(crate) connections: usize,
    pub(crate) time_zone: Tz,
    pub(crate) statement_limit: Duration,
    pub(crate) connect_timeout: Duration,
}

impl Config {
    /// Reads settings, or says everything the field kinds alone could not show.
    pub(crate) fn read(
        settings: &Settings,
        shared: &SqlConfig,
    ) -> Result<Self, Vec<ConfigProblem>> {
        let mut problems = Vec::new();
        let text = |name: &str| settings.text(name).map(|text| text.trim().to_owned());
        let host = text("host").unwrap_or_default();
        if host.contains(['\\', ',', ':', '/']) {
            problems.push(ConfigProblem::new(
                "host",
                "holds more than a name: write the instance and the port as fields of their own",
            ));
        }
        let port = settings.integer("port").and_then(|port| u16::try_from(port).ok());
        let instance = text("instance");
        if instance.is_some() && port.is_none() {
            problems.push(ConfigProblem::new(
                "port",
                "is required with an instance: SQL Browser is not asked; the port is shown by SQL \
                 Server Configuration Manager under TCP/IP",
            ));
        }
        let databases = settings.text_list("databases");
        let database = match (text("database"), databases.last()) {
            (Some(_), Some(_)) => {
                problems
                    .push(ConfigProblem::new("database", "give database or databases, not both"));
                String::new()
            }
            (Some(database), None) => database,
            (None, Some(last)) => last.clone(),
            (None, None) => {
                problems.push(ConfigProblem::new("database", "is required, or databases"));
                String::new()
            }
        };
        let ca_file = settings.path("ca_file");
        let trust = match (settings.text("trust"), ca_file) {
            (Some("ca_file"), Some(path)) => Trust::CaFile(path.clone()),
            (Some("any"), None) => Trust::Any,
            (Some("system") | None, None) => Trust::System,
            (Some("ca_file"), None) => {
                problems
                    .push(ConfigProblem::new("ca_file", "is required with trust = \"ca_file\""));
                Trust::System
            }
            _ => {
                problems
                    .push(ConfigProblem::new("ca_file", "is used with trust = \"ca_file\" only"));
                Trust::System
            }
        };
        let password = settings.secret("password").cloned();
        match password {
            Some(password) if problems.is_empty() => Ok(Self {
                host,
                port: port.unwrap_or(PORT_DEFAULT),
                instance,
                database,
                databases,
                user: text("user").unwrap_or_default(),
                password,
                encryption: match settings.text("encryption") {
                    Some("not_supported") => EncryptionLevel::NotSupported,
                    Some("login_only") => EncryptionLevel::Off,
                    Some("on") => EncryptionLevel::On,
                    _ => EncryptionLevel::Required,
                },
                trust,
                isolation: match settings.text("isolation") {
                    Some("snapshot") => Isolation::Snapshot,
                    Some("nolock") => Isolation::NoLock,
                    _ => Isolation::ReadCommitted,
                },
                read_only_intent: settings.boolean("read_only_intent").unwrap_or(false),
                lock_timeout_ms: settings.integer("lock_timeout_ms").unwrap_or(0),
                connections: settings
                    .integer("connections")
                    .and_then(|count| usize::try_from(count).ok())
                    .unwrap_or(1)
                    .max(1),
                time_zone: shared.time_zone,
                statement_limit: shared.statement_limit,
                connect_timeout: shared.connect_timeout,
            }),
            _ => Err(problems),
        }
    }
}
