//! The outbox over a real file: identity, approval, sending, crashes, migration of older stores.

use std::sync::Arc;

use yuanliu_metadata::{
    Added, Metadata, NewOutboxEntry, OutboxEntry, OutboxError, OutboxFilter, Outcome,
};

use crate::world::{World, at, on_both};

on_both!(
    a_key_names_one_document,
    only_what_a_person_approved_is_due,
    a_send_ends_in_one_of_four_ways,
    a_sent_document_has_a_receipt,
    a_crash_during_a_send_leaves_it_unknown,
    a_list_is_filtered_and_paged,
);

fn document(key: &str, content: &str) -> NewOutboxEntry {
    NewOutboxEntry {
        system: "erp".into(),
        kind: "delivery_result".into(),
        key: key.into(),
        body: format!("{{\"content\":\"{content}\"}}"),
        content_hash: content.into(),
    }
}

async fn entry(store: &Metadata, entry_id: i64) -> OutboxEntry {
    let filter = OutboxFilter { after_id: entry_id - 1, ..Default::default() };
    store.outbox(&filter, 1).await.unwrap().remove(0)
}

async fn due(store: &Metadata) -> Vec<i64> {
    let due = store.due_outbox("erp", 0, 100).await.unwrap();
    due.into_iter().map(|entry| entry.entry_id).collect()
}

async fn a_key_names_one_document(world: Arc<World>) {
    let store = world.open().await;
    let added = store.add_to_outbox(&[document("A", "1"), document("B", "1")], at(0)).await;
    assert_eq!(added.unwrap(), [Added::New(1), Added::New(2)]);
    // The same once more, with one that is new: also within one call.
    let again = [document("A", "1"), document("C", "1"), document("C", "1")];
    let added = store.add_to_outbox(&again, at(1)).await.unwrap();
    assert_eq!(added, [Added::Known(1), Added::New(3), Added::Known(3)]);
    // Other content: every conflict is told and nothing is added.
    let other = [document("D", "1"), document("A", "2"), document("B", "2")];
    let error = store.add_to_outbox(&other, at(2)).await.unwrap_err();
    let OutboxError::KeysTaken(taken) = &error else { unreachable!("{error}") };
    assert_eq!(taken.iter().map(|t| t.entry_id).collect::<Vec<_>>(), [1, 2]);
    assert!(
        error.to_string().contains("A of erp is entry 1 (draft) with other content"),
        "{error}"
    );
    assert_eq!(store.outbox(&OutboxFilter::default(), 10).await.unwrap().len(), 3);
    // Another system has keys of its own.
    let elsewhere = NewOutboxEntry { system: "erp2".into(), ..document("A", "2") };
    let added = store.add_to_outbox(&[elsewhere], at(3)).await.unwrap();
    // What was refused may have taken numbers.
    assert!(matches!(added[..], [Added::New(entry_id)] if entry_id > 3), "{added:?}");
    // A discarded document frees its key.
    assert!(store.discard_outbox(1, "typed twice", at(4)).await.unwrap());
    let added = store.add_to_outbox(&[document("A", "2")], at(5)).await.unwrap();
    assert!(matches!(added[..], [Added::New(entry_id)] if entry_id > 4), "{added:?}");
    assert_eq!(entry(&store, 1).await.note.as_deref(), Some("typed twice"));
}

async fn only_what_a_person_approved_is_due(world: Arc<World>) {
    let store = world.open().await;
    let documents = ["A", "B", "C"].map(|key| document(key, "1"));
    store.add_to_outbox(&documents, at(0)).await.unwrap();
    assert!(due(&store).await.is_empty());
    assert!(!store.begin_send(1, at(1)).await.unwrap(), "a draft is not sent");
    assert!(store.approve_outbox(1, "王五", at(1)).await.unwrap());
    assert!(!store.approve_outbox(1, "赵六", at(2)).await.unwrap(), "approved once");
    assert!(store.approve_outbox(3, "王五", at(2)).await.unwrap());
    assert_eq!(due(&store).await, [1, 3]);
    assert_eq!(entry(&store, 1).await.approved_by.as_deref(), Some("王五"));
    assert!(store.discard_outbox(3, "no longer", at(3)).await.unwrap());
    assert!(!store.approve_outbox(3, "王五", at(4)).await.unwrap(), "discarded for good");
    assert_eq!(due(&store).await, [1]);
    assert!(!store.approve_outbox(99, "王五", at(4)).await.unwrap());
}

