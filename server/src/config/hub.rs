//! `hub.toml`: where data lives, zones, limits.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono_tz::Tz;
use yuanliu_access::OidcConfig;
use yuanliu_contract::config::SecretSource;
use yuanliu_contract::{ConfigProblem, ConfigSpec, FieldKind, FieldSpec, Settings};

use super::bi::{self, BiConfig};
use super::check_sections;
use super::secrets::FolderSecrets;
use super::telemetry::{self, TelemetryConfig};

/// What `hub.toml` says, defaults filled in.
#[derive(Debug, Clone)]
pub(crate) struct HubConfig {
    /// Where the lake and the metadata live.
    pub(crate) data: PathBuf,
    /// The zone of business dates.
    pub(crate) time_zone: Tz,
    /// What a build or a query may hold in memory before it spills.
    pub(crate) memory_limit_mib: usize,
    /// Of a partition with fewer rows all are written anew where one changes.
    pub(crate) amended_rows_min: u64,
    /// Models on disk; none: those built into the binary.
    pub(crate) sql_folder: Option<PathBuf>,
    /// What tells regions.
    pub(crate) regions: RegionsConfig,
    /// The zone of scan times that name none.
    pub(crate) device_time_zone: Tz,
    /// Blocks of the trace index that a hub that serves keeps in memory.
    pub(crate) index_cache_mib: u64,
    /// How long replaced files stay readable, for readers with an older version open.
    pub(crate) vacuum_retention_hours: i64,
    /// How the hub serves.
    pub(crate) serve: ServeConfig,
    /// Where the metadata is; none: SQLite in the data folder. Holds a password.
    pub(crate) metadata_url: Option<SecretText>,
    /// The password of the first administrator; none: one is made up and printed.
    pub(crate) first_password: Option<SecretText>,
    /// The company's identity provider.
    pub(crate) oidc: Option<OidcConfig>,
    /// Its secret.
    pub(crate) oidc_secret: Option<SecretText>,
    /// Who says whether a challenge was solved; none: nobody is challenged.
    pub(crate) captcha: Option<CaptchaConfig>,
    /// What it tells of itself.
    pub(crate) telemetry: TelemetryConfig,
    /// Where BI tools come in; none: nowhere.
    pub(crate) bi: Option<BiConfig>,
}

/// A text with a secret in it.
#[derive(Clone)]
pub(crate) struct SecretText(pub(crate) String);

impl std::fmt::Debug for SecretText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretText(…)")
    }
}

/// Files that tell regions.
#[derive(Debug, Clone, Default)]
pub(crate) struct RegionsConfig {
    /// Region tables; none: those built into the binary.
    pub(crate) folder: Option<PathBuf>,
    /// Addresses whose region somebody corrected.
    pub(crate) corrections: Option<PathBuf>,
    /// A map of counties; none: the one built into the binary.
    pub(crate) map: Option<PathBuf>,
    /// Provinces of IP addresses; none: an IP address tells no region.
    pub(crate) ip: Option<PathBuf>,
}

/// What `serve` does besides answering.
#[derive(Clone)]
pub(crate) struct ServeConfig {
    /// Lines `name token`, a secret; none: whoever reaches the port may send.
    pub(crate) device_tokens: Option<String>,
    /// Events are in the lake after this at the latest.
    pub(crate) flush: Duration,
    /// The models are built so often; zero: never.
    pub(crate) build_every: Duration,
    /// A proxy says who asks.
    pub(crate) is_behind_proxy: bool,
    /// Browsers come by https.
    pub(crate) is_https: bool,
    /// Small tables that are kept in memory for reports.
    pub(crate) tables_bytes: usize,
}

impl std::fmt::Debug for ServeConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServeConfig")
            .field("flush", &self.flush)
            .field("build_every", &self.build_every)
            .finish_non_exhaustive()
    }
}

/// A service that speaks `siteverify`.
#[derive(Clone)]
pub(crate) struct CaptchaConfig {
    /// Where to ask.
    pub(crate) url: String,
    /// The site's secret.
    pub(crate) secret: String,
}

impl std::fmt::Debug for CaptchaConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CaptchaConfig").field("url", &self.url).finish_non_exhaustive()
    }
}

