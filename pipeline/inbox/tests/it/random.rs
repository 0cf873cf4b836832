//! Any order of appends, releases, faults and ends; proptest prints the steps that fail.

use proptest::prelude::*;

use crate::disk::{Fault, Operation};
use crate::model::Model;

#[derive(Debug, Clone)]
enum Step {
    Append(Vec<usize>),
    Release(u64),
    Reopen,
    Fail(Fault),
    Heal,
    Kill { operations: usize, calls: Vec<usize> },
    PowerCut { operations: usize, calls: Vec<usize>, seed: u64 },
}

fn calls() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(1..4_usize, 1..6)
}

fn fault() -> impl Strategy<Value = Fault> {
    let operations = vec![
        Operation::Create,
        Operation::Remove,
        Operation::Write,
        Operation::Write,
        Operation::SetLength,
        Operation::Sync,
        Operation::Sync,
        Operation::SyncFolder,
    ];
    (prop::sample::select(operations), 0..4_usize, 0..1_500_usize)
        .prop_map(|(operation, skip, written)| Fault { operation, skip, written })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => calls().prop_map(Step::Append),
        2 => (0..=100_u64).prop_map(Step::Release),
        1 => Just(Step::Reopen),
        3 => fault().prop_map(Step::Fail),
        1 => Just(Step::Heal),
        1 => (0..8_usize, calls())
            .prop_map(|(operations, calls)| Step::Kill { operations, calls }),
        2 => (0..8_usize, calls(), any::<u64>())
            .prop_map(|(operations, calls, seed)| Step::PowerCut { operations, calls, seed }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn what_was_acknowledged_is_there_once_and_in_order(
        steps in prop::collection::vec(step(), 1..30),
        tells_landed in any::<bool>(),
        pending_bytes_max in prop::sample::select(vec![3_000_u64, 20_000, 1 << 30]),
    ) {
        let mut model = Model::new(tells_landed, pending_bytes_max);
        for step in steps {
            match step {
                Step::Append(calls) => model.append(&calls),
                Step::Release(percent) => model.release(percent),
                Step::Reopen => model.reopen(),
                Step::Fail(fault) => model.disk.fail(fault),
                Step::Heal => model.disk.heal(),
                Step::Kill { operations, calls } => model.end_suddenly(operations, &calls, None),
                Step::PowerCut { operations, calls, seed } => {
                    model.end_suddenly(operations, &calls, Some(seed));
                }
            }
            model.check();
        }
        model.disk.heal();
        model.append(&[1]);
        model.reopen();
        model.release(100);
        model.check();
    }
}
