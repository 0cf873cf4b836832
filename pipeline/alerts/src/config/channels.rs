//! Channels: where messages go out, with what lets them out.

use std::collections::BTreeMap;

use crate::config::section::Section;
use crate::config::{FILE, Language, Problem};
use crate::secret::{Secret, SecretSource};
use crate::transport::{MailSecurity, MailServer};

/// What a channel speaks, with what it needs for that.
#[derive(Debug, Clone)]
pub enum ChannelKind {
    /// A custom robot of a DingTalk group.
    DingTalk {
        /// The robot's address, token included.
        webhook: Secret,
        /// The key of 加签, where the robot has one.
        secret: Option<Secret>,
    },
    /// A robot of a WeCom group.
    WeCom {
        /// The robot's address, key included.
        webhook: Secret,
    },
    /// A custom bot of a Feishu group.
    Feishu {
        /// The bot's address, token included.
        webhook: Secret,
        /// The key of 签名校验, where the bot has one.
        secret: Option<Secret>,
    },
    /// A mail server.
    Mail(MailServer),
    /// Whatever takes a signed POST.
    Webhook {
        /// Where to.
        url: Secret,
        /// The key of the signature; `whsec_` and base64, or any text.
        secret: Secret,
    },
}

impl ChannelKind {
    const WORDS: [&'static str; 5] = ["dingtalk", "wecom", "feishu", "mail", "webhook"];

    /// The word in files and answers.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::DingTalk { .. } => "dingtalk",
            Self::WeCom { .. } => "wecom",
            Self::Feishu { .. } => "feishu",
            Self::Mail(_) => "mail",
            Self::Webhook { .. } => "webhook",
        }
    }

    /// Messages a minute that the other side takes.
    fn per_minute_default(&self) -> i64 {
        match self {
            // 每个机器人每分钟最多发送20条 (both vendors).
            Self::DingTalk { .. } | Self::WeCom { .. } => 20,
            // 100 次/分钟, 5 次/秒: one a second stays under both.
            Self::Feishu { .. } => 60,
            Self::Mail(_) | Self::Webhook { .. } => 60,
        }
    }
}

/// A way out.
#[derive(Debug, Clone)]
pub struct Channel {
    /// What it speaks.
    pub kind: ChannelKind,
    /// The language of its messages, where it differs from the rest.
    pub language: Option<Language>,
    /// Messages it sends in any 60 seconds.
    pub per_minute: usize,
}

pub(super) fn read(
    table: toml::Table,
    secrets: &dyn SecretSource,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Channel> {
    let mut channels = BTreeMap::new();
    for (name, value) in table {
        let path = format!("{FILE}: [channels.{name}]");
        let toml::Value::Table(table) = value else {
            let message = format!("should be a table, written [channels.{name}]");
            problems.push(Problem { path, message });
            continue;
        };
        if name.contains(':') || name == super::people::REGION_MANAGER {
            let message = "a channel's name holds no colon and is not region_manager".to_owned();
            problems.push(Problem { path, message });
            continue;
        }
        let mut section = Section::new(path, table, problems);
        let channel = read_one(&mut section, secrets);
        section.finish();
        if let Some(channel) = channel {
            channels.insert(name, channel);
        }
    }
    channels
}

fn read_one(section: &mut Section<'_>, secrets: &dyn SecretSource) -> Option<Channel> {
    let language = section.word("language", Language::parse, &["zh", "en"]);
    let word = section.needed_text("kind");
    let kind = match word.as_deref() {
        Some("dingtalk") => {
            let (webhook, secret) = robot(section, secrets);
            webhook.map(|webhook| ChannelKind::DingTalk { webhook, secret })
        }
        Some("feishu") => {
            let (webhook, secret) = robot(section, secrets);
            webhook.map(|webhook| ChannelKind::Feishu { webhook, secret })
        }
        Some("wecom") => {
            let webhook = address(section, "webhook", secrets);
            webhook.map(|webhook| ChannelKind::WeCom { webhook })
        }
        Some("webhook") => {
            let url = address(section, "url", secrets);
            let secret = section.needed_secret("secret", secrets);
            url.zip(secret).map(|(url, secret)| ChannelKind::Webhook { url, secret })
        }
        Some("mail") => mail(section, secrets).map(ChannelKind::Mail),
        Some(other) => {
            let known = ChannelKind::WORDS.join(", ");
            section.problem("kind", format!("`{other}` should be one of {known}"));
            None
        }
        None => None,
    };
    let default = kind.as_ref().map_or(1, ChannelKind::per_minute_default);
    let per_minute = section.integer("per_minute", 1, 10_000, default);
    Some(Channel { kind: kind?, language, per_minute: usize::try_from(per_minute).ok()? })
}

fn robot(
    section: &mut Section<'_>,
    secrets: &dyn SecretSource,
) -> (Option<Secret>, Option<Secret>) {
    (address(section, "webhook", secrets), section.secret("secret", secrets))
}

/// An address that is a secret; nothing of it is repeated.
fn address(
    section: &mut Section<'_>,
    key: &'static str,
    secrets: &dyn SecretSource,
) -> Option<Secret> {
    let address = section.needed_secret(key, secrets)?;
    let text = address.reveal();
    let is_http = text.starts_with("https://") || text.starts_with("http://");
    if !is_http || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        section.problem(key, "what it refers to is no http or https address");
        return None;
    }
    Some(address)
}

fn mail(section: &mut Section<'_>, secrets: &dyn SecretSource) -> Option<MailServer> {
    let parse = |word: &str| match word {
        "tls" => Some((MailSecurity::Tls, 465)),
        "starttls" => Some((MailSecurity::StartTls, 587)),
        "none" => Some((MailSecurity::None, 25)),
        _ => None,
    };
    let words = ["tls", "starttls", "none"];
    let (security, usual_port) =
        section.word("security", parse, &words).unwrap_or((MailSecurity::Tls, 465));
    let host = section.needed_text("server");
    let port = section.integer("port", 1, 65_535, usual_port);
    let from = section.needed_text("from");
    let user = section.text("user");
    let password = section.secret("password", secrets);
    if user.is_some() != password.is_some() {
        section.problem("user", "needs `password` beside it, and the other way round");
    }
    let from = from.filter(|from| {
        let is_address = from.parse::<lettre::message::Mailbox>().is_ok();
        if !is_address {
            section.problem("from", "is no mail address");
        }
        is_address
    });
    let port = u16::try_from(port).ok()?;
    Some(MailServer { host: host?, port, security, login: user.zip(password), from: from? })
}
