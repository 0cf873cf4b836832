//! Who is told next when nobody acknowledges.

use chrono::{DateTime, Utc};

use super::recipients::{deliveries, escalates_at};
use super::{AlertDesk, CONFLICTS_MAX, contended};
use crate::alert::{Alert, AlertStatus};
use crate::config::AlertsConfig;
use crate::delivery::Delivery;
use crate::store::{Saved, StoreError};

/// More escalations than this wait for the next round.
const ESCALATIONS_MAX: u32 = 200;

impl AlertDesk {
    /// Takes the next step of every alert that nobody acknowledged in time; answers how many.
    pub async fn escalate(&self) -> Result<usize, StoreError> {
        let now = self.clock.now();
        let mut escalated = 0;
        for alert in self.store.alerts_to_escalate(now, ESCALATIONS_MAX).await? {
            escalated += usize::from(self.escalate_one(alert, now).await?);
        }
        Ok(escalated)
    }

    async fn escalate_one(&self, alert: Alert, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let config = self.config();
        let alert_id = alert.alert_id.clone();
        let mut read = Some(alert);
        for _ in 0..CONFLICTS_MAX {
            let Some(alert) = read else { return Ok(false) };
            let is_due = alert.escalates_at.is_some_and(|at| at <= now);
            if alert.status != AlertStatus::Open || !is_due {
                return Ok(false);
            }
            let (next, new) = self.next_step(&config, alert, now);
            match self.store.save_alert(&next, &new).await? {
                Saved::Saved => return Ok(!new.is_empty()),
                Saved::Conflict => read = self.store.alert(&alert_id).await?,
            }
        }
        Err(contended(format!("escalating alert {alert_id}")))
    }

    fn next_step(
        &self,
        config: &AlertsConfig,
        mut alert: Alert,
        now: DateTime<Utc>,
    ) -> (Alert, Vec<Delivery>) {
        alert.version += 1;
        if let Some(until) = alert.silenced_until.filter(|until| now < *until) {
            alert.escalates_at = Some(until);
            return (alert, Vec::new());
        }
        let rule = config.rules.iter().find(|rule| rule.name == alert.rule);
        // The file may have lost the rule or its step since.
        let Some(rule) = rule.filter(|r| r.escalation.len() > alert.escalation_step as usize)
        else {
            alert.escalates_at = None;
            return (alert, Vec::new());
        };
        let step = alert.escalation_step + 1;
        let new = deliveries(config, &*self.regions, rule, &alert, step..=step, now);
        alert.escalation_step = step;
        alert.escalates_at = escalates_at(rule, step, &new, now);
        (alert, new)
    }
}