fn field(
    name: &'static str,
    kind: FieldKind,
    default: Option<&'static str>,
    help: &'static str,
) -> FieldSpec {
    FieldSpec { name, kind, required: false, default, help }
}

fn specs() -> Vec<(&'static str, ConfigSpec)> {
    let hub = vec![
        field(
            "data",
            FieldKind::Path,
            Some("\"../data\""),
            "数据目录 the folder of lake and metadata",
        ),
        field(
            "time_zone",
            FieldKind::TimeZone,
            Some("\"Asia/Shanghai\""),
            "业务时区 the zone of business dates",
        ),
        field(
            "metadata",
            FieldKind::Secret,
            None,
            "元数据库 a reference to postgres://…; left out, SQLite in the data folder",
        ),
        field(
            "first_password",
            FieldKind::Secret,
            None,
            "初始管理员密码 of the login admin; left out, one is made up and printed once",
        ),
    ];
    let lake = vec![
        field(
            "memory_limit_mib",
            FieldKind::Integer { min: 128, max: 1 << 20 },
            Some("1200"),
            "内存上限 what a build may hold before it spills to disk",
        ),
        field(
            "amended_rows_min",
            FieldKind::Integer { min: 0, max: 1 << 40 },
            Some("10000"),
            "局部更新下限 of a partition with fewer rows all are written anew where one changes",
        ),
        field(
            "vacuum_retention_hours",
            FieldKind::Integer { min: 1, max: 24 * 3650 },
            Some("168"),
            "旧文件保留时间 how long replaced files are kept",
        ),
    ];
    let warehouse = vec![field(
        "sql",
        FieldKind::Path,
        None,
        "模型目录 a folder of models instead of the built-in ones",
    )];
    let regions = vec![
        field(
            "folder",
            FieldKind::Path,
            None,
            "区划目录 a folder of region tables instead of the built-in ones",
        ),
        field(
            "corrections",
            FieldKind::Path,
            None,
            "地址纠正 a CSV of addresses whose region somebody corrected",
        ),
        field(
            "map",
            FieldKind::Path,
            None,
            "区县边界 a GeoJSON of counties in WGS-84 instead of the built-in map",
        ),
        field(
            "ip",
            FieldKind::Path,
            None,
            "IP 库 an ip2region xdb file; without one an IP address tells no region",
        ),
    ];
    let scans = vec![
        field(
            "device_time_zone",
            FieldKind::TimeZone,
            Some("\"Asia/Shanghai\""),
            "设备时区 the zone of scan times that name none",
        ),
        field(
            "index_cache_mib",
            FieldKind::Integer { min: 16, max: 1 << 20 },
            Some("512"),
            "索引缓存 megabytes of the trace index kept in memory while the hub serves",
        ),
    ];
    let serve = vec![
        field(
            "device_tokens",
            FieldKind::Secret,
            None,
            "设备令牌 a file of lines `name token`, one for each device",
        ),
        field(
            "flush_s",
            FieldKind::Integer { min: 1, max: 3600 },
            Some("5"),
            "入湖间隔 seconds until events are in the lake",
        ),
        field(
            "build_every_s",
            FieldKind::Integer { min: 0, max: 86_400 },
            Some("300"),
            "构建间隔 seconds between builds of the models, 0 for none; rests where a job builds all models",
        ),
        field(
            "tables_mib",
            FieldKind::Integer { min: 0, max: 1 << 20 },
            Some("128"),
            "报表缓存 megabytes of small tables kept in memory for reports",
        ),
        field(
            "behind_proxy",
            FieldKind::Boolean,
            Some("false"),
            "反向代理 a proxy stands before the hub and says in X-Forwarded-For who asks",
        ),
        field(
            "https",
            FieldKind::Boolean,
            Some("false"),
            "安全连接 browsers reach the hub by https: its cookies go nowhere else",
        ),
    ];
    let captcha = vec![
        field("url", FieldKind::Url, None, "人机验证 where to ask whether a challenge was solved"),
        field("secret", FieldKind::Secret, None, "人机验证密钥 the site's secret there"),
    ];
    let section = |fields| ConfigSpec { fields };
    vec![
        ("hub", section(hub)),
        ("lake", section(lake)),
        ("warehouse", section(warehouse)),
        ("regions", section(regions)),
        ("scans", section(scans)),
        ("serve", section(serve)),
        ("captcha", section(captcha)),
        ("telemetry", telemetry::spec()),
        ("bi", bi::spec()),
    ]
}

