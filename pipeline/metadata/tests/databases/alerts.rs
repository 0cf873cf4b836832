//! Alerts and deliveries.

use std::sync::Arc;

use serde_json::json;
use yuanliu_alerts::{
    Alert, AlertFilter, AlertStatus, AlertStore, Delivery, DeliveryFilter, DeliveryKey,
    DeliveryStatus, Saved, Severity, SignalKind,
};
use yuanliu_metadata::Metadata;

use crate::world::{World, at, on_both};

on_both!(
    an_alert_is_read_as_it_was_written,
    a_key_has_one_live_alert,
    a_change_of_an_old_version_is_a_conflict,
    alerts_wait_for_escalation,
    alerts_are_listed_newest_first,
    an_alert_and_its_deliveries_are_written_together,
    a_delivery_is_begun_by_one,
    a_settled_delivery_stays_so,
    messages_are_counted_once,
);

fn alert(key: &str, second: i64) -> Alert {
    Alert {
        alert_id: Alert::id(key, at(second)),
        rule: "diversion".into(),
        dedup_key: key.into(),
        kind: SignalKind::DiversionCase,
        subject: "D001".into(),
        severity: Severity::Warning,
        first_at: at(second),
        last_at: at(second),
        count: 1,
        status: AlertStatus::Open,
        fields: json!({"rate": "0.1234567890123456789", "month": "2026-01"})
            .as_object()
            .unwrap()
            .clone(),
        region_code: Some("440000".into()),
        dealer_code: Some("D001".into()),
        opened_at: at(second) + chrono::TimeDelta::nanoseconds(1),
        notified_at: at(second),
        round: 1,
        escalation_step: 0,
        escalates_at: Some(at(second + 60)),
        silenced_until: None,
        handled_by: None,
        handled_at: None,
        note: None,
        resolved_at: None,
        version: 1,
    }
}

fn delivery(alert: &Alert, recipient: &str) -> Delivery {
    let key = DeliveryKey {
        alert_id: alert.alert_id.clone(),
        round: 1,
        step: 0,
        channel: "ops".into(),
        recipient: recipient.into(),
    };
    Delivery::new(key, alert.opened_at, alert.opened_at)
}

async fn saved(store: &Metadata, alert: &Alert, deliveries: &[Delivery]) -> Saved {
    store.save_alert(alert, deliveries).await.unwrap()
}

fn next(alert: &Alert, status: AlertStatus) -> Alert {
    Alert { status, version: alert.version + 1, ..alert.clone() }
}

async fn an_alert_is_read_as_it_was_written(world: Arc<World>) {
    let store = world.open().await;
    let first = alert("k", 0);
    assert_eq!(saved(&store, &first, &[]).await, Saved::Saved);
    assert_eq!(store.alert(&first.alert_id).await.unwrap(), Some(first.clone()));
    assert_eq!(store.alert("other").await.unwrap(), None);
    let handled = Alert {
        handled_by: Some("wu".into()),
        handled_at: Some(at(5)),
        note: Some("看过".into()),
        silenced_until: Some(at(9)),
        escalates_at: None,
        severity: Severity::Critical,
        count: 7,
        ..next(&first, AlertStatus::Acknowledged)
    };
    assert_eq!(saved(&store, &handled, &[]).await, Saved::Saved);
    assert_eq!(store.latest_alert("k").await.unwrap(), Some(handled));
}

async fn a_key_has_one_live_alert(world: Arc<World>) {
    let store = world.open().await;
    let mut opening = tokio::task::JoinSet::new();
    for n in 0..4 {
        let store = world.open().await;
        opening.spawn(async move { saved(&store, &alert("k", n), &[]).await });
    }
    let outcomes = opening.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Saved::Saved).count(), 1);
    let live = store.latest_alert("k").await.unwrap().unwrap();
    let over = Alert { resolved_at: Some(at(9)), ..next(&live, AlertStatus::Resolved) };
    assert_eq!(saved(&store, &over, &[]).await, Saved::Saved);
    assert_eq!(store.latest_alert("k").await.unwrap(), Some(over.clone()), "the last that was");
    let again = alert("k", 100);
    assert_eq!(saved(&store, &again, &[]).await, Saved::Saved);
    assert_eq!(store.latest_alert("k").await.unwrap(), Some(again));
    // The old one cannot live beside the new one.
    assert_eq!(saved(&store, &next(&over, AlertStatus::Open), &[]).await, Saved::Conflict);
}

