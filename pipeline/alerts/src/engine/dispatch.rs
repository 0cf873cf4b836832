//! Sends what is due.

use std::collections::{BTreeMap, HashMap};
use std::sync::PoisonError;

use chrono::{DateTime, Duration, Utc};
use futures::future::join_all;

use super::AlertDesk;
use super::compose::Composer;
use super::limit::{SPAN, Window};
use super::plan::{Planned, plan};
use super::retry;
use crate::alert::Alert;
use crate::channels::SendError;
use crate::config::{AlertsConfig, Channel, ChannelKind};
use crate::delivery::{Delivery, DeliveryStatus};
use crate::kind::SignalKind;
use crate::severity::Severity;
use crate::signal::Signal;
use crate::store::StoreError;

/// Looked at in one round of one channel.
const DUE_MAX: u32 = 500;
/// A sender that ends is waited for so long; longer than any message takes.
const SENDING: Duration = Duration::minutes(5);

/// What one round of one channel did, in deliveries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChannelReport {
    /// Messages the channel took.
    pub messages: usize,
    /// Deliveries they carried.
    pub sent: usize,
    /// To be tried again.
    pub failed: usize,
    /// Not to be tried again, without those that told of such.
    pub given_up: usize,
    /// Not sent because of the limit; they wait.
    pub waiting: usize,
    /// What the channel said last when it did not take one.
    pub last_error: Option<String>,
}

/// Why a channel could not be tested.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// There is none of this name.
    #[error("there is no channel `{0}`")]
    NoChannel(String),
    /// A mail needs somebody to go to.
    #[error("channel `{0}` needs a recipient for its test")]
    NoRecipient(String),
    /// It did not take the message.
    #[error("testing channel `{channel}`")]
    Send {
        /// The channel.
        channel: String,
        /// Why.
        #[source]
        source: SendError,
    },
}

/// Whoever deleted the alert wants nobody told of it.
fn without_alert(delivery: &Delivery) -> Delivery {
    let last_error = Some("its alert is gone".to_owned());
    Delivery { status: DeliveryStatus::GivenUp, last_error, ..delivery.clone() }
}

impl AlertDesk {
    /// Sends what is due on every channel, all channels at once.
    pub async fn dispatch(&self) -> Result<BTreeMap<String, ChannelReport>, StoreError> {
        let config = self.config();
        let rounds = config.channels.iter().map(|(name, channel)| async {
            Ok((name.clone(), self.dispatch_channel(&config, name, channel).await?))
        });
        join_all(rounds).await.into_iter().collect()
    }

    /// Sends a message that only says that the channel works.
    pub async fn test_channel(&self, name: &str, recipient: &str) -> Result<(), TestError> {
        let config = self.config();
        let no_channel = || TestError::NoChannel(name.to_owned());
        let channel = config.channels.get(name).ok_or_else(no_channel)?;
        if recipient.is_empty() && matches!(channel.kind, ChannelKind::Mail(_)) {
            return Err(TestError::NoRecipient(name.to_owned()));
        }
        let message = Composer::new(&config, channel).test(recipient, self.clock.now());
        let sent = channel.send(&*self.transport, &message).await;
        sent.map_err(|source| TestError::Send { channel: name.to_owned(), source })
    }

    async fn dispatch_channel(
        &self,
        config: &AlertsConfig,
        name: &str,
        channel: &Channel,
    ) -> Result<ChannelReport, StoreError> {
        let now = self.clock.now();
        let mut report = ChannelReport::default();
        let due = self.store.due_deliveries(name, now, DUE_MAX).await?;
        if due.is_empty() {
            return Ok(report);
        }
        self.know_window(name, now).await?;
        let alerts = self.alerts_of(&due).await?;
        let severity =
            |d: &Delivery| alerts.get(&d.key.alert_id).map_or(Severity::Info, |a| a.severity);
        let due = due.into_iter().map(|delivery| (severity(&delivery), delivery)).collect();
        for Planned { deliveries, .. } in plan(due, config.patience.digest_over) {
            let now = self.clock.now();
            if self.window(name, |window| window.free(channel.per_minute, now)) == 0 {
                report.waiting += deliveries.len();
                continue;
            }
            let begun = self.store.begin_deliveries(&deliveries, now + SENDING).await?;
            let parts: Vec<_> = begun
                .iter()
                .filter_map(|delivery| Some((delivery, alerts.get(&delivery.key.alert_id)?)))
                .collect();
            if parts.is_empty() {
                self.store
                    .settle_deliveries(&begun.iter().map(without_alert).collect::<Vec<_>>())
                    .await?;
                continue;
            }
            self.send(config, name, channel, &parts, &mut report).await?;
        }
        Ok(report)
    }