impl HubConfig {
    pub(super) fn check(
        folder: &Path,
        table: &toml::Table,
        secrets: &FolderSecrets,
        problems: &mut Vec<ConfigProblem>,
    ) -> Option<Self> {
        let mut table = table.clone();
        let oidc = table.remove("oidc");
        let sections = check_sections("hub.toml", &table, &specs(), secrets, problems)?;
        let (oidc, oidc_secret) = identity_provider(oidc, secrets, problems)?;
        let [hub, lake, warehouse, regions, scans, serve, captcha, told, bi] =
            <[Settings; 9]>::try_from(sections).ok()?;
        let zone = |settings: &Settings, name| settings.text(name)?.parse::<Tz>().ok();
        let captcha = match (captcha.text("url"), captcha.secret("secret")) {
            (Some(url), Some(secret)) => {
                Some(CaptchaConfig { url: url.to_owned(), secret: secret.reveal().to_owned() })
            }
            (None, None) => None,
            _ => {
                let told = "needs both `url` and `secret`; leave out the section for no challenges";
                problems.push(ConfigProblem::new("hub.toml: [captcha]", told.to_owned()));
                return None;
            }
        };
        Some(Self {
            data: hub.path("data").cloned().unwrap_or_else(|| folder.join("../data")),
            time_zone: zone(&hub, "time_zone")?,
            memory_limit_mib: usize::try_from(lake.integer("memory_limit_mib")?).ok()?,
            amended_rows_min: u64::try_from(lake.integer("amended_rows_min")?).ok()?,
            sql_folder: warehouse.path("sql").cloned(),
            regions: RegionsConfig {
                folder: regions.path("folder").cloned(),
                corrections: regions.path("corrections").cloned(),
                map: regions.path("map").cloned(),
                ip: regions.path("ip").cloned(),
            },
            device_time_zone: zone(&scans, "device_time_zone")?,
            index_cache_mib: u64::try_from(scans.integer("index_cache_mib")?).ok()?,
            vacuum_retention_hours: lake.integer("vacuum_retention_hours")?,
            serve: ServeConfig {
                device_tokens: serve.secret("device_tokens").map(|s| s.reveal().to_owned()),
                flush: seconds(&serve, "flush_s")?,
                build_every: seconds(&serve, "build_every_s")?,
                is_behind_proxy: serve.boolean("behind_proxy")?,
                is_https: serve.boolean("https")?,
                tables_bytes: usize::try_from(serve.integer("tables_mib")?).ok()? << 20,
            },
            metadata_url: hub.secret("metadata").map(|s| SecretText(s.reveal().to_owned())),
            first_password: hub.secret("first_password").map(|s| SecretText(s.reveal().to_owned())),
            oidc,
            oidc_secret,
            captcha,
            telemetry: telemetry::read(&told)?,
            bi: bi::read(&bi, problems)?,
        })
    }
}

/// Reads `[oidc]`, and the secret it refers to.
fn identity_provider(
    section: Option<toml::Value>,
    secrets: &FolderSecrets,
    problems: &mut Vec<ConfigProblem>,
) -> Option<(Option<OidcConfig>, Option<SecretText>)> {
    let Some(section) = section else { return Some((None, None)) };
    let mut problem = |told: String| {
        problems.push(ConfigProblem::new("hub.toml: [oidc]", told));
        None
    };
    let config: OidcConfig = match section.try_into() {
        Ok(config) => config,
        Err(error) => return problem(error.to_string().trim_end().to_owned()),
    };
    if let Some(told) = config.problems().into_iter().next() {
        return problem(told);
    }
    let secret = match config.client_secret.as_deref().map(|text| secrets.resolve(text)) {
        None => None,
        Some(Ok(secret)) => Some(SecretText(secret)),
        Some(Err(told)) => return problem(format!("client_secret {told}")),
    };
    Some((Some(config), secret))
}

fn seconds(settings: &Settings, name: &str) -> Option<Duration> {
    u64::try_from(settings.integer(name)?).ok().map(Duration::from_secs)
}
