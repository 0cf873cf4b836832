//! `kill -9` while events are applied: what was applied is there, and applying all again completes it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use yuanliu_trace_index::{Progress, TraceIndex};

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
    let index = TraceIndex::open(folder, options()).unwrap();
    for n in index.progress().unwrap().inbox_sequence..BATCHES {
        index.apply(&batch(&events(n)), progress(n + 1)).unwrap();
        println!("\napplied {}", n + 1);
    }
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
fn a_killed_index_holds_what_was_applied_and_is_completed() {
    println!("seed {SEED}");
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let folder = tempfile::tempdir().unwrap();
    let (killed, whole) = (folder.path().join("killed"), folder.path().join("whole"));
    let mut applied = 0;
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
        let whole_batch = events(there.saturating_sub(1));
        let ids = whole_batch.iter().map(|event| event.id.as_str());
        assert!(there == 0 || index.contents(ids).unwrap().iter().all(|one| one.len() == 1));
    }
    let killed = TraceIndex::open(&killed, options()).unwrap();
    let whole = TraceIndex::open(&whole, options()).unwrap();
    for n in 0..BATCHES {
        killed.apply(&batch(&events(n)), progress(n + 1)).unwrap();
        whole.apply(&batch(&events(n)), progress(n + 1)).unwrap();
    }
    assert_eq!(killed.codes_after("", 1_000).unwrap(), whole.codes_after("", 1_000).unwrap());
    let codes = (0..CODES).map(|n| format!("I{n}")).chain((0..6).map(|n| format!("C{n}")));
    for code in codes {
        for as_of in [500, i64::MAX] {
            let (a, b) =
                (shown::history(&killed, &code, as_of), shown::history(&whole, &code, as_of));
            assert_eq!(a, b, "{code} as of {as_of}, seed {SEED}");
        }
    }
}
