//! From batches, work orders, lines and lots to codes.

use std::collections::BTreeSet;

use yuanliu_trace_index::{Reader, Scope};

use crate::support::{index_of, tell};

fn codes(reader: &Reader<'_>, scope: Scope<'_>) -> Vec<String> {
    let found: BTreeSet<String> = reader.commissioned(scope).unwrap().map(Result::unwrap).collect();
    found.into_iter().collect()
}

#[test]
fn a_scope_gives_the_codes_of_its_commissions() {
    let long = "L".repeat(700);
    let text = format!(
        "1 commission A,B batch_no=B1 work_order_no=W1 line=L1
         2 commission C batch_no=B1 work_order_no=W2 line=L1
         3 commission D batch_no=B12 work_order_no=W2 line={long}
         - commission E batch_no=B1 line=L1
         4 ship F batch_no=B1"
    );
    let (_folder, index) = index_of(&tell(&text));
    let reader = index.reader(i64::MAX);
    assert_eq!(codes(&reader, Scope::Batch("B1")), ["A", "B", "C", "E"]);
    assert_eq!(codes(&reader, Scope::Batch("B")), [""; 0]);
    assert_eq!(codes(&reader, Scope::WorkOrder("W2")), ["C", "D"]);
    let line = |line, from_us, to_us| Scope::Line { line, from_us, to_us };
    assert_eq!(codes(&reader, line("L1", 1, 2)), ["A", "B"]);
    assert_eq!(codes(&reader, line("L1", 1, 3)), ["A", "B", "C"]);
    assert_eq!(codes(&reader, line("L1", 3, 1)), [""; 0]);
    assert_eq!(codes(&reader, line(&long, 0, 9)), ["D"]);
    assert_eq!(codes(&index.reader(1), Scope::Batch("B1")), ["A", "B", "E"]);
}

#[test]
fn a_lot_gives_the_events_that_used_it() {
    let text = "
        1 consume - work_order_no=W1 uses=M:L1,M:L2 id=a
        2 consume X work_order_no=W2 uses=M:L1 id=b
        3 consume Y,Z work_order_no=W3 uses=M:L1 id=c
        4 verify Q fix=c
        5 consume - work_order_no=W4 uses=M: id=d
        6 inspect X uses=M:L1 id=e
    ";
    let (_folder, index) = index_of(&tell(text));
    let uses = |lot, as_of| {
        let (events, is_truncated) = index.reader(as_of).uses_of("M", lot).unwrap();
        assert!(!is_truncated);
        events.iter().map(|event| event.event_id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(uses(Some("L1"), i64::MAX), ["a", "b"]);
    assert_eq!(uses(Some("L1"), 3), ["a", "b", "c"]);
    assert_eq!(uses(Some("L2"), i64::MAX), ["a"]);
    assert_eq!(uses(None, i64::MAX), ["d"]);
    assert_eq!(uses(Some("L"), i64::MAX), [""; 0]);
}
