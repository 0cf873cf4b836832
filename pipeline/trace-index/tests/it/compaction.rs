//! Compaction changes no answer, whatever goes on meanwhile and wherever it ends.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use fjall::{Database, KeyspaceCreateOptions};
use yuanliu_trace_index::{BulkBuild, Compaction, IndexOptions, Progress, TraceIndex};

use crate::shown;
use crate::support::{batch, options, tell};

const BOXES: i64 = 40;

fn always() -> IndexOptions {
    IndexOptions { compaction_bytes_min: 0, ..options() }
}

/// Of every box: two items made, packed and shipped; `n` shifts all times.
fn lines(n: i64) -> String {
    let of_box = |code: i64| {
        let time = 10 * n;
        format!(
            "{time} commission I{code}a,I{code}b batch_no=B{n}
             {time} pack I{code}a,I{code}b in=C{code}
             {} ship C{code} to=D{n} d=N{n}
             ",
            time + 1
        )
    };
    (0..BOXES).map(of_box).collect()
}

fn apply(index: &TraceIndex, n: i64) {
    index.apply(&batch(&tell(&lines(n))), Progress::default()).unwrap();
}

fn all(index: &TraceIndex) -> String {
    let codes = index.codes_after("", 1_000).unwrap();
    assert_eq!(codes.len() as i64, 3 * BOXES);
    codes.iter().map(|code| shown::history(index, code, i64::MAX)).collect()
}

fn compact(index: &TraceIndex) -> Compaction {
    index.compact(&AtomicBool::new(false)).unwrap()
}

fn compacted(index: &TraceIndex) -> u64 {
    match compact(index) {
        Compaction::Done { entries } => entries,
        other => panic!("{other:?}"),
    }
}

/// An index whose first events are its base.
fn based(path: &Path) -> TraceIndex {
    let index = TraceIndex::open(path, always()).unwrap();
    apply(&index, 0);
    compacted(&index);
    index
}

#[test]
fn a_disk_with_too_little_room_keeps_what_it_has() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let options = IndexOptions { disk_spare_bytes: u64::MAX / 2, ..always() };
    let index = TraceIndex::open(&path, options).unwrap();
    apply(&index, 0);
    let before = all(&index);
    let Compaction::NoRoom { needed, free } = compact(&index) else {
        panic!("no disk has room for that");
    };
    assert!(needed > free && free > 0, "{needed} of {free}");
    assert_eq!(all(&index), before);
    drop(index);

    // There is room again.
    let index = TraceIndex::open(&path, always()).unwrap();
    assert!(compacted(&index) > 0);
    assert_eq!(all(&index), before);
}

#[test]
fn a_compaction_is_made_when_much_came_and_keeps_every_entry_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let small = TraceIndex::open(&path, options()).unwrap();
    apply(&small, 0);
    assert_eq!(compact(&small), Compaction::NotDue);
    let before = all(&small);
    drop(small);

    let index = TraceIndex::open(&path, always()).unwrap();
    let first = compacted(&index);
    assert_eq!(all(&index), before);
    // The same events again: nothing is added, and the base of a base is that base.
    apply(&index, 0);
    assert_eq!(compacted(&index), first);
    apply(&index, 1);
    assert_eq!(compacted(&index), 2 * first);
    let later = all(&index);
    assert_ne!(later, before);
    drop(index);
    let index = TraceIndex::open(&path, options()).unwrap();
    index.note_codes(&AtomicBool::new(false)).unwrap();
    assert_eq!(all(&index), later);
}

#[test]
fn a_stopped_compaction_is_none_and_the_next_begins_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let index = based(&path);
    apply(&index, 1);
    let stopped = index.compact(&AtomicBool::new(true)).unwrap();
    assert_eq!(stopped, Compaction::Stopped);
    // What comes now is neither in the base nor in what stands still.
    apply(&index, 2);
    let expected = all(&index);
    drop(index);
    let index = TraceIndex::open(&path, always()).unwrap();
    assert_eq!(all(&index), expected);
    index.note_codes(&AtomicBool::new(false)).unwrap();
    assert_eq!(all(&index), expected);
    compacted(&index);
    assert_eq!(all(&index), expected);
    compacted(&index);
    assert_eq!(all(&index), expected);
}

