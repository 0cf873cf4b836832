//! What each answer of the system leads to.

use yuanliu_contract::{Clock, ErrorKind};
use yuanliu_engine::outbox::SETTLING_DEFAULT;
use yuanliu_engine::{RunOutcome, SendOptions, SendReport};

use crate::world::{Fault, World};

async fn sent_one(faults: &[Fault]) -> (World, SendReport) {
    let world = World::new();
    world.add(&[true]).await;
    world.fail(faults);
    let report = world.send(&SendOptions::default(), None).await.unwrap();
    (world, report)
}

#[tokio::test]
async fn only_approved_documents_are_sent_and_sent_once() {
    let world = World::new();
    world.add(&[true, false, true]).await;
    let report = world.send(&SendOptions::default(), None).await.unwrap();
    assert_eq!((report.outcome, report.taken, report.sent), (RunOutcome::Green, 2, 2));
    assert_eq!(world.statuses().await, ["sent", "draft", "sent"]);
    assert_eq!(world.held(), ["DR-1", "DR-3"]);
    let receipt = world.entries().await[2].receipt.clone().unwrap();
    assert!(receipt.contains("\"number\":\"NO-DR-3\""), "{receipt}");
    let report = world.send(&SendOptions::default(), None).await.unwrap();
    assert_eq!((report.taken, world.writes()), (0, 2));
}

#[tokio::test]
async fn a_refusal_is_told_and_not_repeated() {
    let (world, report) = sent_one(&[Fault::Refuse]).await;
    assert_eq!((report.outcome, report.refused), (RunOutcome::Yellow, 1));
    let entry = world.entries().await.remove(0);
    assert_eq!(entry.status, "refused");
    assert!(entry.last_error.unwrap().starts_with("writing DR-1: 库存不足; "));
    assert_eq!(world.send(&SendOptions::default(), None).await.unwrap().taken, 0);
    assert!(world.metadata().await.approve_outbox(1, "王五", world.now()).await.unwrap());
    assert_eq!(world.send(&SendOptions::default(), None).await.unwrap().sent, 1);
    assert_eq!(world.held(), ["DR-1"]);
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_and_nothing_is_sent_twice() {
    for fault in [Fault::After, Fault::Late] {
        let (world, report) = sent_one(&[fault]).await;
        assert_eq!((report.known, world.writes()), (1, 1), "{fault:?}");
        assert_eq!(world.held(), ["DR-1"]);
        let remark = world.entries().await.remove(0).last_error;
        assert!(remark.unwrap().starts_with("writing DR-1"), "what went wrong before is kept");
    }
}

#[tokio::test]
async fn what_the_policy_allows_is_sent_again() {
    for kind in [ErrorKind::Busy, ErrorKind::SessionExpired, ErrorKind::Unreachable] {
        let (world, report) = sent_one(&[Fault::Before(kind)]).await;
        assert_eq!((report.sent, world.writes()), (1, 2), "{kind:?}");
        assert_eq!(world.held(), ["DR-1"]);
        let may_come_late = kind == ErrorKind::Unreachable;
        assert_eq!(world.waited() >= SETTLING_DEFAULT, may_come_late, "{kind:?}");
    }
    let (world, report) = sent_one(&[Fault::Before(ErrorKind::Busy); 5]).await;
    assert_eq!((report.outcome, report.failed, world.writes()), (RunOutcome::Red, 1, 5));
    assert_eq!(world.statuses().await, ["failed"]);
    assert_eq!(world.send(&SendOptions::default(), None).await.unwrap().sent, 1);
}

#[tokio::test]
async fn an_outcome_nobody_knows_is_asked_for_by_the_next_run() {
    let (world, report) = sent_one(&[Fault::Ask(ErrorKind::Permission)]).await;
    assert_eq!((report.outcome, report.unknown), (RunOutcome::Red, 1));
    assert_eq!(world.statuses().await, ["unknown"]);
    let report = world.send(&SendOptions::default(), None).await.unwrap();
    assert_eq!((report.known, world.writes()), (1, 1));
}

#[tokio::test]
async fn a_failure_of_the_whole_system_ends_the_run() {
    let world = World::new();
    world.add(&[true, true]).await;
    world.fail(&[Fault::Before(ErrorKind::Auth)]);
    let report = world.send(&SendOptions::default(), None).await.unwrap();
    assert_eq!((report.taken, report.failed), (1, 1));
    assert_eq!(report.stopped_by, Some(ErrorKind::Auth));
    assert_eq!(world.statuses().await, ["failed", "approved"]);
    world.fail(&[Fault::Before(ErrorKind::Permission)]);
    let report = world.send(&SendOptions::default(), None).await.unwrap();
    assert_eq!((report.failed, report.sent, report.stopped_by), (1, 1, None));
}

#[tokio::test]
async fn a_run_is_bounded() {
    let world = World::new();
    world.add(&[true; 5]).await;
    let options = SendOptions { entries_max: 2, ..Default::default() };
    let report = world.send(&options, None).await.unwrap();
    assert_eq!(report.taken, 2);
    assert_eq!(report.message.as_deref(), Some("more documents wait for the next send"));
    assert_eq!(world.send(&options, None).await.unwrap().taken, 2);
    assert_eq!(world.send(&options, None).await.unwrap().message, None);
}
