//! The configuration of one registered external system (外部系统), which is bound to one 账套.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::NaiveDate;
use chrono_tz::Tz;
use yuanliu_contract::{ConfigProblem, ConfigSpec, FieldKind, FieldSpec, Settings};
use yuanliu_http_kit::{HttpOptions, Url};

use crate::catalog::Catalog;

/// The configuration fields.
pub(crate) fn spec() -> ConfigSpec {
    use FieldKind::{Integer, Path, Text, TextListTable, TimeZone};
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
            required(
                "url",
                FieldKind::Url,
                "EAI 地址。The address, such as http://u8server/U8EAI/import.asp",
            ),
            required(
                "sender",
                Text,
                "外部系统注册编码，它决定账套。The code of the registered external system, which decides the account",
            ),
            preset(
                "start_date",
                Text,
                "\"2000-01-01\"",
                "首次读取的单据起始日期。The first day of documents that a first run reads",
            ),
            preset(
                "window_days",
                Integer { min: 1, max: 366 },
                "31",
                "首次读取时每次查询的天数；单据多时取小。Days of documents of one query; fewer if there are many",
            ),
            preset(
                "document_days",
                Integer { min: 1, max: 3_660 },
                "31",
                "每次重读最近多少天的单据。Days of documents read again every run",
            ),
            preset(
                "page_rows",
                Integer { min: 1, max: 10_000 },
                "500",
                "一页的单据数。Documents of a page",
            ),
            optional(
                "key_ranges",
                TextListTable,
                "按流给出的编码分段点，把大档案分次查询，须按数据库次序。Codes at which a large archive is cut, in the database's order: { product = [\"02\", \"05\"] }",
            ),
            preset(
                "time_zone",
                TimeZone,
                "\"Asia/Shanghai\"",
                "U8 服务器所在时区。The zone of the U8 server's wall clock",
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
                "按流追加的标签（自定义项），以文本读取。Further tags by stream, read as text: { delivery = [\"define1\", \"entry.define22\"] }",
            ),
        ],
    }
}

/// Checked configuration.
pub(crate) struct Config {
    pub(crate) system: String,
    pub(crate) url: Url,
    pub(crate) sender: String,
    pub(crate) plan: Plan,
    pub(crate) http: HttpOptions,
    pub(crate) catalog: Catalog,
}

/// How streams are cut.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) time_zone: Tz,
    pub(crate) start_date: NaiveDate,
    pub(crate) window_days: u64,
    pub(crate) document_days: u64,
    pub(crate) page_rows: usize,
    pub(crate) key_ranges: BTreeMap<String, Vec<String>>,
}

impl Config {
    /// Reads settings, or says everything the field kinds alone could not show.
    pub(crate) fn read(settings: &Settings) -> Result<Self, Vec<ConfigProblem>> {
        let mut problems = Vec::new();
        let url = address(settings, "url").map_err(|problem| problems.push(problem));
        let catalog = Catalog::with_extra_fields(&settings.text_list_table("extra_fields"))
            .map_err(|found| problems.extend(found));
        let time_zone = settings.text("time_zone").and_then(|zone| zone.trim().parse().ok());
        if time_zone.is_none() {
            problems.push(ConfigProblem::new("time_zone", "is not an IANA time zone"));
        }
        let start_date = settings.text("start_date").and_then(|day| day.trim().parse().ok());
        if start_date.is_none() {
            problems.push(ConfigProblem::new("start_date", "should be a day such as 2020-01-01"));
        }
        let key_ranges = settings.text_list_table("key_ranges");
        if let Ok(catalog) = &catalog {
            let is_archive =
                |name: &str| catalog.streams.iter().any(|s| s.name == name && s.code.is_some());
            let wrong = key_ranges.keys().filter(|name| !is_archive(name));
            problems.extend(wrong.map(|name| {
                ConfigProblem::new(format!("key_ranges.{name}"), "is not an archive stream")
            }));
        }
        let (Ok(url), Ok(catalog), Some(time_zone), Some(start_date)) =
            (url, catalog, time_zone, start_date)
        else {
            return Err(problems);
        };
        if !problems.is_empty() {
            return Err(problems);
        }
        let number = |name| settings.integer(name).and_then(|n| u64::try_from(n).ok()).unwrap_or(1);
        Ok(Self {
            system: settings.system.clone(),
            url,
            sender: settings.text("sender").unwrap_or_default().trim().to_owned(),
            plan: Plan {
                time_zone,
                start_date,
                window_days: number("window_days"),
                document_days: number("document_days"),
                page_rows: usize::try_from(number("page_rows")).unwrap_or(1).max(1),
                key_ranges,
            },
            http: http_options(settings),
            catalog,
        })
    }
}

/// Limits of the HTTP caller.
pub(crate) fn http_options(settings: &Settings) -> HttpOptions {
    let seconds = |name| settings.integer(name).and_then(|s| u64::try_from(s).ok());
    let mut http = HttpOptions { ca_file: settings.path("ca_file").cloned(), ..Default::default() };
    if let Some(s) = seconds("connect_timeout_s") {
        http.connect_timeout = Duration::from_secs(s);
    }
    if let Some(s) = seconds("request_timeout_s") {
        http.request_timeout = Duration::from_secs(s);
    }
    http
}

/// An address without user and password.
pub(crate) fn address(settings: &Settings, name: &str) -> Result<Url, ConfigProblem> {
    let text = settings.text(name).unwrap_or_default().trim();
    let url: Url = text
        .parse()
        .map_err(|error| ConfigProblem::new(name, format!("is not an address: {error}")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(ConfigProblem::new(name, "holds a user or password, which would be logged"));
    }
    Ok(url)
}
