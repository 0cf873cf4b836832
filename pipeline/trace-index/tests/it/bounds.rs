//! What is too much or too odd is bounded and said.

use yuanliu_trace_index::{Progress, TraceIndex};

use crate::support::{Told, batch, index_of, options, tell};

#[test]
fn a_code_with_very_many_events_is_cut_off_and_says_so() {
    let one = tell("1 verify HOT").remove(0);
    let events: Vec<Told> =
        (0..10_050).map(|n| Told { id: format!("v{n}"), time: Some(n), ..one.clone() }).collect();
    let (_folder, index) = index_of(&events);
    let history = index.history("HOT", i64::MAX, &()).unwrap().unwrap();
    assert!(history.is_truncated);
    assert_eq!(history.events.len(), 10_000);
    let history = index.history("HOT", 9_000, &()).unwrap().unwrap();
    assert_eq!(history.events.len(), 9_001);
}

#[test]
fn odd_codes_and_texts_are_kept_apart() {
    let mut events = tell("1 verify A\n2 verify B\n3 verify C\n4 commission D batch_no=x");
    events[1].codes = vec!["A\0\u{1}".into()];
    events[2].codes = vec!["A".repeat(70_000), "码".into()];
    events[3].texts.insert("batch_no".into(), "b".repeat(100_000));
    events[3].texts.insert("address".into(), "\0\u{ffff}".into());
    let (_folder, index) = index_of(&events);
    for code in ["A", "A\0\u{1}", "码", "D"] {
        let history = index.history(code, i64::MAX, &()).unwrap().unwrap();
        assert_eq!((history.code.as_str(), history.events.len()), (code, 1));
    }
    assert_eq!(index.history(&"A".repeat(70_000), i64::MAX, &()).unwrap(), None);
    assert_eq!(index.history("", i64::MAX, &()).unwrap(), None);
    assert_eq!(index.codes_after("", 9).unwrap().len(), 4);
}

#[test]
fn a_batch_of_many_entries_is_applied_in_steps() {
    let codes: Vec<String> = (0..20_000).map(|n| format!("K{n}")).collect();
    let one = tell("1 commission X").remove(0);
    let events: Vec<Told> = (0..20)
        .map(|n| Told { id: format!("m{n}"), time: Some(n), codes: codes.clone(), ..one.clone() })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let index = TraceIndex::open(folder.path(), options()).unwrap();
    let progress = Progress { inbox_sequence: 1, ..Progress::default() };
    assert_eq!(index.apply(&batch(&events), progress).unwrap().added, 20);
    assert_eq!(index.progress().unwrap(), progress);
    assert_eq!(index.history("K777", i64::MAX, &()).unwrap().unwrap().events.len(), 20);
}

#[test]
fn progress_that_was_read_earlier_takes_nothing_back() {
    let events = tell("1 verify A");
    let (_folder, index) = index_of(&[]);
    let read = index.progress().unwrap();
    index.apply(&batch(&events), Progress { inbox_sequence: 7, ..read }).unwrap();
    index.apply(&batch(&[]), Progress { lake_sequence: 3, ..read }).unwrap();
    let progress = index.progress().unwrap();
    assert_eq!((progress.inbox_sequence, progress.lake_sequence), (7, 3));
}