async fn a_change_of_an_old_version_is_a_conflict(world: Arc<World>) {
    let store = world.open().await;
    let first = alert("k", 0);
    assert_eq!(saved(&store, &next(&first, AlertStatus::Open), &[]).await, Saved::Conflict);
    assert_eq!(saved(&store, &first, &[]).await, Saved::Saved);
    let second = next(&first, AlertStatus::Acknowledged);
    assert_eq!(saved(&store, &second, &[]).await, Saved::Saved);
    assert_eq!(saved(&store, &second, &[delivery(&first, "a")]).await, Saved::Conflict);
    let none = store.deliveries(&DeliveryFilter::default(), 9).await.unwrap();
    assert_eq!(none, [], "a conflict writes nothing");
}

async fn alerts_wait_for_escalation(world: Arc<World>) {
    let store = world.open().await;
    for (key, second) in [("a", 10), ("b", 0), ("c", 20)] {
        assert_eq!(saved(&store, &alert(key, second), &[]).await, Saved::Saved);
    }
    let taken = next(&alert("a", 10), AlertStatus::Acknowledged);
    assert_eq!(saved(&store, &taken, &[]).await, Saved::Saved);
    let keys = async |second, rows_max| {
        let found = store.alerts_to_escalate(at(second), rows_max).await.unwrap();
        found.into_iter().map(|alert| alert.dedup_key).collect::<Vec<_>>()
    };
    assert_eq!(keys(60, 9).await, ["b"]);
    assert_eq!(keys(80, 9).await, ["b", "c"]);
    assert_eq!(keys(80, 1).await, ["b"]);
}

async fn alerts_are_listed_newest_first(world: Arc<World>) {
    let store = world.open().await;
    for n in 0..5 {
        assert_eq!(saved(&store, &alert(&format!("k{n}"), n), &[]).await, Saved::Saved);
    }
    let over = next(&alert("k3", 3), AlertStatus::Resolved);
    assert_eq!(saved(&store, &over, &[]).await, Saved::Saved);
    let keys = async |filter: &AlertFilter, rows_max| {
        let found = store.alerts(filter, rows_max).await.unwrap();
        let after = found.last().map(|alert| (alert.opened_at, alert.alert_id.clone()));
        (found.into_iter().map(|alert| alert.dedup_key).collect::<Vec<_>>(), after)
    };
    let (first, after) = keys(&AlertFilter::default(), 2).await;
    assert_eq!(first, ["k4", "k3"]);
    assert_eq!(keys(&AlertFilter { after, ..Default::default() }, 9).await.0, ["k2", "k1", "k0"]);
    let open = AlertFilter { status: Some(AlertStatus::Open), ..Default::default() };
    assert_eq!(keys(&open, 9).await.0, ["k4", "k2", "k1", "k0"]);
    let none = AlertFilter { rule: Some("late".into()), ..Default::default() };
    assert!(keys(&none, 9).await.0.is_empty());
}

async fn an_alert_and_its_deliveries_are_written_together(world: Arc<World>) {
    let store = world.open().await;
    let first = alert("k", 0);
    let both = [delivery(&first, "a"), delivery(&first, "b")];
    assert_eq!(saved(&store, &first, &both[..1]).await, Saved::Saved);
    let second = next(&first, AlertStatus::Open);
    // A step repeated makes no second delivery.
    assert_eq!(saved(&store, &second, &both).await, Saved::Saved);
    let mut found = store.deliveries(&DeliveryFilter::default(), 9).await.unwrap();
    found.sort_by_key(|delivery| delivery.key.recipient.clone());
    assert_eq!(found, both);
    let of =
        |alert_id: &str| DeliveryFilter { alert_id: Some(alert_id.into()), ..Default::default() };
    assert_eq!(store.deliveries(&of(&first.alert_id), 9).await.unwrap().len(), 2);
    assert!(store.deliveries(&of("other"), 9).await.unwrap().is_empty());
    let given_up = DeliveryFilter { status: Some(DeliveryStatus::GivenUp), ..Default::default() };
    assert!(store.deliveries(&given_up, 9).await.unwrap().is_empty());
    let page = store.deliveries(&DeliveryFilter::default(), 1).await.unwrap();
    let after = Some((page[0].created_at, page[0].delivery_id.clone()));
    let rest = store.deliveries(&DeliveryFilter { after, ..Default::default() }, 9).await.unwrap();
    assert_eq!(rest.len(), 1);
    assert_ne!(rest[0].delivery_id, page[0].delivery_id);
}

