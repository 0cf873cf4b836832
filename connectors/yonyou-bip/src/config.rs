//! The configuration of one tenant.

use std::time::Duration;

use yuanliu_contract::{ConfigProblem, ConfigSpec, FieldKind, FieldSpec, Settings};
use yuanliu_http_kit::{HttpOptions, Url};

use crate::auth::{APPS, Login, TOKEN_PATHS};
use crate::catalog::Catalog;

/// The most rows a page may be configured to: what the customer list takes, which takes most.
const PAGE_ROWS_MAX: i64 = 5_000;

/// The most calls of one path in a minute that can be configured.
const CALLS_PER_MINUTE_MAX: i64 = 100_000;

/// The configuration fields.
pub(crate) fn spec() -> ConfigSpec {
    use FieldKind::{Choice, Integer, Path, Secret, Text, TextListTable};
    let required = |name, kind, help| FieldSpec { name, kind, required: true, default: None, help };
    let optional =
        |name, kind, help| FieldSpec { name, kind, required: false, default: None, help };
    let preset = |name, kind, default, help| FieldSpec {
        name,
        kind,
        required: false,
        default: Some(default),
        help,
    };
    let timeout = Integer { min: 1, max: 600 };
    ConfigSpec {
        fields: vec![
            required("tenant_id", Text, "租户 ID。The tenant's id"),
            required(
                "app_key",
                Text,
                "应用的 appKey，服务商应用为 suiteKey。The app's key, of a suite its suiteKey",
            ),
            required(
                "app_secret",
                Secret,
                "应用的 appSecret，服务商应用为 suiteSecret。The app's secret",
            ),
            preset(
                "app",
                Choice(APPS),
                "\"self_built\"",
                "应用类型：企业自建或服务商套件。A tenant's own app, or a vendor's suite",
            ),
            optional(
                "suite_ticket",
                Secret,
                "旧服务商应用的 suiteTicket。The ticket that old suites sign with",
            ),
            preset(
                "token_path",
                Choice(TOKEN_PATHS),
                "\"current\"",
                "取 token 的路径：2023-07 起、之前、或网关前缀下。Where the token is: since 2023-07, before, or below the gateway",
            ),
            preset(
                "discovery_url",
                FieldKind::Url,
                "\"https://apigateway.yonyoucloud.com\"",
                "数据中心查询地址；专属云有自己的地址。The host that knows the tenant's data centre; private clouds have their own",
            ),
            preset(
                "calls_per_minute",
                Integer { min: 1, max: CALLS_PER_MINUTE_MAX },
                "50",
                "每个接口每分钟调用上限；免费档约 60。Calls of one API per minute; the free tier allows about 60",
            ),
            preset(
                "page_rows",
                Integer { min: 1, max: PAGE_ROWS_MAX },
                "500",
                "每页行数，常用 100–500。Rows of a page; 100 to 500 are usual",
            ),
            preset(
                "connect_timeout_s",
                timeout,
                "10",
                "连接超时秒数。Seconds a connection may take",
            ),
            preset(
                "request_timeout_s",
                timeout,
                "60",
                "请求超时秒数；网关自身约 30 秒。Seconds one call may take; the gateway gives up after about 30",
            ),
            optional(
                "ca_file",
                Path,
                "私有证书颁发机构 (PEM)。A PEM file with a private certificate authority",
            ),
            optional(
                "extra_fields",
                TextListTable,
                "按流追加的字段（自定义项），以文本读取。Further fields by stream, read as text: { sales_order = [\"headItem.define1\"] }",
            ),
        ],
    }
}

/// How to reach a tenant. No `Debug`: it holds credentials.
pub(crate) struct Access {
    pub(crate) discovery_url: Url,
    pub(crate) login: Login,
    pub(crate) calls_per_minute: usize,
    pub(crate) http: HttpOptions,
}

impl Access {
    /// Reads settings, or says everything the field kinds alone could not show.
    pub(crate) fn read(settings: &Settings) -> Result<Self, Vec<ConfigProblem>> {
        let mut problems = Vec::new();
        let discovery_url = host(settings.text("discovery_url").unwrap_or_default())
            .map_err(|message| problems.push(ConfigProblem::new("discovery_url", message)));
        let login = Login::read(settings).map_err(|found| problems.extend(found));
        let count = |name| settings.integer(name).and_then(|n| usize::try_from(n).ok());
        let seconds = |name| settings.integer(name).and_then(|s| u64::try_from(s).ok());
        let mut http =
            HttpOptions { ca_file: settings.path("ca_file").cloned(), ..Default::default() };
        if let Some(s) = seconds("connect_timeout_s") {
            http.connect_timeout = Duration::from_secs(s);
        }
        if let Some(s) = seconds("request_timeout_s") {
            http.request_timeout = Duration::from_secs(s);
        }
        match (discovery_url, login) {
            (Ok(discovery_url), Ok(login)) => Ok(Self {
                discovery_url,
                login,
                calls_per_minute: count("calls_per_minute").unwrap_or(1),
                http,
            }),
            _ => Err(problems),
        }
    }
}

/// Checked configuration of a system that is read.
pub(crate) struct Config {
    pub(crate) system: String,
    pub(crate) access: Access,
    pub(crate) page_rows: usize,
    pub(crate) catalog: Catalog,
}

impl Config {
    /// Reads settings, or says everything the field kinds alone could not show.
    pub(crate) fn read(settings: &Settings) -> Result<Self, Vec<ConfigProblem>> {
        let mut problems = Vec::new();
        let access = Access::read(settings).map_err(|found| problems.extend(found));
        let catalog = Catalog::with_extra_fields(&settings.text_list_table("extra_fields"))
            .map_err(|found| problems.extend(found));
        let page_rows = settings.integer("page_rows").and_then(|n| usize::try_from(n).ok());
        match (access, catalog) {
            (Ok(access), Ok(catalog)) => Ok(Self {
                system: settings.system.clone(),
                access,
                page_rows: page_rows.unwrap_or(1).max(1),
                catalog,
            }),
            _ => Err(problems),
        }
    }
}

fn host(text: &str) -> Result<Url, String> {
    let url: Url = text.trim().parse().map_err(|error| format!("is not an address: {error}"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a user or password, which this call does not take".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("should be the address of a host only".to_owned());
    }
    Ok(url)
}