async fn a_send_ends_in_one_of_four_ways(world: Arc<World>) {
    let store = world.open().await;
    let documents = ["A", "B", "C", "D"].map(|key| document(key, "1"));
    store.add_to_outbox(&documents, at(0)).await.unwrap();
    for (entry_id, outcome, receipt) in [
        (1, Outcome::Sent, Some("{\"number\":\"XSCKD1\"}")),
        (2, Outcome::Refused, None),
        (3, Outcome::Failed, None),
        (4, Outcome::Unknown, None),
    ] {
        store.approve_outbox(entry_id, "王五", at(1)).await.unwrap();
        assert!(store.begin_send(entry_id, at(2)).await.unwrap());
        assert!(!store.begin_send(entry_id, at(2)).await.unwrap(), "one sender at a time");
        assert!(!store.discard_outbox(entry_id, "now", at(2)).await.unwrap(), "being sent");
        let ended = store.end_send(entry_id, outcome, Some("said"), receipt, at(3)).await;
        assert!(ended.unwrap());
        assert!(!store.end_send(entry_id, outcome, None, None, at(4)).await.unwrap());
    }
    assert_eq!(due(&store).await, [3, 4], "what is not known to be settled is sent again");
    let sent = entry(&store, 1).await;
    assert_eq!((sent.status.as_str(), sent.attempts), ("sent", 1));
    assert_eq!(sent.receipt.as_deref(), Some("{\"number\":\"XSCKD1\"}"));
    assert!(!store.discard_outbox(1, "", at(5)).await.unwrap(), "the system holds it");
    assert!(!store.discard_outbox(4, "", at(5)).await.unwrap(), "the system may hold it");
    assert!(store.approve_outbox(2, "王五", at(5)).await.unwrap(), "after a correction there");
    assert!(store.discard_outbox(3, "", at(5)).await.unwrap());
    assert_eq!(due(&store).await, [2, 4]);
}

async fn a_sent_document_has_a_receipt(world: Arc<World>) {
    let store = world.open().await;
    store.add_to_outbox(&[document("A", "1")], at(0)).await.unwrap();
    store.approve_outbox(1, "王五", at(1)).await.unwrap();
    store.begin_send(1, at(2)).await.unwrap();
    assert!(store.end_send(1, Outcome::Sent, None, None, at(3)).await.is_err());
    assert_eq!(entry(&store, 1).await.status, "sending");
}

async fn a_crash_during_a_send_leaves_it_unknown(world: Arc<World>) {
    let store = world.open().await;
    store.add_to_outbox(&[document("A", "1"), document("B", "1")], at(0)).await.unwrap();
    store.approve_outbox(1, "王五", at(1)).await.unwrap();
    store.begin_send(1, at(2)).await.unwrap();
    drop(store);
    let store = world.open().await;
    assert_eq!(store.mark_interrupted_sends(at(9)).await.unwrap(), 1);
    let left = entry(&store, 1).await;
    assert_eq!((left.status.as_str(), due(&store).await.as_slice()), ("unknown", &[1][..]));
    assert_eq!(left.attempted_at.as_deref(), Some("2026-01-01T00:00:09.000Z"));
    assert_eq!(store.mark_interrupted_sends(at(10)).await.unwrap(), 0);
}

async fn a_list_is_filtered_and_paged(world: Arc<World>) {
    let store = world.open().await;
    let documents = ["A", "B", "C"].map(|key| document(key, "1"));
    store.add_to_outbox(&documents, at(0)).await.unwrap();
    store.approve_outbox(2, "王五", at(1)).await.unwrap();
    let listed = async |system: &str, status: Option<&str>, after_id| {
        let filter = OutboxFilter {
            system: Some(system.into()),
            status: status.map(str::to_owned),
            after_id,
        };
        let page = store.outbox(&filter, 2).await.unwrap();
        page.into_iter().map(|entry| entry.entry_id).collect::<Vec<_>>()
    };
    assert_eq!(listed("erp", None, 0).await, [1, 2]);
    assert_eq!(listed("erp", None, 2).await, [3]);
    assert_eq!(listed("erp", Some("draft"), 0).await, [1, 3]);
    assert!(listed("erp2", None, 0).await.is_empty());
}
