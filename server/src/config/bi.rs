//! `[bi]`: where BI tools come in.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use yuanliu_bi::Bounds;
use yuanliu_contract::{ConfigProblem, ConfigSpec, FieldKind, FieldSpec, Settings};

/// Where BI tools come in, and what they may take.
#[derive(Debug, Clone)]
pub(crate) struct BiConfig {
    /// The address.
    pub(crate) address: SocketAddr,
    /// Certificate and key of TLS, in PEM.
    pub(crate) tls: Option<(PathBuf, PathBuf)>,
    /// What they may take.
    pub(crate) bounds: Bounds,
}

/// The fields of the section.
pub(super) fn spec() -> ConfigSpec {
    let field =
        |name, kind, default, help| FieldSpec { name, kind, required: false, default, help };
    let whole = |min, max| FieldKind::Integer { min, max };
    ConfigSpec {
        fields: vec![
            field(
                "port",
                whole(0, 65_535),
                None,
                "端口 of the PostgreSQL protocol; without it there is none",
            ),
            field(
                "bind",
                FieldKind::Text,
                Some("\"127.0.0.1\""),
                "监听地址 another than 127.0.0.1 needs certificate and key",
            ),
            field("certificate", FieldKind::Path, None, "证书 a PEM file"),
            field("key", FieldKind::Path, None, "私钥 a PEM file"),
            field("connections", whole(1, 1_000), Some("32"), "连接数 at a time"),
            field("statements", whole(1, 100), Some("4"), "并发查询 statements that run at a time"),
            field(
                "statement_s",
                whole(1, 3_600),
                Some("60"),
                "查询时限 seconds a statement may take",
            ),
        ],
    }
}

/// What the checked section says; outer `None` after a problem, inner where there is no endpoint.
pub(super) fn read(
    section: &Settings,
    problems: &mut Vec<ConfigProblem>,
) -> Option<Option<BiConfig>> {
    let Some(port) = section.integer("port") else { return Some(None) };
    let mut problem = |key: &str, told: &str| {
        problems.push(ConfigProblem::new(format!("hub.toml: [bi] {key}"), told));
        None
    };
    let Ok(ip) = section.text("bind")?.parse::<IpAddr>() else {
        return problem("bind", "should be an address: 127.0.0.1 or 0.0.0.0");
    };
    let tls = match (section.path("certificate"), section.path("key")) {
        (Some(certificate), Some(key)) => Some((certificate.clone(), key.clone())),
        (None, None) if ip.is_loopback() => None,
        (None, None) => {
            let told =
                "passwords would travel as they are; set certificate and key, or bind to 127.0.0.1";
            return problem("certificate", told);
        }
        _ => return problem("certificate", "needs both `certificate` and `key`"),
    };
    let count = |name: &str| usize::try_from(section.integer(name)?).ok();
    Some(Some(BiConfig {
        address: SocketAddr::new(ip, u16::try_from(port).ok()?),
        tls,
        bounds: Bounds {
            connections: count("connections")?,
            statements: count("statements")?,
            statement_time: Duration::from_secs(
                u64::try_from(section.integer("statement_s")?).ok()?,
            ),
        },
    }))
}
