//! A store in memory, for tests and for a hub without metadata.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::alert::{Alert, AlertStatus};
use crate::delivery::{Delivery, DeliveryStatus};
use crate::store::{AlertFilter, AlertStore, DeliveryFilter, Saved, StoreError};

/// Alerts and deliveries of this process.
#[derive(Debug, Default)]
pub struct MemoryAlertStore {
    rows: Mutex<Rows>,
}

#[derive(Debug, Default)]
struct Rows {
    alerts: BTreeMap<String, Alert>,
    deliveries: BTreeMap<String, Delivery>,
}

impl MemoryAlertStore {
    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl AlertStore for MemoryAlertStore {
    async fn latest_alert(&self, dedup_key: &str) -> Result<Option<Alert>, StoreError> {
        let rows = self.rows();
        let same = rows.alerts.values().filter(|alert| alert.dedup_key == dedup_key);
        Ok(same.max_by_key(|alert| (alert.is_live(), alert.opened_at)).cloned())
    }

    async fn alert(&self, alert_id: &str) -> Result<Option<Alert>, StoreError> {
        Ok(self.rows().alerts.get(alert_id).cloned())
    }

    async fn save_alert(
        &self,
        alert: &Alert,
        deliveries: &[Delivery],
    ) -> Result<Saved, StoreError> {
        let mut rows = self.rows();
        let stored = rows.alerts.get(&alert.alert_id).map(|stored| stored.version);
        let has_live = |rows: &Rows| {
            rows.alerts.values().any(|other| other.is_live() && other.dedup_key == alert.dedup_key)
        };
        let fits = match alert.version {
            1 => stored.is_none() && !has_live(&rows),
            version => stored.is_some_and(|stored| stored + 1 == version),
        };
        if !fits {
            return Ok(Saved::Conflict);
        }
        rows.alerts.insert(alert.alert_id.clone(), alert.clone());
        for delivery in deliveries {
            let id = delivery.delivery_id.clone();
            rows.deliveries.entry(id).or_insert_with(|| delivery.clone());
        }
        Ok(Saved::Saved)
    }

    async fn alerts_to_escalate(
        &self,
        now: DateTime<Utc>,
        rows_max: u32,
    ) -> Result<Vec<Alert>, StoreError> {
        let rows = self.rows();
        let is_due = |alert: &&Alert| {
            alert.status == AlertStatus::Open && alert.escalates_at.is_some_and(|at| at <= now)
        };
        let mut due: Vec<_> = rows.alerts.values().filter(is_due).cloned().collect();
        due.sort_by_key(|alert| alert.escalates_at);
        due.truncate(rows_max as usize);
        Ok(due)
    }

    async fn alerts(&self, filter: &AlertFilter, rows_max: u32) -> Result<Vec<Alert>, StoreError> {
        let rows = self.rows();
        let place = |alert: &Alert| (alert.opened_at, alert.alert_id.clone());
        let fits = |alert: &&Alert| {
            filter.status.is_none_or(|status| alert.status == status)
                && filter.rule.as_ref().is_none_or(|rule| alert.rule == *rule)
                && filter.after.as_ref().is_none_or(|after| place(alert) < *after)
        };
        let mut found: Vec<_> = rows.alerts.values().filter(fits).cloned().collect();
        found.sort_by_key(|alert| std::cmp::Reverse(place(alert)));
        found.truncate(rows_max as usize);
        Ok(found)
    }

    async fn due_deliveries(
        &self,
        channel: &str,
        now: DateTime<Utc>,
        rows_max: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        let rows = self.rows();
        let is_due = |delivery: &&Delivery| {
            delivery.key.channel == channel
                && delivery.status.is_waiting()
                && delivery.next_at <= now
        };
        let mut due: Vec<_> = rows.deliveries.values().filter(is_due).cloned().collect();
        due.sort_by_key(|delivery| (delivery.created_at, delivery.delivery_id.clone()));
        due.truncate(rows_max as usize);
        Ok(due)
    }

    async fn begin_deliveries(
        &self,
        deliveries: &[Delivery],
        until: DateTime<Utc>,
    ) -> Result<Vec<Delivery>, StoreError> {
        let mut rows = self.rows();
        let mut begun = Vec::new();
        for given in deliveries {
            let Some(stored) = rows.deliveries.get_mut(&given.delivery_id) else { continue };
            if stored.status.is_waiting() && stored.attempts == given.attempts {
                stored.attempts += 1;
                stored.next_at = until;
                begun.push(stored.clone());
            }
        }
        Ok(begun)
    }

    async fn settle_deliveries(&self, deliveries: &[Delivery]) -> Result<(), StoreError> {
        let mut rows = self.rows();
        for settled in deliveries {
            if let Some(stored) = rows.deliveries.get_mut(&settled.delivery_id)
                && stored.status.is_waiting()
            {
                *stored = Delivery { key: stored.key.clone(), ..settled.clone() };
            }
        }
        Ok(())
    }

    async fn deliveries(
        &self,
        filter: &DeliveryFilter,
        rows_max: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        let rows = self.rows();
        let place = |delivery: &Delivery| (delivery.created_at, delivery.delivery_id.clone());
        let fits = |delivery: &&Delivery| {
            filter.alert_id.as_ref().is_none_or(|id| delivery.key.alert_id == *id)
                && filter.channel.as_ref().is_none_or(|name| delivery.key.channel == *name)
                && filter.status.is_none_or(|status| delivery.status == status)
                && filter.after.as_ref().is_none_or(|after| place(delivery) < *after)
        };
        let mut found: Vec<_> = rows.deliveries.values().filter(fits).cloned().collect();
        found.sort_by_key(|delivery| std::cmp::Reverse(place(delivery)));
        found.truncate(rows_max as usize);
        Ok(found)
    }

    async fn messages_since(
        &self,
        channel: &str,
        since: DateTime<Utc>,
    ) -> Result<Vec<DateTime<Utc>>, StoreError> {
        let rows = self.rows();
        let sent = rows.deliveries.values().filter(|delivery| {
            delivery.key.channel == channel && delivery.status == DeliveryStatus::Sent
        });
        let messages: BTreeSet<_> = sent
            .filter_map(|delivery| Some((delivery.message_id.clone()?, delivery.sent_at?)))
            .filter(|(_, sent_at)| *sent_at > since)
            .collect();
        Ok(messages.into_iter().map(|(_, sent_at)| sent_at).collect())
    }
}
