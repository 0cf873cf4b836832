//! What a message says.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::alert::{Alert, short_hash};
use crate::channels::{Markup, Message};
use crate::config::{AlertsConfig, Channel, Language, value_text};
use crate::delivery::Delivery;
use crate::severity::Severity;
use crate::template::Template;

/// A digest names so many alerts and counts the rest.
const DIGEST_LINES_MAX: usize = 20;

/// Words a message to one channel.
pub(super) struct Composer<'c> {
    config: &'c AlertsConfig,
    language: Language,
    markup: Markup,
}

impl<'c> Composer<'c> {
    pub(super) fn new(config: &'c AlertsConfig, channel: &Channel) -> Self {
        let language = channel.language.unwrap_or(config.language);
        Self { config, language, markup: channel.markup() }
    }

    /// The message of some deliveries to one recipient, with their alerts.
    pub(super) fn message(&self, parts: &[(&Delivery, &Alert)], now: DateTime<Utc>) -> Message {
        let ids: Vec<_> = parts.iter().map(|(delivery, _)| delivery.delivery_id.as_str()).collect();
        let severity = parts.iter().map(|(_, alert)| alert.severity).max();
        let (title, lines) = match parts {
            [(delivery, alert)] => self.single(delivery, alert),
            _ => self.digest(parts),
        };
        let recipient = parts.first().map(|(delivery, _)| delivery.key.recipient.clone());
        Message {
            // One delivery keeps its id over all attempts; a digest of the same ones does too.
            message_id: match ids.as_slice() {
                [one] => (*one).to_owned(),
                several => short_hash(several),
            },
            title,
            text: self.markup.lines(&lines),
            severity: severity.unwrap_or(Severity::Info),
            recipient: recipient.unwrap_or_default(),
            at: now,
            alerts: parts
                .iter()
                .map(|(delivery, alert)| self.for_machines(delivery, alert))
                .collect(),
        }
    }

    /// A message that only says that the channel works.
    pub(super) fn test(&self, recipient: &str, now: DateTime<Utc>) -> Message {
        let (title, text) = match self.language {
            Language::Zh => ("源流：通道测试", "此通道可以收到预警。"),
            Language::En => ("Yuanliu: test of the channel", "This channel receives alerts."),
        };
        Message {
            message_id: short_hash(&["test", recipient, &now.timestamp_micros().to_string()]),
            title: title.to_owned(),
            text: text.to_owned(),
            severity: Severity::Info,
            recipient: recipient.to_owned(),
            at: now,
            alerts: Vec::new(),
        }
    }

    fn single(&self, delivery: &Delivery, alert: &Alert) -> (String, Vec<String>) {
        let mut lines: Vec<String> =
            self.text(alert).lines().map(str::to_owned).filter(|line| !line.is_empty()).collect();
        let (first, last) = (self.time(alert.first_at), self.time(alert.last_at));
        lines.push(match (self.language, alert.count) {
            (Language::Zh, 1) => format!("时间：{first}"),
            (Language::Zh, count) => format!("{count} 次，{first} 至 {last}"),
            (Language::En, 1) => format!("At {first}"),
            (Language::En, count) => format!("{count} times, {first} to {last}"),
        });
        if delivery.key.step > 0 {
            lines.push(match self.language {
                Language::Zh => format!("无人确认，升级第 {} 步", delivery.key.step),
                Language::En => format!("Nobody acknowledged: step {}", delivery.key.step),
            });
        }
        lines.extend(self.link(alert));
        (self.title(alert), lines)
    }

