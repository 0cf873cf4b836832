//! Damage on disk is an error that says what to do, never a panic and never an answer.

use std::fs;
use std::path::{Path, PathBuf};

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use yuanliu_trace_index::{BulkBuild, IndexError, Progress, TraceIndex};

use crate::support::{Told, batch, options, tell};

fn events(count: i64) -> Vec<Told> {
    let lines: Vec<String> =
        (0..count).map(|n| format!("{n} ship A{n},B{n} to=D{n} d=N{n}")).collect();
    tell(&lines.join("\n"))
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn another_format_and_an_unfinished_build_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    drop(TraceIndex::open(folder.path(), options()).unwrap());
    fs::write(folder.path().join("FORMAT"), "yuanliu trace index 0\n").unwrap();
    let error = TraceIndex::open(folder.path(), options()).unwrap_err();
    assert!(matches!(error, IndexError::Format { .. }), "{error:?}");
    assert!(error.to_string().contains("index rebuild"), "{error}");
    fs::write(folder.path().join("FORMAT"), [0xff, 0xfe]).unwrap();
    let error = TraceIndex::open(folder.path(), options()).unwrap_err();
    assert!(matches!(error, IndexError::Format { .. }), "{error:?}");

    let folder = tempfile::tempdir().unwrap();
    let mut build = BulkBuild::create(folder.path(), options()).unwrap();
    build.push(&batch(&events(3))).unwrap();
    drop(build);
    let error = TraceIndex::open(folder.path(), options()).unwrap_err();
    assert!(matches!(error, IndexError::Unfinished { .. }), "{error:?}");
    let error = BulkBuild::create(folder.path(), options()).err().unwrap();
    assert!(matches!(error, IndexError::Occupied { .. }), "{error:?}");
}

#[test]
fn one_index_is_open_once() {
    let folder = tempfile::tempdir().unwrap();
    let _open = TraceIndex::open(folder.path(), options()).unwrap();
    let error = TraceIndex::open(folder.path(), options()).unwrap_err();
    assert!(matches!(error, IndexError::Locked { .. }), "{error:?}");
}

#[test]
fn a_folder_deleted_under_an_open_index_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let index = TraceIndex::open(&path, options()).unwrap();
    index.apply(&batch(&events(50)), Progress::default()).unwrap();
    fs::remove_dir_all(&path).unwrap();
    let error = index.apply(&batch(&events(60)), Progress::default()).unwrap_err();
    assert!(matches!(error, IndexError::Gone { .. }), "{error:?}");
    assert!(error.to_string().contains("index rebuild"));
    assert!(matches!(index.persist().unwrap_err(), IndexError::Gone { .. }));
    // What is in memory may still be told.
    let _ = index.history("A1", i64::MAX, &());
}

/// Writes rubbish into, cuts or removes one file of an index at a time; the answers are then those
/// of a part of the events, or an error.
#[test]
fn a_damaged_file_is_an_error_or_does_no_harm() {
    const SEED: u64 = 44;
    const ROUNDS: usize = 60;
    println!("seed {SEED}");
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let good = tempfile::tempdir().unwrap();
    let mut build = BulkBuild::create(good.path().join("index"), options()).unwrap();
    build.push(&batch(&events(400))).unwrap();
    drop(build.finish(Progress::default()).unwrap());
    let (mut refused, mut answered) = (0, 0);
    for round in 0..ROUNDS {
        let folder = tempfile::tempdir().unwrap();
        let files = files_below(good.path());
        for file in &files {
            let copy = folder.path().join(file.strip_prefix(good.path()).unwrap());
            fs::create_dir_all(copy.parent().unwrap()).unwrap();
            fs::copy(file, copy).unwrap();
        }
        let victim = &files[random.random_range(0..files.len())];
        let victim = folder.path().join(victim.strip_prefix(good.path()).unwrap());
        let mut bytes = fs::read(&victim).unwrap();
        match round % 3 {
            0 => bytes.truncate(random.random_range(0..=bytes.len())),
            1 if !bytes.is_empty() => {
                let from = random.random_range(0..bytes.len());
                let to = (from + 64).min(bytes.len());
                random.fill_bytes(&mut bytes[from..to]);
            }
            _ => bytes.clear(),
        }
        fs::write(&victim, bytes).unwrap();
        if use_it(&folder.path().join("index")) { answered += 1 } else { refused += 1 }
    }
    println!("{refused} refused, {answered} answered");
    assert!(refused > 0);
}

fn use_it(path: &Path) -> bool {
    let Ok(index) = TraceIndex::open(path, options()) else {
        return false;
    };
    let mut is_sound = true;
    for n in 0..400 {
        match index.history(&format!("A{n}"), i64::MAX, &()) {
            Ok(history) => {
                is_sound &= history.is_some_and(|one| one.events.len() == 1);
            }
            Err(_) => is_sound = false,
        }
    }
    is_sound &= index.codes_after("", 1_000).is_ok_and(|codes| codes.len() == 800);
    is_sound & index.apply(&batch(&events(3)), Progress::default()).is_ok()
}
