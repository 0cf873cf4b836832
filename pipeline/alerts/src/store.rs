//! Where alerts and deliveries are kept.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::alert::{Alert, AlertStatus};
use crate::delivery::{Delivery, DeliveryStatus};

/// The store could not do what it was asked to.
#[derive(Debug, thiserror::Error)]
#[error("{action}")]
pub struct StoreError {
    /// What was being done to what, lower case.
    pub action: String,
    /// Why it failed.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

impl StoreError {
    /// An error while doing something.
    pub fn new(
        action: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { action: action.into(), source: source.into() }
    }
}

/// Whether a change was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Saved {
    /// It is durable.
    Saved,
    /// Somebody else changed it first: read it again.
    Conflict,
}

/// Which alerts to list; the newest first, by (`opened_at`, `alert_id`) descending.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AlertFilter {
    /// Only of this status.
    pub status: Option<AlertStatus>,
    /// Only of this rule.
    pub rule: Option<String>,
    /// Only those after this one in the order of the list.
    pub after: Option<(DateTime<Utc>, String)>,
}

/// Which deliveries to list; the newest first, by (`created_at`, `delivery_id`) descending.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DeliveryFilter {
    /// Only of this alert.
    pub alert_id: Option<String>,
    /// Only by this channel.
    pub channel: Option<String>,
    /// Only of this status.
    pub status: Option<DeliveryStatus>,
    /// Only those after this one in the order of the list.
    pub after: Option<(DateTime<Utc>, String)>,
}

/// Where alerts and deliveries are kept. Every method is one transaction, durable on return, and may
/// be called by several processes at once.
#[async_trait]
pub trait AlertStore: Send + Sync {
    /// The live alert of a dedup key, else the one resolved last (greatest `opened_at`).
    async fn latest_alert(&self, dedup_key: &str) -> Result<Option<Alert>, StoreError>;

    /// One alert.
    async fn alert(&self, alert_id: &str) -> Result<Option<Alert>, StoreError>;

    /// Writes an alert together with its new deliveries, all or nothing.
    ///
    /// `alert.version` 1 makes a new alert: a conflict if its id exists or if a live alert of its
    /// dedup key does. A greater version replaces the row with `alert.version - 1`: a conflict if
    /// there is none. A delivery whose id exists is left as it is.
    async fn save_alert(&self, alert: &Alert, deliveries: &[Delivery])
    -> Result<Saved, StoreError>;

    /// Open alerts with `escalates_at` not after `now`, the most overdue first.
    async fn alerts_to_escalate(
        &self,
        now: DateTime<Utc>,
        rows_max: u32,
    ) -> Result<Vec<Alert>, StoreError>;

    /// Alerts for a person to see.
    async fn alerts(&self, filter: &AlertFilter, rows_max: u32) -> Result<Vec<Alert>, StoreError>;

    /// Deliveries of a channel that wait (pending or failed) with `next_at` not after `now`, by
    /// (`created_at`, `delivery_id`) ascending.
    async fn due_deliveries(
        &self,
        channel: &str,
        now: DateTime<Utc>,
        rows_max: u32,
    ) -> Result<Vec<Delivery>, StoreError>;

    /// Notes that sending begins: writes `attempts + 1` and `next_at = until` to those that are as
    /// given (same `attempts`, still waiting), and returns these as they then are.
    ///
    /// A sender that ends before it has settled them leaves them due at `until`.
    async fn begin_deliveries(
        &self,
        deliveries: &[Delivery],
        until: DateTime<Utc>,
    ) -> Result<Vec<Delivery>, StoreError>;

    /// Writes `status`, `attempts`, `next_at`, `last_error`, `sent_at` and `message_id` of
    /// deliveries that were begun. One that is no longer waiting is left as it is.
    async fn settle_deliveries(&self, deliveries: &[Delivery]) -> Result<(), StoreError>;

    /// Deliveries for a person to see.
    async fn deliveries(
        &self,
        filter: &DeliveryFilter,
        rows_max: u32,
    ) -> Result<Vec<Delivery>, StoreError>;

    /// When a channel took messages since then, one time a message (distinct `message_id`), so that
    /// a limit per minute holds over a restart.
    async fn messages_since(
        &self,
        channel: &str,
        since: DateTime<Utc>,
    ) -> Result<Vec<DateTime<Utc>>, StoreError>;
}