    /// Sends one message and notes what came of it.
    async fn send(
        &self,
        config: &AlertsConfig,
        name: &str,
        channel: &Channel,
        parts: &[(&Delivery, &Alert)],
        report: &mut ChannelReport,
    ) -> Result<(), StoreError> {
        let message = Composer::new(config, channel).message(parts, self.clock.now());
        self.window(name, |window| window.note(message.at));
        let outcome = channel.send(&*self.transport, &message).await;
        let now = self.clock.now();
        if let Err(SendError::Limited { wait, .. }) = &outcome {
            self.window(name, |window| window.silence(now + *wait));
        }
        let mut settled = Vec::with_capacity(parts.len());
        for (delivery, alert) in parts {
            let mut delivery = (*delivery).clone();
            match &outcome {
                Ok(()) => {
                    delivery.status = DeliveryStatus::Sent;
                    delivery.sent_at = Some(now);
                    delivery.message_id = Some(message.message_id.clone());
                    delivery.last_error = None;
                }
                Err(error) => delivery = retry::after(delivery, error, &config.patience, now),
            }
            match delivery.status {
                DeliveryStatus::Sent => report.sent += 1,
                // A channel that cannot say that a channel cannot say anything ends there.
                DeliveryStatus::GivenUp if alert.kind == SignalKind::DeliveryGivenUp => {}
                DeliveryStatus::GivenUp => report.given_up += 1,
                DeliveryStatus::Failed | DeliveryStatus::Pending => report.failed += 1,
            }
            settled.push(delivery);
        }
        match &outcome {
            Ok(()) => report.messages += 1,
            Err(error) => {
                tracing::warn!(channel = name, deliveries = parts.len(), %error, "alert not taken");
                report.last_error = Some(error.to_string());
            }
        }
        self.store.settle_deliveries(&settled).await
    }

    /// Tells whoever has a rule for it that a channel gave deliveries up.
    pub(super) async fn tell_of_given_up(
        &self,
        channel: &str,
        report: &ChannelReport,
    ) -> Result<(), StoreError> {
        let (kind, now) = (SignalKind::DeliveryGivenUp, self.clock.now());
        if report.given_up > 0 {
            let signal = Signal::raised(kind, channel, Severity::Critical, now)
                .with("channel", channel)
                .with("deliveries", report.given_up)
                .with("message", report.last_error.clone().unwrap_or_default());
            self.tell(&signal).await?;
        } else if report.messages > 0 {
            self.tell(&Signal::cleared(kind, channel, now)).await?;
        }
        Ok(())
    }

    async fn alerts_of(&self, due: &[Delivery]) -> Result<HashMap<String, Alert>, StoreError> {
        let mut alerts = HashMap::new();
        for delivery in due {
            let alert_id = &delivery.key.alert_id;
            if !alerts.contains_key(alert_id)
                && let Some(alert) = self.store.alert(alert_id).await?
            {
                alerts.insert(alert_id.clone(), alert);
            }
        }
        Ok(alerts)
    }

    /// After a start the store tells what went out in the last minute.
    async fn know_window(&self, name: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let is_known = {
            let windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
            windows.contains_key(name)
        };
        if !is_known {
            let sent = self.store.messages_since(name, now - SPAN).await?;
            let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
            windows.entry(name.to_owned()).or_insert_with(|| Window::of(sent));
        }
        Ok(())
    }

    fn window<T>(&self, name: &str, ask: impl FnOnce(&mut Window) -> T) -> T {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        ask(windows.entry(name.to_owned()).or_default())
    }
}
