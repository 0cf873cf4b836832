//! The configuration of one account (账套).

use std::time::Duration;

use chrono_tz::Tz;
use yuanliu_contract::{ConfigProblem, ConfigSpec, FieldKind, FieldSpec, Secret, Settings};
use yuanliu_http_kit::{HttpOptions, Url};

use crate::catalog::Catalog;

/// The relay answers 20 rows unless asked for more (reference: yonyou.md 2.3); a larger page costs
/// as many `get` calls before anything is landed.
const PAGE_ROWS_DEFAULT: &str = "50";
const PAGE_ROWS_MAX: i64 = 500;

/// How far back documents are read again every run: most are closed within a month.
const DOCUMENT_DAYS_DEFAULT: &str = "31";

/// The configuration fields.
pub(crate) fn spec() -> ConfigSpec {
    use FieldKind::{Integer, Path, Secret, Text, TextListTable, TimeZone};
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
            preset(
                "base_url",
                FieldKind::Url,
                "\"https://api.yonyouup.com/\"",
                "开放平台地址。The address of the vendor's relay",
            ),
            required("from_account", Text, "调用方企业账号。The caller's enterprise account"),
            optional(
                "to_account",
                Text,
                "U8 所属企业账号，缺省同调用方。The account of the U8's owner; the caller's if left out",
            ),
            required("app_key", Text, "应用的 app_key。The app's key"),
            required("app_secret", Secret, "应用的 app_secret。The app's secret"),
            optional(
                "ds_sequence",
                Integer { min: 1, max: 999 },
                "客户端中登记的数据源序号，缺省第一个。The data source registered in the agent; the first if left out",
            ),
            preset(
                "time_zone",
                TimeZone,
                "\"Asia/Shanghai\"",
                "U8 服务器所在时区。The zone of the U8 server's wall clock",
            ),
            preset(
                "page_rows",
                Integer { min: 1, max: PAGE_ROWS_MAX },
                PAGE_ROWS_DEFAULT,
                "每页单据或档案数；每张单据另需一次调用取明细。Documents or masters of a page; each document costs one more call for its lines",
            ),
            preset(
                "document_days",
                Integer { min: 1, max: 3_660 },
                DOCUMENT_DAYS_DEFAULT,
                "每次重读最近多少天的单据，因为接口没有单据的修改时间。Days of documents read again every run, as documents have no change filter",
            ),
            preset(
                "connect_timeout_s",
                timeout,
                "10",
                "连接超时秒数。Seconds a connection may take",
            ),
            preset("request_timeout_s", timeout, "120", "请求超时秒数。Seconds one call may take"),
            optional(
                "ca_file",
                Path,
                "私有证书颁发机构 (PEM)。A PEM file with a private certificate authority",
            ),
            optional(
                "extra_fields",
                TextListTable,
                "按流追加的字段（自定义项），以文本读取。Further fields by stream, read as text: { sales_order = [\"define1\", \"entry.define22\"] }",
            ),
        ],
    }
}

/// What every call carries. No `Debug`: it holds credentials.
pub(crate) struct Account {
    pub(crate) base_url: Url,
    pub(crate) from_account: String,
    pub(crate) to_account: String,
    pub(crate) app_key: String,
    pub(crate) app_secret: Secret,
    pub(crate) ds_sequence: Option<i64>,
}

/// Checked configuration.
pub(crate) struct Config {
    pub(crate) system: String,
    pub(crate) account: Account,
    pub(crate) time_zone: Tz,
    pub(crate) page_rows: usize,
    pub(crate) document_days: u64,
    pub(crate) http: HttpOptions,
    pub(crate) catalog: Catalog,
}

impl Config {
    /// Reads settings, or says everything the field kinds alone could not show.
    pub(crate) fn read(settings: &Settings) -> Result<Self, Vec<ConfigProblem>> {
        let mut problems = Vec::new();
        let base_url = base_url(settings).map_err(|message| {
            problems.push(ConfigProblem::new("base_url", message));
        });
        let catalog = Catalog::with_extra_fields(&settings.text_list_table("extra_fields"))
            .map_err(|found| problems.extend(found));
        let secret = settings.secret("app_secret").map(|secret| secret.reveal().trim().to_owned());
        if secret.as_ref().is_none_or(String::is_empty) {
            problems.push(ConfigProblem::new("app_secret", "is empty"));
        }
        let time_zone = settings.text("time_zone").and_then(|zone| zone.trim().parse().ok());
        if time_zone.is_none() {
            problems.push(ConfigProblem::new("time_zone", "is not an IANA time zone"));
        }
        let (Ok(base_url), Ok(catalog), Some(time_zone), Some(secret)) =
            (base_url, catalog, time_zone, secret)
        else {
            return Err(problems);
        };
        if !problems.is_empty() {
            return Err(problems);
        }
        let text = |name| settings.text(name).map(|text| text.trim().to_owned());
        let number = |name| settings.integer(name).and_then(|n| u64::try_from(n).ok());
        let from_account = text("from_account").unwrap_or_default();
        let mut http =
            HttpOptions { ca_file: settings.path("ca_file").cloned(), ..Default::default() };
        if let Some(s) = number("connect_timeout_s") {
            http.connect_timeout = Duration::from_secs(s);
        }
        if let Some(s) = number("request_timeout_s") {
            http.request_timeout = Duration::from_secs(s);
        }
        let page_rows = number("page_rows").and_then(|n| usize::try_from(n).ok());
        Ok(Self {
            system: settings.system.clone(),
            account: Account {
                base_url,
                to_account: text("to_account").unwrap_or_else(|| from_account.clone()),
                from_account,
                app_key: text("app_key").unwrap_or_default(),
                app_secret: Secret::new(secret),
                ds_sequence: settings.integer("ds_sequence"),
            },
            time_zone,
            page_rows: page_rows.unwrap_or(1).max(1),
            document_days: number("document_days").unwrap_or(1),
            http,
            catalog,
        })
    }
}

fn base_url(settings: &Settings) -> Result<Url, String> {
    let text = settings.text("base_url").unwrap_or_default().trim();
    let mut url: Url = text.parse().map_err(|error| format!("is not an address: {error}"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a user or password, which the relay does not know".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("should end with the host or a path, without `?`".to_owned());
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}