    fn digest(&self, parts: &[(&Delivery, &Alert)]) -> (String, Vec<String>) {
        let mut told: Vec<&Alert> = Vec::new();
        for (_, alert) in parts {
            if !told.iter().any(|known| known.alert_id == alert.alert_id) {
                told.push(alert);
            }
        }
        told.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.first_at.cmp(&b.first_at)));
        let rest = told.len().saturating_sub(DIGEST_LINES_MAX);
        let mut lines: Vec<_> = told
            .iter()
            .take(DIGEST_LINES_MAX)
            .map(|alert| match alert.count {
                1 => format!("- {}", self.title(alert)),
                count => format!("- {} ×{count}", self.title(alert)),
            })
            .collect();
        let title = match self.language {
            Language::Zh => format!("预警汇总：{} 条", told.len()),
            Language::En => format!("{} alerts", told.len()),
        };
        if rest > 0 {
            lines.push(match self.language {
                Language::Zh => format!("另有 {rest} 条，见预警列表。"),
                Language::En => format!("And {rest} more; see the list of alerts."),
            });
        }
        (title, lines)
    }

    fn title(&self, alert: &Alert) -> String {
        let word = match (self.language, alert.severity) {
            (Language::Zh, Severity::Info) => "【提示】",
            (Language::Zh, Severity::Warning) => "【预警】",
            (Language::Zh, Severity::Critical) => "【紧急】",
            (Language::En, Severity::Info) => "[info] ",
            (Language::En, Severity::Warning) => "[warning] ",
            (Language::En, Severity::Critical) => "[critical] ",
        };
        let over = match (self.language, alert.is_live()) {
            (_, true) => "",
            (Language::Zh, false) => "（已恢复）",
            (Language::En, false) => " (over)",
        };
        let title = match self.rule(alert) {
            Some(rule) => self.render(&rule.wording(self.language).title, alert),
            None => self.render(&Template::built_in(self.built_in(alert).0), alert),
        };
        format!("{word}{}{over}", title.trim())
    }

    fn text(&self, alert: &Alert) -> String {
        match self.rule(alert) {
            Some(rule) => self.render(&rule.wording(self.language).text, alert),
            None => self.render(&Template::built_in(self.built_in(alert).1), alert),
        }
    }

    /// None if the file lost it since.
    fn rule(&self, alert: &Alert) -> Option<&'c crate::config::Rule> {
        self.config.rules.iter().find(|rule| rule.name == alert.rule && rule.on == alert.kind)
    }

    fn built_in(&self, alert: &Alert) -> (&'static str, &'static str) {
        match self.language {
            Language::Zh => alert.kind.text_zh(),
            Language::En => alert.kind.text_en(),
        }
    }

    fn render(&self, template: &Template, alert: &Alert) -> String {
        template.render(|name| self.value(name, alert), |value| self.markup.escape(value))
    }

    fn value(&self, name: &str, alert: &Alert) -> Option<String> {
        match name {
            "rule" => Some(alert.rule.clone()),
            "kind" => Some(alert.kind.as_str().to_owned()),
            "subject" => Some(alert.subject.clone()),
            "severity" => Some(alert.severity.as_str().to_owned()),
            "region_code" => alert.region_code.clone(),
            "dealer_code" => alert.dealer_code.clone(),
            "first_at" => Some(self.time(alert.first_at)),
            "last_at" => Some(self.time(alert.last_at)),
            "count" => Some(alert.count.to_string()),
            "link" => self.link(alert),
            _ => alert.fields.get(name).and_then(value_text),
        }
    }

    fn link(&self, alert: &Alert) -> Option<String> {
        let link = self.config.link.as_ref()?;
        Some(link.replace("{alert_id}", &alert.alert_id))
    }

    fn time(&self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.config.time_zone).format("%Y-%m-%d %H:%M").to_string()
    }

    fn for_machines(&self, delivery: &Delivery, alert: &Alert) -> Value {
        json!({
            "alert_id": alert.alert_id,
            "delivery_id": delivery.delivery_id,
            "round": delivery.key.round,
            "step": delivery.key.step,
            "rule": alert.rule,
            "kind": alert.kind.as_str(),
            "subject": alert.subject,
            "severity": alert.severity.as_str(),
            "status": alert.status.as_str(),
            "count": alert.count,
            "first_at": alert.first_at.to_rfc3339(),
            "last_at": alert.last_at.to_rfc3339(),
            "region_code": alert.region_code,
            "dealer_code": alert.dealer_code,
            "fields": alert.fields,
            "link": self.link(alert),
        })
    }
}
