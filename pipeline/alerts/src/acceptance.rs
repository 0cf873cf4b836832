//! What every [`AlertStore`] must do, as a check that its tests run.

use chrono::{DateTime, Duration, Utc};
use serde_json::json;

use crate::alert::{Alert, AlertStatus};
use crate::delivery::{Delivery, DeliveryKey, DeliveryStatus};
use crate::kind::SignalKind;
use crate::severity::Severity;
use crate::store::{AlertFilter, AlertStore, DeliveryFilter, Saved, StoreError};

/// Which of the store's promises is not kept.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// It did something else than promised.
    #[error("{0}")]
    Promise(&'static str),
    /// It failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn holds(is_so: bool, promise: &'static str) -> Result<(), Broken> {
    if is_so { Ok(()) } else { Err(Broken::Promise(promise)) }
}

fn start() -> DateTime<Utc> {
    // Microseconds are what every store keeps.
    DateTime::<Utc>::UNIX_EPOCH + Duration::days(20_000) + Duration::microseconds(123_456)
}

fn alert(key: &str, opened_at: DateTime<Utc>) -> Alert {
    Alert {
        alert_id: Alert::id(key, opened_at),
        rule: "rule".to_owned(),
        dedup_key: key.to_owned(),
        kind: SignalKind::DiversionCase,
        subject: "D7/P1/130100/2026-03 '窜货'".to_owned(),
        severity: Severity::Warning,
        first_at: opened_at - Duration::microseconds(1),
        last_at: opened_at,
        count: 1,
        status: AlertStatus::Open,
        fields: json!({ "grade": "A", "rate": 0.25, "none": null, "text": "a\"b\\c" })
            .as_object()
            .cloned()
            .unwrap_or_default(),
        region_code: Some("130100".to_owned()),
        dealer_code: None,
        opened_at,
        notified_at: opened_at,
        round: 1,
        escalation_step: 0,
        escalates_at: Some(opened_at + Duration::minutes(30)),
        silenced_until: None,
        handled_by: None,
        handled_at: None,
        note: None,
        resolved_at: None,
        version: 1,
    }
}

fn delivery(alert: &Alert, recipient: &str, at: DateTime<Utc>) -> Delivery {
    let key = DeliveryKey {
        alert_id: alert.alert_id.clone(),
        round: alert.round,
        step: 0,
        channel: "ops".to_owned(),
        recipient: recipient.to_owned(),
    };
    Delivery::new(key, alert.opened_at, at)
}

/// Checks an empty store; what it leaves there is of no use.
pub async fn check_store(store: &dyn AlertStore) -> Result<(), Broken> {
    check_alerts(store).await?;
    check_escalation(store).await?;
    check_deliveries(store).await
}

async fn check_alerts(store: &dyn AlertStore) -> Result<(), Broken> {
    let first = alert("key", start());
    holds(store.latest_alert("key").await?.is_none(), "an unknown key has no alert")?;
    holds(store.save_alert(&first, &[]).await? == Saved::Saved, "version 1 makes an alert")?;
    let read = store.alert(&first.alert_id).await?;
    holds(read.as_ref() == Some(&first), "an alert is read as it was written")?;
    let second = alert("key", start() + Duration::hours(1));
    let saved = store.save_alert(&second, &[delivery(&second, "", start())]).await?;
    holds(saved == Saved::Conflict, "a key has one live alert")?;
    let all = store.deliveries(&DeliveryFilter::default(), 10).await?;
    holds(all.is_empty(), "a conflict writes no delivery")?;
    let mut over = first.clone();
    over.version = 2;
    over.count = 2;
    over.status = AlertStatus::Resolved;
    over.escalates_at = None;
    over.resolved_at = Some(start() + Duration::minutes(5));
    over.handled_by = Some("li".to_owned());
    over.handled_at = over.resolved_at;
    over.note = Some("完".to_owned());
    holds(store.save_alert(&over, &[]).await? == Saved::Saved, "the next version replaces it")?;
    let stale = store.save_alert(&over, &[]).await?;
    holds(stale == Saved::Conflict, "a version is written once")?;
    holds(store.latest_alert("key").await?.as_ref() == Some(&over), "one that is over is found")?;
    let again = store.save_alert(&first, &[]).await?;
    holds(again == Saved::Conflict, "an id is given once")?;
    holds(store.save_alert(&second, &[]).await? == Saved::Saved, "then the key has another")?;
    holds(store.latest_alert("key").await?.as_ref() == Some(&second), "the live one goes first")?;
    let listed = store.alerts(&AlertFilter::default(), 10).await?;
    holds(listed == [second.clone(), over.clone()], "the newest alert is listed first")?;
    let after = AlertFilter {
        after: Some((second.opened_at, second.alert_id.clone())),
        ..AlertFilter::default()
    };
    holds(store.alerts(&after, 10).await? == [over], "a list goes on after its last row")?;
    let open = AlertFilter { status: Some(AlertStatus::Open), ..AlertFilter::default() };
    holds(store.alerts(&open, 10).await? == [second], "a list is of one status")
}

