//! Alerts over the API.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use yuanliu_access::Principal;
use yuanliu_alerts::{AlertFilter, AlertStore, ChannelKind, DeliveryFilter, Handled, Target};
use yuanliu_api::ports::{
    Alert, AlertDesk, AlertRule, AlertStatus, Answer, Delivery, DeliveryStatus, Page, PageAsked,
    PortError, Severity,
};
use yuanliu_warehouse::RowLimit;

use super::Desk;
use super::answer::failed;
use crate::knowledge::is_within;

#[async_trait]
impl AlertDesk for Desk {
    async fn alerts(
        &self,
        who: &Principal,
        status: Option<AlertStatus>,
        page: &PageAsked,
    ) -> Answer<Page<Alert>> {
        let status = status.map(|status| match status {
            AlertStatus::Open => yuanliu_alerts::AlertStatus::Open,
            AlertStatus::Acknowledged => yuanliu_alerts::AlertStatus::Acknowledged,
            AlertStatus::Resolved => yuanliu_alerts::AlertStatus::Resolved,
        });
        let filter = AlertFilter { status, rule: None, after: after(page)? };
        let rows = page.limit.saturating_add(1);
        let found = self.service().hub.metadata.alerts(&filter, rows).await;
        let mut found = found.map_err(|error| failed(error.into()))?;
        let next = next(&mut found, page, |one| (one.opened_at, &one.alert_id));
        let limit = self.limit(who);
        let seen = found.into_iter().filter(|one| is_seen(one, limit.as_ref()));
        Ok(Page { items: seen.map(alert).collect(), next })
    }

    async fn acknowledge(&self, who: &Principal, alert_id: &str, note: &str) -> Answer<Alert> {
        self.expect_seen(who, alert_id).await?;
        let handled = self.0.alerts.acknowledge(alert_id, &who.login, Some(note)).await;
        handled_as(alert_id, handled.map_err(|error| failed(error.into()))?)
    }

    async fn resolve(&self, who: &Principal, alert_id: &str, note: &str) -> Answer<Alert> {
        self.expect_seen(who, alert_id).await?;
        let handled = self.0.alerts.resolve(alert_id, &who.login, Some(note)).await;
        handled_as(alert_id, handled.map_err(|error| failed(error.into()))?)
    }

    async fn rules(&self, _who: &Principal) -> Answer<Vec<AlertRule>> {
        let config = self.0.alerts.config();
        let rules = config.rules.iter().map(|rule| AlertRule {
            name: rule.name.clone(),
            on: rule.on.as_str().to_owned(),
            title: rule.on.text_en().0.to_owned(),
            title_zh: rule.on.text_zh().0.to_owned(),
            severity: severity(rule.severity_from),
            channels: rule.to.iter().map(channel).collect(),
            enabled: true,
        });
        Ok(rules.collect())
    }

    async fn deliveries(&self, _who: &Principal, page: &PageAsked) -> Answer<Page<Delivery>> {
        let filter = DeliveryFilter { after: after(page)?, ..DeliveryFilter::default() };
        let rows = page.limit.saturating_add(1);
        let found = self.service().hub.metadata.deliveries(&filter, rows).await;
        let mut found = found.map_err(|error| failed(error.into()))?;
        let next = next(&mut found, page, |one| (one.created_at, &one.delivery_id));
        let items = found.into_iter().map(|one| self.delivery(one)).collect();
        Ok(Page { items, next })
    }

    async fn test_channel(&self, who: &Principal, channel: &str) -> Answer<Delivery> {
        let at = Utc::now();
        let sent = self.0.alerts.test_channel(channel, "").await;
        let error = match sent {
            Ok(()) => None,
            Err(yuanliu_alerts::TestError::NoChannel(_)) => {
                return Err(PortError::NotFound(format!("there is no channel `{channel}`")));
            }
            Err(error) => Some(crate::exit::chain(&error.into())),
        };
        ::tracing::info!(channel, by = who.login, "a channel was tried");
        Ok(Delivery {
            delivery_id: format!("test-{}", at.timestamp_micros()),
            alert_id: None,
            channel: channel.to_owned(),
            channel_kind: self.channel_kind(channel),
            status: if error.is_none() {
                DeliveryStatus::Delivered
            } else {
                DeliveryStatus::Failed
            },
            attempts: 1,
            created_at: at,
            delivered_at: error.is_none().then_some(at),
            next_attempt_at: None,
            error,
        })
    }
}

/// The channel of a target, or that it depends on the region.
fn channel(target: &Target) -> String {
    match target {
        Target::Address(address) => address.channel.clone(),
        Target::RegionManager => "region_manager".to_owned(),
    }
}

impl Desk {
    /// What somebody does not see they cannot handle.
    async fn expect_seen(&self, who: &Principal, alert_id: &str) -> Answer<()> {
        let found = self.service().hub.metadata.alert(alert_id).await;
        let found = found.map_err(|error| failed(error.into()))?;
        match found.filter(|one| is_seen(one, self.limit(who).as_ref())) {
            Some(_) => Ok(()),
            None => Err(PortError::NotFound(format!("there is no alert {alert_id}"))),
        }
    }

