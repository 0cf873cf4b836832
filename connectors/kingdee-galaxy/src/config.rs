//! The configuration of one account (账套).

use std::time::Duration;

use chrono_tz::Tz;
use yuanliu_contract::{ConfigProblem, ConfigSpec, FieldKind, FieldSpec, Settings};
use yuanliu_http_kit::{HttpOptions, Url};

use crate::auth::{Auth, KICK_OFF_VARIANTS, VARIANTS};
use crate::catalog::Catalog;

/// Rows of one page by default: releases before patch 23.11 silently cut above it.
const PAGE_ROWS_DEFAULT: &str = "2000";

/// The most rows a page may be configured to: the default of `WebAPIMaxQueryLimit` since 23.11.
const PAGE_ROWS_MAX: i64 = 10_000;

/// The configuration fields.
pub(crate) fn spec() -> ConfigSpec {
    use FieldKind::{Boolean, Choice, Integer, Path, Secret, Text, TextListTable, TimeZone};
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
                "base_url",
                FieldKind::Url,
                "服务器地址，以虚拟目录结尾。The address ending in the virtual directory, such as https://erp.example.com/K3Cloud/",
            ),
            optional(
                "acct_id",
                Text,
                "数据中心内码，不是账套名称。The data centre id, not its name",
            ),
            optional("user", Text, "集成用户名。The integration user"),
            preset(
                "login",
                Choice(VARIANTS),
                "\"login_by_sign\"",
                "登录方式；signature 为每次请求签名。How to log in; signature signs every request instead",
            ),
            optional(
                "app_id",
                Text,
                "第三方系统登录授权的应用 ID。The app id of the third-party authorisation",
            ),
            optional("app_secret", Secret, "应用密钥。The app's secret"),
            optional(
                "password",
                Secret,
                "用户密码，仅 validate_user 方式。The password, for validate_user only",
            ),
            optional(
                "passport",
                Secret,
                "通行证文件内容 (Base64)，仅 simple_passport 方式。The passport as Base64 text, for simple_passport only",
            ),
            optional(
                "org_number",
                Text,
                "登录组织编码。The number of the organisation to log in to",
            ),
            preset(
                "lcid",
                Integer { min: 1, max: 65_535 },
                "2052",
                "语言：2052 简体，3076 繁体，1033 英文。The language of the session",
            ),
            preset(
                "sign_algorithm",
                Choice(&["sha256", "sha1"]),
                "\"sha256\"",
                "login_by_sign 的摘要算法；PT-146911 之前的服务器用 sha1。Servers before patch PT-146911 expect sha1",
            ),
            preset(
                "kick_off",
                Boolean,
                "false",
                "登录时踢出同一用户的其他会话。Ends another session of the user at login",
            ),
            preset(
                "time_zone",
                TimeZone,
                "\"Asia/Shanghai\"",
                "服务器所在时区。The zone of the server's wall clock",
            ),
            preset(
                "page_rows",
                Integer { min: 1, max: PAGE_ROWS_MAX },
                PAGE_ROWS_DEFAULT,
                "每页行数；旧版服务器超过 2000 会被截断。Rows of a page; old servers cut above 2000",
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
                "按流追加的字段（自定义字段），以文本读取。Further fields by stream, read as text: { sales_order = [\"F_ABCD_Text\"] }",
            ),
        ],
    }
}

/// Checked configuration. No `Debug`: it holds credentials.
pub(crate) struct Config {
    pub(crate) system: String,
    pub(crate) base_url: Url,
    pub(crate) auth: Auth,
    pub(crate) time_zone: Tz,
    pub(crate) page_rows: usize,
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
        let auth = Auth::read(settings).map_err(|found| problems.extend(found));
        let catalog = Catalog::with_extra_fields(&settings.text_list_table("extra_fields"))
            .map_err(|found| problems.extend(found));
        if settings.boolean("kick_off") == Some(true)
            && !settings.text("login").is_some_and(|auth| KICK_OFF_VARIANTS.contains(&auth))
        {
            let words = KICK_OFF_VARIANTS.join(", ");
            problems.push(ConfigProblem::new("kick_off", format!("works with login {words} only")));
        }
        let time_zone = settings.text("time_zone").and_then(|zone| zone.trim().parse().ok());
        if time_zone.is_none() {
            problems.push(ConfigProblem::new("time_zone", "is not an IANA time zone"));
        }
        let seconds = |name| settings.integer(name).and_then(|s| u64::try_from(s).ok());
        let mut http =
            HttpOptions { ca_file: settings.path("ca_file").cloned(), ..Default::default() };
        if let Some(s) = seconds("connect_timeout_s") {
            http.connect_timeout = Duration::from_secs(s);
        }
        if let Some(s) = seconds("request_timeout_s") {
            http.request_timeout = Duration::from_secs(s);
        }
        let page_rows = settings.integer("page_rows").and_then(|n| usize::try_from(n).ok());
        match (base_url, auth, catalog, time_zone) {
            (Ok(base_url), Ok(auth), Ok(catalog), Some(time_zone)) if problems.is_empty() => {
                Ok(Self {
                    system: settings.system.clone(),
                    base_url,
                    auth,
                    time_zone,
                    page_rows: page_rows.unwrap_or(1).max(1),
                    http,
                    catalog,
                })
            }
            _ => Err(problems),
        }
    }
}

fn base_url(settings: &Settings) -> Result<Url, String> {
    let text = settings.text("base_url").unwrap_or_default().trim();
    let mut url: Url = text.parse().map_err(|error| format!("is not an address: {error}"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a user or password; write user and password instead".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("should end with the virtual directory, such as /K3Cloud/".to_owned());
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}