async fn a_delivery_is_begun_by_one(world: Arc<World>) {
    let store = world.open().await;
    let first = alert("k", 0);
    let both = [delivery(&first, "a"), delivery(&first, "b")];
    assert_eq!(saved(&store, &first, &both).await, Saved::Saved);
    let due = store.due_deliveries("ops", at(1), 9).await.unwrap();
    assert_eq!(due.len(), 2);
    assert!(store.due_deliveries("mail", at(1), 9).await.unwrap().is_empty());
    assert!(store.due_deliveries("ops", at(-1), 9).await.unwrap().is_empty());
    let mut senders = tokio::task::JoinSet::new();
    for n in 0..4 {
        let (store, mut due) = (world.open().await, due.clone());
        if n % 2 == 1 {
            due.reverse();
        }
        senders.spawn(async move { store.begin_deliveries(&due, at(30)).await.unwrap() });
    }
    let begun: Vec<_> = senders.join_all().await.into_iter().flatten().collect();
    assert_eq!(begun.len(), 2, "each is begun once");
    assert!(begun.iter().all(|delivery| (delivery.attempts, delivery.next_at) == (1, at(30))));
    assert!(store.due_deliveries("ops", at(29), 9).await.unwrap().is_empty());
    assert_eq!(store.due_deliveries("ops", at(30), 9).await.unwrap().len(), 2, "left by a crash");
}

async fn a_settled_delivery_stays_so(world: Arc<World>) {
    let store = world.open().await;
    let first = alert("k", 0);
    assert_eq!(saved(&store, &first, &[delivery(&first, "a")]).await, Saved::Saved);
    let due = store.due_deliveries("ops", at(1), 9).await.unwrap();
    let begun = store.begin_deliveries(&due, at(30)).await.unwrap();
    let sent = Delivery {
        status: DeliveryStatus::Sent,
        sent_at: Some(at(2)),
        message_id: Some("m1".into()),
        ..begun[0].clone()
    };
    store.settle_deliveries(std::slice::from_ref(&sent)).await.unwrap();
    let late = Delivery {
        status: DeliveryStatus::Failed,
        last_error: Some("no answer".into()),
        ..begun[0].clone()
    };
    store.settle_deliveries(&[late]).await.unwrap();
    assert_eq!(store.deliveries(&DeliveryFilter::default(), 9).await.unwrap(), [sent]);
    assert!(store.begin_deliveries(&begun, at(60)).await.unwrap().is_empty());
}

async fn messages_are_counted_once(world: Arc<World>) {
    let store = world.open().await;
    let first = alert("k", 0);
    let all = ["a", "b", "c", "d"].map(|recipient| delivery(&first, recipient));
    assert_eq!(saved(&store, &first, &all).await, Saved::Saved);
    let settled = [("m1", 5), ("m1", 5), ("m2", 7), ("m3", 1)];
    let settled: Vec<_> = all
        .iter()
        .zip(settled)
        .map(|(delivery, (message_id, second))| Delivery {
            status: DeliveryStatus::Sent,
            sent_at: Some(at(second)),
            message_id: Some(message_id.into()),
            ..delivery.clone()
        })
        .collect();
    store.settle_deliveries(&settled).await.unwrap();
    assert_eq!(store.messages_since("ops", at(2)).await.unwrap(), [at(5), at(7)]);
    assert!(store.messages_since("mail", at(0)).await.unwrap().is_empty());
}

/// Something in every table of this file.
pub(crate) async fn fill(store: &Metadata) {
    let first = alert("k", 0);
    assert_eq!(saved(store, &first, &[delivery(&first, "a")]).await, Saved::Saved);
}