async fn check_escalation(store: &dyn AlertStore) -> Result<(), Broken> {
    let due = start() + Duration::hours(1) + Duration::minutes(30);
    let early = store.alerts_to_escalate(due - Duration::microseconds(1), 10).await?;
    holds(early.is_empty(), "nothing escalates before its time")?;
    let now = store.alerts_to_escalate(due, 10).await?;
    holds(now.len() == 1, "what is due escalates")?;
    let Some(mut taken) = now.into_iter().next() else { return Ok(()) };
    taken.version += 1;
    taken.status = AlertStatus::Acknowledged;
    holds(store.save_alert(&taken, &[]).await? == Saved::Saved, "an alert is acknowledged")?;
    let none = store.alerts_to_escalate(due, 10).await?;
    holds(none.is_empty(), "what somebody has does not escalate")
}

async fn check_deliveries(store: &dyn AlertStore) -> Result<(), Broken> {
    let at = start() + Duration::days(1);
    let alert = alert("deliveries", at);
    let (now, later) = (delivery(&alert, "a", at), delivery(&alert, "b", at + Duration::hours(1)));
    let saved = store.save_alert(&alert, &[now.clone(), later.clone()]).await?;
    holds(saved == Saved::Saved, "an alert is saved with its deliveries")?;
    let due = store.due_deliveries("ops", at, 10).await?;
    holds(due == [now.clone()], "what is due is given, as it was written")?;
    holds(store.due_deliveries("other", at, 10).await?.is_empty(), "each channel has its own")?;
    let until = at + Duration::minutes(5);
    let begun = store.begin_deliveries(&due, until).await?;
    let is_begun = begun.first().is_some_and(|d| d.attempts == 1 && d.next_at == until);
    holds(begun.len() == 1 && is_begun, "what begins counts an attempt and waits")?;
    holds(store.begin_deliveries(&due, until).await?.is_empty(), "one sender begins")?;
    holds(store.due_deliveries("ops", at, 10).await?.is_empty(), "what is sent is not due")?;
    let back = store.due_deliveries("ops", until, 10).await?;
    holds(back == begun, "a sender that ended leaves it due")?;
    // The same delivery made again, as after a crash.
    let mut next = alert.clone();
    next.version = 2;
    let saved = store.save_alert(&next, &[now]).await?;
    holds(saved == Saved::Saved, "the alert goes on")?;
    holds(store.due_deliveries("ops", until, 10).await? == begun, "one that exists stays")?;
    let sent: Vec<_> = begun.into_iter().map(|begun| sent(begun, at)).collect();
    store.settle_deliveries(&sent).await?;
    let list = DeliveryFilter { status: Some(DeliveryStatus::Sent), ..DeliveryFilter::default() };
    holds(store.deliveries(&list, 10).await? == sent, "what was settled is read as it was")?;
    let failed = Delivery { status: DeliveryStatus::Failed, ..later };
    let undone: Vec<_> = sent
        .iter()
        .map(|sent| Delivery { status: DeliveryStatus::Failed, ..sent.clone() })
        .chain([failed])
        .collect();
    store.settle_deliveries(&undone).await?;
    holds(store.deliveries(&list, 10).await? == sent, "what was sent stays sent")?;
    let of = DeliveryFilter { alert_id: Some(alert.alert_id), ..DeliveryFilter::default() };
    holds(store.deliveries(&of, 10).await?.len() == 2, "an alert's deliveries are listed")?;
    let times = store.messages_since("ops", at - Duration::seconds(1)).await?;
    holds(times == [at], "a channel's messages are counted")?;
    holds(store.messages_since("ops", at).await?.is_empty(), "and those before are not")
}

fn sent(begun: Delivery, at: DateTime<Utc>) -> Delivery {
    Delivery {
        status: DeliveryStatus::Sent,
        sent_at: Some(at),
        message_id: Some("m1".to_owned()),
        last_error: Some("503 before".to_owned()),
        ..begun
    }
}
