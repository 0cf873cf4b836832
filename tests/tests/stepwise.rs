//! However scans come in, a lake that is built after each delivery holds what one holds that is built once, row for row.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where its ground is missing"
)]

use std::path::Path;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use yuanliu_tests::dump;
use yuanliu_tests::hub::TestHub;
use yuanliu_tests::sandbox::Sandbox;

const SEEDS: [u64; 1] = [11];

/// Of a hundred scans so many come in each delivery: most at first, then few at a time, late and in disorder, which
/// reach some rows of every partition.
const DELIVERIES: [usize; 6] = [70, 20, 4, 3, 2, 1];

fn run(hub: &TestHub, arguments: &[&str]) {
    let answer = hub.run(arguments);
    // 1 says that audits found something, which the company is made for.
    assert!(matches!(answer.code, Some(0 | 1)), "{arguments:?}: {}", answer.stderr);
}

/// Of the smallest partition, too, the rows that stay are not written anew.
fn replace_single_rows(hub: &TestHub) {
    let path = hub.path("config/hub.toml");
    let told = std::fs::read_to_string(&path).unwrap();
    let changed = told.replace("amended_rows_min = 10000", "amended_rows_min = 0");
    assert_ne!(told, changed);
    std::fs::write(&path, changed).unwrap();
}

#[test]
fn built_by_and_by_is_built_at_once() {
    let sandbox = Sandbox::start(1, None);
    let scans = std::fs::read_to_string(sandbox.scans()).unwrap();
    let at_once = TestHub::new();
    sandbox.connect(&at_once);
    run(&at_once, &["sync"]);
    run(&at_once, &["ingest", &sandbox.scans()]);
    run(&at_once, &["build"]);
    let expected = dump::tables(&at_once);

    for seed in SEEDS {
        println!("seed {seed}");
        let mut lines: Vec<&str> = scans.lines().collect();
        lines.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        let hub = TestHub::new();
        replace_single_rows(&hub);
        sandbox.connect(&hub);
        run(&hub, &["sync"]);
        let (mut from, mut share) = (0, 0);
        for (place, percent) in DELIVERIES.into_iter().enumerate() {
            share += percent;
            let to = lines.len() * share / 100;
            let file = hub.path(&format!("delivery-{place}.jsonl"));
            std::fs::write(&file, lines[from..to].join("\n")).unwrap();
            run(&hub, &["ingest", &file.display().to_string()]);
            run(&hub, &["build"]);
            from = to;
        }
        assert_eq!(from, lines.len());
        let vectors = deletion_vectors(&hub.path("data/lake/core"));
        assert!(vectors > 10, "hardly a row was replaced by itself: {vectors}");
        let found = dump::tables(&hub);
        let names: Vec<_> = found.keys().collect();
        assert_eq!(names, expected.keys().collect::<Vec<_>>());
        for (table, rows) in expected.iter().filter(|(table, _)| !table.starts_with("raw.")) {
            let (missing, surplus) = (less(rows, &found[table]), less(&found[table], rows));
            let differs = missing.len() + surplus.len();
            assert_eq!(
                differs, 0,
                "{table} differs with seed {seed}: it lacks {missing:#?} and has {surplus:#?}"
            );
        }
    }
}

/// How many files of deletion vectors lie in a folder.
fn deletion_vectors(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let of_entry = |entry: std::fs::DirEntry| match entry.path().is_dir() {
        true => deletion_vectors(&entry.path()),
        false => usize::from(entry.file_name().to_string_lossy().starts_with("deletion_vector_")),
    };
    entries.map(of_entry).sum()
}

/// The first rows of one list, which is in order, that another lacks.
fn less<'a>(rows: &'a [String], others: &[String]) -> Vec<&'a String> {
    const SHOWN_MAX: usize = 5;
    let lacking = rows.iter().filter(|row| others.binary_search(row).is_err());
    lacking.take(SHOWN_MAX).collect()
}
