//! Alerts and deliveries, as `yuanliu-alerts` wants them kept.

mod alerts;
mod deliveries;
mod delivery_row;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use yuanliu_alerts::{Alert, AlertFilter, AlertStore, Delivery, DeliveryFilter, Saved, StoreError};

use crate::error::MetadataError;
use crate::store::Metadata;

/// The error of the trait, which keeps ours below it.
fn failed(action: &'static str) -> impl FnOnce(MetadataError) -> StoreError {
    move |error| StoreError::new(action, error)
}

#[async_trait]
impl AlertStore for Metadata {
    async fn latest_alert(&self, dedup_key: &str) -> Result<Option<Alert>, StoreError> {
        self.alert_of_key(dedup_key).await.map_err(failed("reading the alert of a key"))
    }

    async fn alert(&self, alert_id: &str) -> Result<Option<Alert>, StoreError> {
        self.alert_of_id(alert_id).await.map_err(failed("reading an alert"))
    }

    async fn save_alert(
        &self,
        alert: &Alert,
        deliveries: &[Delivery],
    ) -> Result<Saved, StoreError> {
        self.write_alert(alert, deliveries).await.map_err(failed("writing an alert"))
    }

    async fn alerts_to_escalate(
        &self,
        now: DateTime<Utc>,
        rows_max: u32,
    ) -> Result<Vec<Alert>, StoreError> {
        let action = "reading the alerts to escalate";
        self.escalating_alerts(now, rows_max).await.map_err(failed(action))
    }

    async fn alerts(&self, filter: &AlertFilter, rows_max: u32) -> Result<Vec<Alert>, StoreError> {
        self.list_alerts(filter, rows_max).await.map_err(failed("listing alerts"))
    }

    async fn due_deliveries(
        &self,
        channel: &str,
        now: DateTime<Utc>,
        rows_max: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        let action = "reading the deliveries of a channel";
        self.list_due_deliveries(channel, now, rows_max).await.map_err(failed(action))
    }

    async fn begin_deliveries(
        &self,
        deliveries: &[Delivery],
        until: DateTime<Utc>,
    ) -> Result<Vec<Delivery>, StoreError> {
        let action = "noting that deliveries are sent";
        self.note_deliveries_begun(deliveries, until).await.map_err(failed(action))
    }

    async fn settle_deliveries(&self, deliveries: &[Delivery]) -> Result<(), StoreError> {
        let action = "noting how deliveries fared";
        self.note_deliveries_settled(deliveries).await.map_err(failed(action))
    }

    async fn deliveries(
        &self,
        filter: &DeliveryFilter,
        rows_max: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        self.list_deliveries(filter, rows_max).await.map_err(failed("listing deliveries"))
    }

    async fn messages_since(
        &self,
        channel: &str,
        since: DateTime<Utc>,
    ) -> Result<Vec<DateTime<Utc>>, StoreError> {
        let action = "counting the messages of a channel";
        self.message_times(channel, since).await.map_err(failed(action))
    }
}