#[test]
fn answers_are_whole_while_it_is_compacted_and_written() {
    const ROUNDS: i64 = 30;
    let folder = tempfile::tempdir().unwrap();
    let index = TraceIndex::open(folder.path().join("index"), always()).unwrap();
    let has_ended = AtomicBool::new(false);
    thread::scope(|scope| {
        let compacting = scope.spawn(|| {
            let mut made = 0;
            while !has_ended.load(Ordering::Relaxed) {
                made += u32::from(matches!(compact(&index), Compaction::Done { .. }));
            }
            made
        });
        for n in 0..ROUNDS {
            apply(&index, n);
            for code in (0..BOXES).step_by(7) {
                let mut reader = index.reader(i64::MAX);
                let said = shown::read(&mut reader, &format!("I{code}a"));
                let shipped = said.lines().filter(|line| line.starts_with("shipment")).count();
                assert_eq!(shipped as i64, n + 1, "round {n}, box {code}:\n{said}");
            }
        }
        has_ended.store(true, Ordering::Relaxed);
        assert!(compacting.join().unwrap() > 1);
    });
    let whole = TraceIndex::open(folder.path().join("whole"), options()).unwrap();
    (0..ROUNDS).for_each(|n| apply(&whole, n));
    assert_eq!(all(&index), all(&whole));
}

#[test]
fn old_files_go_with_their_last_reader() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let index = based(&path);
    let bytes = || -> u64 {
        let spaces = fs::read_dir(path.join("store/keyspaces")).unwrap();
        let tables = spaces.flat_map(|space| fs::read_dir(space.unwrap().path().join("tables")));
        tables.flatten().map(|table| table.unwrap().metadata().unwrap().len()).sum()
    };
    let mut reader = index.reader(i64::MAX);
    let before = shown::history(&index, "I7a", i64::MAX);
    let box_8 = shown::history(&index, "I8b", i64::MAX);
    apply(&index, 1);
    compacted(&index);
    assert_eq!(shown::read(&mut reader, "I7a"), before);
    apply(&index, 1);
    // What the first base was made of is read, so nothing else can be made one of.
    assert_eq!(compact(&index), Compaction::NotDue);
    assert_eq!(shown::read(&mut reader, "I8b"), box_8);
    let with_reader = bytes();
    drop(reader);
    compacted(&index);
    assert!(bytes() < with_reader, "{} of {with_reader} bytes", bytes());
}

#[test]
fn an_index_of_before_there_were_bases_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let mut build = BulkBuild::create(&path, options()).unwrap();
    build.push(&batch(&tell(&lines(0)))).unwrap();
    let index = build.finish(Progress::default()).unwrap();
    let before = all(&index);
    drop(index);
    as_before(&path);
    assert!(has_former_entries(&path));
    let index = TraceIndex::open(&path, always()).unwrap();
    assert_eq!(all(&index), before);
    apply(&index, 1);
    compacted(&index);
    let later = all(&index);
    drop(index);
    assert_eq!(all(&TraceIndex::open(&path, options()).unwrap()), later);
    assert!(!has_former_entries(&path));
}

/// All codes in the one space `code` and no word of others; beside them what no answer reads any more.
fn as_before(path: &Path) {
    let store = Database::builder(path.join("store")).open().unwrap();
    let open = |name: &str| store.keyspace(name, KeyspaceCreateOptions::default).unwrap();
    let names = store.list_keyspace_names();
    for name in names.iter().filter(|name| ["code-2", "recent", "recent-2"].contains(&&***name)) {
        assert!(open(name).is_empty().unwrap());
        store.delete_keyspace(open(name)).unwrap();
    }
    open("meta").remove("codes").unwrap();
    open("made").insert("a setting, a time, a code", "").unwrap();
    fs::write(path.join("FORMAT"), "yuanliu trace index 2\n").unwrap();
}

fn has_former_entries(path: &Path) -> bool {
    let store = Database::builder(path.join("store")).open().unwrap();
    let made = store.keyspace("made", KeyspaceCreateOptions::default).unwrap();
    !made.is_empty().unwrap()
}
