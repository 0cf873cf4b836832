//! The configuration of one registered external system of NC.

use yuanliu_contract::{ConfigProblem, ConfigSpec, FieldKind, FieldSpec, Settings};
use yuanliu_http_kit::{HttpOptions, Url};

use crate::eai::{address, http_options};

/// The configuration fields.
pub(crate) fn spec() -> ConfigSpec {
    use FieldKind::{Integer, Path, Text};
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
                "外部交换平台地址。The address, such as http://ncserver/service/XChangeServlet",
            ),
            required("account", Text, "账套编码。The code of the account"),
            required("sender", Text, "外部系统编码。The code of the registered external system"),
            optional(
                "receiver",
                Text,
                "公司或组织编码 (NC5)。The code of the company or organisation, for NC5",
            ),
            optional(
                "groupcode",
                Text,
                "集团编码 (NC6、NCC)。The code of the group, for NC6 and NCC",
            ),
            optional("orgcode", Text, "组织编码。The code of the organisation"),
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
        ],
    }
}

/// Checked configuration.
pub(crate) struct Config {
    /// With account and receiver or group in the query.
    pub(crate) url: Url,
    pub(crate) account: String,
    pub(crate) sender: String,
    pub(crate) receiver: String,
    pub(crate) groupcode: String,
    pub(crate) orgcode: String,
    pub(crate) http: HttpOptions,
}

impl Config {
    /// Reads settings, or says everything the field kinds alone could not show.
    pub(crate) fn read(settings: &Settings) -> Result<Self, Vec<ConfigProblem>> {
        let mut problems = Vec::new();
        let url = address(settings, "url").map_err(|problem| problems.push(problem));
        let text = |name| settings.text(name).unwrap_or_default().trim().to_owned();
        let (receiver, groupcode) = (text("receiver"), text("groupcode"));
        if receiver.is_empty() && groupcode.is_empty() {
            let message = "give receiver (NC5) or groupcode (NC6, NCC)";
            problems.push(ConfigProblem::new("receiver", message));
        }
        let Some(mut url) = url.ok().filter(|_| problems.is_empty()) else { return Err(problems) };
        let account = text("account");
        // Values in the address take the place of those of the document (reference: yonyou.md 3.3).
        let target = match groupcode.is_empty() {
            true => ("receiver", &receiver),
            false => ("groupcode", &groupcode),
        };
        url.query_pairs_mut().append_pair("account", &account).append_pair(target.0, target.1);
        Ok(Self {
            url,
            account,
            sender: text("sender"),
            receiver,
            groupcode,
            orgcode: text("orgcode"),
            http: http_options(settings),
        })
    }
}
