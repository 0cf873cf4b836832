//! Alerts, their rules and their deliveries.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::Answer;
use super::page::{Page, PageAsked};
use crate::access::Principal;

/// Where an alert stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertStatus {
    /// Nobody took it.
    Open,
    /// Somebody is at it.
    Acknowledged,
    /// It is over.
    Resolved,
}

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// To be looked at.
    Warning,
    /// To be looked at now.
    Critical,
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Alert {
    /// Names the alert.
    #[schema(example = "alert-1")]
    pub alert_id: String,
    /// The rule that raised it.
    #[schema(example = "diversion-alert")]
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// What happened, in English.
    pub title: String,
    /// What happened, in Chinese.
    pub title_zh: String,
    /// More of it, in English.
    pub body: String,
    /// More of it, in Chinese.
    pub body_zh: String,
    /// What it is about: a case, a job, a report.
    #[schema(example = "D1/P1/430102/2026-03")]
    pub subject: String,
    /// The path of the web where it can be seen; null: none.
    #[schema(example = "/diversion/D1/P1/430102/2026-03")]
    pub link: Option<String>,
    /// The region it is about; null: none.
    #[schema(example = "430102")]
    pub region_code: Option<String>,
    /// Where it stands.
    pub status: AlertStatus,
    /// When it was first raised.
    pub opened_at: DateTime<Utc>,
    /// When it was last raised.
    pub last_seen_at: DateTime<Utc>,
    /// How often it was raised.
    pub times: u64,
    /// Who took it; null: nobody.
    pub acknowledged_by: Option<String>,
    /// When it was taken; null: it was not.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// When it ended; null: it has not.
    pub resolved_at: Option<DateTime<Utc>>,
    /// What those who took it said; null: nothing.
    pub note: Option<String>,
}

/// A rule of `alerts.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AlertRule {
    /// Its name.
    #[schema(example = "diversion-alert")]
    pub name: String,
    /// What raises it.
    #[schema(example = "diversion")]
    pub on: String,
    /// What it is called in English.
    pub title: String,
    /// What it is called in Chinese.
    pub title_zh: String,
    /// How much it matters.
    pub severity: Severity,
    /// Where it is told.
    #[schema(example = json!(["sales-managers"]))]
    pub channels: Vec<String>,
    /// Whether it is watched.
    pub enabled: bool,
}

/// How a delivery went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// It waits, for quiet hours to end or for the next try.
    Waiting,
    /// It arrived.
    Delivered,
    /// It was given up.
    Failed,
}

/// A message sent to a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Delivery {
    /// Names the delivery.
    #[schema(example = "delivery-1")]
    pub delivery_id: String,
    /// The alert; null: a test of the channel.
    pub alert_id: Option<String>,
    /// The channel.
    #[schema(example = "sales-managers")]
    pub channel: String,
    /// `dingtalk`, `wecom`, `feishu`, `mail` or `webhook`.
    #[schema(example = "dingtalk")]
    pub channel_kind: String,
    /// How it went.
    pub status: DeliveryStatus,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it arrived; null: it has not.
    pub delivered_at: Option<DateTime<Utc>>,
    /// When it is tried next; null: not again.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// Why the last try failed; null: it did not.
    pub error: Option<String>,
}

/// Keeps alerts.
#[async_trait]
pub trait AlertDesk: Send + Sync {
    /// Alerts within what the principal sees, newest first.
    async fn alerts(
        &self,
        who: &Principal,
        status: Option<AlertStatus>,
        page: &PageAsked,
    ) -> Answer<Page<Alert>>;

    /// Takes an alert.
    async fn acknowledge(&self, who: &Principal, alert_id: &str, note: &str) -> Answer<Alert>;

    /// Ends an alert.
    async fn resolve(&self, who: &Principal, alert_id: &str, note: &str) -> Answer<Alert>;

    /// The rules there are.
    async fn rules(&self, who: &Principal) -> Answer<Vec<AlertRule>>;

    /// What was sent, newest first.
    async fn deliveries(&self, who: &Principal, page: &PageAsked) -> Answer<Page<Delivery>>;

    /// Sends a message to a channel now and answers how that went.
    async fn test_channel(&self, who: &Principal, channel: &str) -> Answer<Delivery>;
}
