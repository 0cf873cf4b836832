//! Ids, contents, progress, and the list of codes.

use yuanliu_trace_index::{Applied, Progress, TraceIndex};

use crate::support::{batch, index_of, options, tell};

#[test]
fn contents_tell_duplicates_from_collisions() {
    let events = tell(
        "1 ship A to=D1 id=one hash=5
         1 ship A to=D2 id=one hash=-6
         1 ship B to=D2 id=two hash=5",
    );
    let (_folder, index) = index_of(&events[..2]);
    let mut contents = index.contents(["one", "two", ""]).unwrap();
    contents[0].sort_unstable();
    assert_eq!(contents, [vec![-6, 5], vec![], vec![]]);
    let applied = index.apply(&batch(&events), Progress::default()).unwrap();
    assert_eq!(applied, Applied { added: 1, known: 2, skipped: 0 });
    let history = index.history("A", i64::MAX, &()).unwrap().unwrap();
    assert_eq!(history.events.len(), 2);
}

#[test]
fn events_said_to_be_new_are_as_those_that_were_asked_for() {
    let events = tell(
        "1 commission A
         2 pack A in=P
         3 ship P to=D1
         4 verify A",
    );
    let (_asked, asked) = index_of(&events);
    let folder = tempfile::tempdir().unwrap();
    let said = TraceIndex::open(folder.path(), options()).unwrap();
    for events in events.chunks(2) {
        let applied = said.apply_new(&batch(events), Progress::default()).unwrap();
        assert_eq!(applied, Applied { added: 2, known: 0, skipped: 0 });
    }
    for code in ["A", "P"] {
        let told = |index: &TraceIndex| index.history(code, i64::MAX, &()).unwrap().unwrap();
        assert_eq!(told(&said), told(&asked));
    }
    let again = said.apply(&batch(&events), Progress::default()).unwrap();
    assert_eq!(again, Applied { added: 0, known: 4, skipped: 0 });
}

#[test]
fn progress_is_kept_with_the_events_and_survives() {
    let folder = tempfile::tempdir().unwrap();
    let progress = Progress { inbox_sequence: u64::MAX, lake_sequence: 5, lake_version: 7 };
    let events = tell("1 ship A to=D1");
    {
        let index = TraceIndex::open(folder.path(), options()).unwrap();
        assert_eq!(index.progress().unwrap(), Progress::default());
        index.apply(&batch(&events), progress).unwrap();
        index.apply(&batch(&[]), progress).unwrap();
        index.persist().unwrap();
    }
    let index = TraceIndex::open(folder.path(), options()).unwrap();
    assert_eq!(index.progress().unwrap(), progress);
    assert_eq!(index.contents([&*events[0].id]).unwrap()[0].len(), 1);
    assert!(index.disk_bytes().unwrap() > 0);
}

#[test]
fn codes_come_in_order_page_by_page() {
    let mut events = tell(
        "1 pack B,A in=C
         2 commission D alias=NEVER,SEEN
         3 verify SEEN",
    );
    // More entries than are stepped over one by one.
    for time in 0..100 {
        events.extend(tell(&format!("{time} verify BB id=v{time}")));
    }
    let (_folder, index) = index_of(&events);
    let all = index.codes_after("", 100).unwrap();
    assert_eq!(all, ["A", "B", "BB", "C", "D", "SEEN"]);
    let mut paged = Vec::new();
    while let Some(last) =
        paged.last().map_or(Some(String::new()), |last: &String| Some(last.clone()))
    {
        let page = index.codes_after(&last, 2).unwrap();
        if page.is_empty() {
            break;
        }
        paged.extend(page);
    }
    assert_eq!(paged, all);
}
