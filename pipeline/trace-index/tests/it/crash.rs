//! `kill -9` while events are applied and compacted: what was applied is there, nothing is there in part, the
//! progress says what is, and applying all again completes it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use yuanliu_trace_index::{IndexOptions, Progress, TraceIndex};

use crate::shown;
use crate::support::{Told, batch, options, tell};

const FOLDER: &str = "YUANLIU_TRACE_INDEX_CRASH_FOLDER";
const SEED: u64 = 7;
const KILLS: usize = 12;
const BATCHES: u64 = 400;
const CODES: u64 = 60;

/// Batch `n` of the stream: ships, packs and voids over few codes.
fn events(n: u64) -> Vec<Told> {
    let mut random = ChaCha8Rng::seed_from_u64(n);
    let mut lines = Vec::new();
    for m in 0..25 {
        let (code, box_code) = (random.random_range(0..CODES), random.random_range(0..6));
        let time = random.random_range(0..1_000);
        lines.push(match random.random_range(0..5) {
            0 => format!("{time} pack I{code} in=C{box_code} id=e{n}-{m}"),
            1 => format!("{time} commission I{code} batch_no=B{n} alias=R{code} id=e{n}-{m}"),
            2 => format!("{time} ship C{box_code} to=D{n} d=N{m} id=e{n}-{m}"),
            3 => format!("{time} verify I{code} fix=e{n}-{} id=e{n}-{m}", m / 2),
            _ => format!("{time} ship I{code},R{code} to=D{n} id=e{n}-{m}"),
        });
    }
    tell(&lines.join("\n"))
}

fn progress(n: u64) -> Progress {
    Progress { inbox_sequence: n, ..Progress::default() }
}

/// Not a test of its own: the process that is killed. It says after every batch that it is in.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let options = IndexOptions { compaction_bytes_min: 0, ..options() };
    let index = TraceIndex::open(folder, options).unwrap();
    let has_ended = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !has_ended.load(Ordering::Relaxed) {
                index.compact(&has_ended).unwrap();
            }
        });
        for n in index.progress().unwrap().inbox_sequence..BATCHES {
            index.apply(&batch(&events(n)), progress(n + 1)).unwrap();
            println!("\napplied {}", n + 1);
        }
        has_ended.store(true, Ordering::Relaxed);
    });
    println!("\napplied all");
}

fn spawn(folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::child", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn a_killed_index_holds_what_its_progress_says_and_is_completed() {
    println!("seed {SEED}");
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let folder = tempfile::tempdir().unwrap();
    let killed = folder.path().join("killed");
    let whole = TraceIndex::open(folder.path().join("whole"), options()).unwrap();
    let (mut applied, mut in_whole) = (0, 0);
    for _ in 0..KILLS {
        let mut child = spawn(&killed);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let after = random.random_range(1..(2 * BATCHES / KILLS as u64));
        for _ in 0..after {
            let said = lines
                .by_ref()
                .map(Result::unwrap)
                .find_map(|line| line.strip_prefix("applied ").map(str::to_owned));
            match said.and_then(|said| said.parse().ok()) {
                Some(n) => applied = n,
                None => break,
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let index = TraceIndex::open(&killed, options()).unwrap();
        let there = index.progress().unwrap().inbox_sequence;
        assert!(there >= applied, "{there} of {applied} batches, seed {SEED}");
        apply(&whole, in_whole..there);
        in_whole = there;
        assert_same(&index, &whole, there);
    }
    let killed = TraceIndex::open(&killed, options()).unwrap();
    apply(&killed, 0..BATCHES);
    apply(&whole, 0..BATCHES);
    assert_same(&killed, &whole, BATCHES);
}

fn apply(index: &TraceIndex, batches: Range<u64>) {
    for n in batches {
        index.apply(&batch(&events(n)), progress(n + 1)).unwrap();
    }
}

/// That an index says of everything the same as one of the first `count` batches: it has all of them
/// and nothing of the next.
fn assert_same(index: &TraceIndex, whole: &TraceIndex, count: u64) {
    let said = format!("{count} batches, seed {SEED}");
    for n in 0..=count {
        let batch = events(n);
        let contents = index.contents(batch.iter().map(|event| event.id.as_str())).unwrap();
        let expected = usize::from(n < count);
        assert!(contents.iter().all(|one| one.len() == expected), "batch {n} of {said}");
    }
    assert_eq!(index.codes_after("", 1_000).unwrap(), whole.codes_after("", 1_000).unwrap());
    let codes = (0..CODES).map(|n| format!("I{n}")).chain((0..6).map(|n| format!("C{n}")));
    for code in codes {
        for as_of in [500, i64::MAX] {
            let (a, b) = (shown::history(index, &code, as_of), shown::history(whole, &code, as_of));
            assert_eq!(a, b, "{code} as of {as_of}, {said}");
        }
    }
}

/// A process that is killed within a commit leaves a part of it in the journal, which may be cut
/// off anywhere; what follows is nothing or zeros, because the store makes room ahead.
#[test]
fn a_commit_that_left_the_process_in_part_is_none() {
    const CUTS: usize = 24;
    const WRITTEN: u64 = 8;
    println!("seed {SEED}");
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let folder = tempfile::tempdir().unwrap();
    let (written, cut) = (folder.path().join("written"), folder.path().join("cut"));
    apply(&TraceIndex::open(&written, options()).unwrap(), 0..WRITTEN);
    let journal = journal(&written);
    let bytes = fs::read(&journal).unwrap();
    let end = bytes.iter().rposition(|byte| *byte != 0).unwrap();
    let mut found = BTreeSet::new();
    for round in 0..CUTS {
        let _ = fs::remove_dir_all(&cut);
        copy(&written, &cut, &journal);
        let torn = cut.join(journal.strip_prefix(&written).unwrap());
        fs::write(&torn, &bytes[..random.random_range(0..=end)]).unwrap();
        if round % 2 == 0 {
            File::options().write(true).open(&torn).unwrap().set_len(bytes.len() as u64).unwrap();
        }
        let index = TraceIndex::open(&cut, options()).unwrap();
        let there = index.progress().unwrap().inbox_sequence;
        found.insert(there);
        let whole = TraceIndex::open(folder.path().join(format!("whole {round}")), options());
        let whole = whole.unwrap();
        apply(&whole, 0..there);
        assert_same(&index, &whole, there);
        apply(&index, there..WRITTEN + 1);
        drop(index);
        let index = TraceIndex::open(&cut, options()).unwrap();
        apply(&whole, there..WRITTEN + 1);
        assert_same(&index, &whole, WRITTEN + 1);
    }
    assert!(found.len() > WRITTEN as usize / 2, "{found:?}, seed {SEED}");
}

fn journal(index: &Path) -> PathBuf {
    let files = fs::read_dir(index.join("store")).unwrap().map(|file| file.unwrap().path());
    let mut journals = files.filter(|path| path.extension().is_some_and(|kind| kind == "jnl"));
    journals.next().unwrap()
}

fn copy(from: &Path, to: &Path, without: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let path = file.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target, without);
        } else if path != without {
            fs::copy(&path, target).unwrap();
        }
    }
}