    fn channel_kind(&self, name: &str) -> String {
        let config = self.0.alerts.config();
        config
            .channels
            .get(name)
            .map_or_else(String::new, |channel| kind_word(&channel.kind).to_owned())
    }

    fn delivery(&self, one: yuanliu_alerts::Delivery) -> Delivery {
        Delivery {
            channel_kind: self.channel_kind(&one.key.channel),
            status: match one.status {
                yuanliu_alerts::DeliveryStatus::Sent => DeliveryStatus::Delivered,
                yuanliu_alerts::DeliveryStatus::GivenUp => DeliveryStatus::Failed,
                _ => DeliveryStatus::Waiting,
            },
            next_attempt_at: one.status.is_waiting().then_some(one.next_at),
            delivery_id: one.delivery_id,
            alert_id: Some(one.key.alert_id),
            channel: one.key.channel,
            attempts: one.attempts,
            created_at: one.created_at,
            delivered_at: one.sent_at,
            error: one.last_error,
        }
    }
}

fn handled_as(alert_id: &str, handled: Handled) -> Answer<Alert> {
    match handled {
        Handled::Done(found) => Ok(alert(*found)),
        Handled::NotFound => Err(PortError::NotFound(format!("there is no alert {alert_id}"))),
        Handled::AlreadyResolved => {
            Err(PortError::Conflict(format!("alert {alert_id} is over already")))
        }
    }
}

/// Alerts about no place and nobody in particular are for all who may see alerts.
fn is_seen(alert: &yuanliu_alerts::Alert, limit: Option<&RowLimit>) -> bool {
    let Some(limit) = limit else { return true };
    let is_own = |dealers: &[String]| {
        alert.dealer_code.as_ref().is_none_or(|dealer| dealers.contains(dealer))
    };
    let by_dealer = limit.dealers.as_ref().is_none_or(|dealers| is_own(dealers));
    let by_region = limit.regions.as_ref().is_none_or(|regions| match &alert.region_code {
        Some(place) => regions.codes.iter().any(|outer| is_within(place, outer)),
        None => is_own(&regions.dealers),
    });
    by_dealer && by_region
}

fn after(page: &PageAsked) -> Answer<Option<(DateTime<Utc>, String)>> {
    let Some(cursor) = &page.after else { return Ok(None) };
    let wrong = || PortError::invalid("this cursor is of another list", "begin again without it");
    let (at, id) = cursor.split_once(' ').ok_or_else(wrong)?;
    let at = at.parse().ok().and_then(DateTime::from_timestamp_micros).ok_or_else(wrong)?;
    Ok(Some((at, id.to_owned())))
}

/// Cuts a list that was read one longer than the page, and names where the next begins.
fn next<T>(
    found: &mut Vec<T>,
    page: &PageAsked,
    key: impl Fn(&T) -> (DateTime<Utc>, &String),
) -> Option<String> {
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let has_more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().filter(|_| has_more)?;
    let (at, id) = key(last);
    Some(format!("{} {id}", at.timestamp_micros()))
}

fn kind_word(kind: &ChannelKind) -> &'static str {
    match kind {
        ChannelKind::DingTalk { .. } => "dingtalk",
        ChannelKind::WeCom { .. } => "wecom",
        ChannelKind::Feishu { .. } => "feishu",
        ChannelKind::Mail(_) => "mail",
        ChannelKind::Webhook { .. } => "webhook",
    }
}

fn severity(severity: yuanliu_alerts::Severity) -> Severity {
    match severity {
        yuanliu_alerts::Severity::Info => Severity::Info,
        yuanliu_alerts::Severity::Warning => Severity::Warning,
        _ => Severity::Critical,
    }
}

fn alert(one: yuanliu_alerts::Alert) -> Alert {
    let facts: Vec<_> = one.fields.iter().map(|(name, value)| format!("{name} {value}")).collect();
    let body = facts.join(", ");
    let acknowledged = (one.status == yuanliu_alerts::AlertStatus::Acknowledged)
        .then(|| (one.handled_by.clone(), one.handled_at));
    let (acknowledged_by, acknowledged_at) = acknowledged.unwrap_or_default();
    Alert {
        severity: severity(one.severity),
        title: one.kind.text_en().0.to_owned(),
        title_zh: one.kind.text_zh().0.to_owned(),
        body: body.clone(),
        body_zh: body,
        subject: one.subject,
        link: None,
        region_code: one.region_code,
        status: match one.status {
            yuanliu_alerts::AlertStatus::Open => AlertStatus::Open,
            yuanliu_alerts::AlertStatus::Acknowledged => AlertStatus::Acknowledged,
            yuanliu_alerts::AlertStatus::Resolved => AlertStatus::Resolved,
        },
        alert_id: one.alert_id,
        rule: one.rule,
        opened_at: one.opened_at,
        last_seen_at: one.last_at,
        times: one.count,
        acknowledged_by,
        acknowledged_at,
        resolved_at: one.resolved_at,
        note: one.note,
    }
}
