//! A signal becomes an alert, counts in one, or ends one.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::recipients::{deliveries, escalates_at};
use super::{AlertDesk, CONFLICTS_MAX, contended};
use crate::alert::{Alert, AlertStatus};
use crate::config::{AlertsConfig, Rule};
use crate::delivery::Delivery;
use crate::signal::{Phase, Signal};
use crate::store::{Saved, StoreError};

/// What a signal makes of an alert; none: nothing.
type Change = Option<(Alert, Vec<Delivery>)>;

impl AlertDesk {
    /// Takes a signal; when it returns, what follows from it is durable. Answers the alerts that it
    /// made or changed.
    pub async fn tell(&self, signal: &Signal) -> Result<Vec<String>, StoreError> {
        let config = self.config();
        let mut touched = Vec::new();
        for rule in &config.rules {
            if !rule.matches(signal) && !rule.is_ended_by(signal) {
                continue;
            }
            touched.extend(self.tell_rule(&config, rule, signal).await?);
        }
        Ok(touched)
    }

    async fn tell_rule(
        &self,
        config: &AlertsConfig,
        rule: &Rule,
        signal: &Signal,
    ) -> Result<Option<String>, StoreError> {
        let key = rule.dedup_key(signal);
        for _ in 0..CONFLICTS_MAX {
            let latest = self.store.latest_alert(&key).await?;
            let now = self.clock.now();
            let change = match signal.phase {
                Phase::Cleared => latest.and_then(|alert| ended(alert, signal)),
                Phase::Raised => self.raised(config, rule, &key, latest, signal, now),
            };
            let Some((alert, new_deliveries)) = change else { return Ok(None) };
            match self.store.save_alert(&alert, &new_deliveries).await? {
                Saved::Saved => return Ok(Some(alert.alert_id)),
                Saved::Conflict => {}
            }
        }
        Err(contended(format!("noting a signal of {}", rule.name)))
    }

    fn raised(
        &self,
        config: &AlertsConfig,
        rule: &Rule,
        key: &str,
        latest: Option<Alert>,
        signal: &Signal,
        now: DateTime<Utc>,
    ) -> Change {
        match latest {
            // It was over when this was so: the signal comes late or a second time.
            Some(alert) if alert.resolved_at.is_some_and(|resolved| signal.at <= resolved) => None,
            Some(alert) if alert.is_live() => {
                let (alert, tells) = counted(alert, rule, signal, now);
                Some(if tells { self.told(config, rule, alert, now) } else { (alert, Vec::new()) })
            }
            before => {
                // Ids follow from the time of opening, and a clock may stand or step back.
                let next = before.map(|alert| alert.opened_at + chrono::Duration::microseconds(1));
                let opened_at = next.map_or(now, |next| next.max(now));
                let alert = opened(rule, key, signal, opened_at, now);
                Some(self.told(config, rule, alert, now))
            }
        }
    }

    /// The alert with the deliveries of the round that it begins.
    fn told(
        &self,
        config: &AlertsConfig,
        rule: &Rule,
        mut alert: Alert,
        now: DateTime<Utc>,
    ) -> (Alert, Vec<Delivery>) {
        // Who was drawn in by an escalation stays in.
        let steps = 0..=alert.escalation_step;
        let new = deliveries(config, &*self.regions, rule, &alert, steps, now);
        if alert.escalation_step == 0 && alert.escalates_at.is_none() {
            alert.escalates_at = escalates_at(rule, 0, &new, now);
        }
        (alert, new)
    }
}

fn opened(
    rule: &Rule,
    key: &str,
    signal: &Signal,
    opened_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Alert {
    Alert {
        alert_id: Alert::id(key, opened_at),
        rule: rule.name.clone(),
        dedup_key: key.to_owned(),
        kind: signal.kind,
        subject: signal.subject.clone(),
        severity: signal.severity,
        first_at: signal.at,
        last_at: signal.at,
        count: 1,
        status: AlertStatus::Open,
        fields: signal.fields.clone(),
        region_code: signal.region_code.clone(),
        dealer_code: signal.dealer_code.clone(),
        opened_at,
        notified_at: now,
        round: 1,
        escalation_step: 0,
        escalates_at: None,
        silenced_until: None,
        handled_by: None,
        handled_at: None,
        note: None,
        resolved_at: None,
        version: 1,
    }
}

/// One more signal of a live alert, and whether people are told again.
fn counted(mut alert: Alert, rule: &Rule, signal: &Signal, now: DateTime<Utc>) -> (Alert, bool) {
    let grew_worse = signal.severity > alert.severity;
    if signal.at >= alert.last_at {
        alert.fields = signal.fields.clone();
        alert.region_code = signal.region_code.clone().or(alert.region_code);
        alert.dealer_code = signal.dealer_code.clone().or(alert.dealer_code);
    }
    alert.count = alert.count.saturating_add(1);
    alert.first_at = alert.first_at.min(signal.at);
    alert.last_at = alert.last_at.max(signal.at);
    alert.severity = alert.severity.max(signal.severity);
    alert.version += 1;
    let is_silenced = alert.silenced_until.is_some_and(|until| now < until);
    let is_window_over = now >= alert.notified_at + window(rule.dedup_window);
    // Somebody has an acknowledged alert; only if it grows worse is that not enough.
    let tells =
        !is_silenced && (grew_worse || (alert.status == AlertStatus::Open && is_window_over));
    if tells {
        alert.round += 1;
        alert.notified_at = now;
        if grew_worse && alert.status == AlertStatus::Acknowledged {
            alert.status = AlertStatus::Open;
            alert.escalation_step = 0;
        }
    }
    (alert, tells)
}

fn ended(mut alert: Alert, signal: &Signal) -> Change {
    // An all-clear from before the latest trouble says nothing about it.
    if !alert.is_live() || signal.at < alert.last_at {
        return None;
    }
    alert.status = AlertStatus::Resolved;
    alert.resolved_at = Some(signal.at);
    alert.escalates_at = None;
    alert.version += 1;
    Some((alert, Vec::new()))
}

fn window(window: Duration) -> chrono::Duration {
    chrono::Duration::from_std(window).unwrap_or(chrono::Duration::MAX)
}
