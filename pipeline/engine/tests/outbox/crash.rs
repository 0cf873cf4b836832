//! The process ends anywhere, any number of times; the system holds every approved document once.

use proptest::prelude::*;
use yuanliu_contract::ErrorKind;
use yuanliu_engine::SendOptions;

use crate::world::{Fault, World, document};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Sends through crashes at the given steps, then to the end, and looks at both sides.
async fn survive(approves: &[bool], faults: &[Fault], crashes: &[usize]) {
    let world = World::new();
    world.add(approves).await;
    world.fail(faults);
    let options = SendOptions::default();
    for steps in crashes {
        world.send(&options, Some(*steps)).await;
    }
    // What failed under one run's policy is sent by one of the next.
    for _ in 0..=faults.len() {
        world.send(&options, None).await.unwrap();
    }
    world.pass(std::time::Duration::from_secs(3_600));
    let wanted: Vec<_> = approves
        .iter()
        .enumerate()
        .filter(|(_, approved)| **approved)
        .map(|(at, _)| document(at + 1).key)
        .collect();
    assert_eq!(world.held(), wanted, "every approved document once, and no other");
    for (entry, approved) in world.entries().await.iter().zip(approves) {
        assert_eq!(entry.status, if *approved { "sent" } else { "draft" });
        let receipt = entry.receipt.clone().unwrap_or_default();
        assert_eq!(receipt.contains(&format!("NO-{}", entry.key)), *approved);
    }
}

/// Every step of sending two documents, each with every fault.
#[test]
fn a_crash_at_any_step_duplicates_nothing() {
    let faults =
        [None, Some(Fault::After), Some(Fault::Late), Some(Fault::Before(ErrorKind::Busy))];
    for fault in faults {
        for step in 0..24 {
            let faults: Vec<_> = fault.into_iter().collect();
            runtime().block_on(survive(&[true, true], &faults, &[step]));
        }
    }
}

fn fault() -> impl Strategy<Value = Fault> {
    let kind = prop_oneof![
        Just(ErrorKind::Busy),
        Just(ErrorKind::Timeout),
        Just(ErrorKind::Unreachable),
        Just(ErrorKind::SessionExpired),
        Just(ErrorKind::Malformed),
        Just(ErrorKind::Permission),
        Just(ErrorKind::Auth),
    ];
    prop_oneof![
        Just(Fault::After),
        Just(Fault::Late),
        kind.clone().prop_map(Fault::Before),
        kind.prop_map(Fault::Ask),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn crashes_and_faults_in_any_order_duplicate_nothing(
        approves in prop::collection::vec(any::<bool>(), 1..4),
        faults in prop::collection::vec(fault(), 0..5),
        crashes in prop::collection::vec(0_usize..30, 0..5),
    ) {
        runtime().block_on(survive(&approves, &faults, &crashes));
    }
}
