//! A process that is really killed, again and again, while it appends.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use tokio::task::JoinSet;
use yuanliu_inbox::{Inbox, InboxOptions};

use crate::batches::{batch, pending, schema};

const KILLS: u64 = 50;
const CALLERS: i64 = 8;
const SEED: u64 = 20_240_501;
/// Set for the process that is killed: its folder and the first id it may use.
const FOLDER: &str = "INBOX_KILL_FOLDER";
const FIRST_ID: &str = "INBOX_KILL_FIRST_ID";

fn options(folder: &str) -> InboxOptions {
    // Small, so that segments begin and end under load too.
    InboxOptions { segment_bytes: 64 << 10, ..InboxOptions::new(folder, schema()) }
}

/// Not a test of its own: the process that is killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_process_that_is_killed() {
    let (Ok(folder), Ok(first)) = (std::env::var(FOLDER), std::env::var(FIRST_ID)) else {
        return;
    };
    let first: i64 = first.parse().unwrap();
    let (inbox, _) = Inbox::open(options(&folder)).unwrap();
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let inbox = inbox.clone();
        callers.spawn(async move {
            for id in (first + caller..).step_by(CALLERS as usize) {
                let sequence = inbox.append(batch(&[id])).await.unwrap();
                writeln!(std::io::stdout(), "kept {sequence} {id}").unwrap();
            }
        });
    }
    callers.join_all().await;
}

#[test]
fn nothing_acknowledged_is_lost_to_a_kill() {
    println!("seed {SEED}");
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().to_str().unwrap();
    let mut random = SEED;
    let mut acknowledged: BTreeMap<u64, i64> = BTreeMap::new();
    let mut released = 0;
    for round in 0..KILLS {
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let kept = run_until_killed(folder, round as i64 * 1_000_000, (random >> 33) % 400);
        assert!(!kept.is_empty());
        for (sequence, id) in kept {
            assert_eq!(acknowledged.insert(sequence, id), None, "{sequence} twice, round {round}");
        }
        let (inbox, recovery) = Inbox::open(options(folder)).unwrap();
        let found = pending(&inbox).unwrap();
        assert_eq!(recovery.frames as usize, found.len());
        let found: BTreeMap<u64, i64> = found.iter().map(|(at, ids)| (*at, ids[0])).collect();
        assert_eq!(found.len() as u64, recovery.frames);
        for (sequence, id) in acknowledged.range(released + 1..) {
            assert_eq!(found.get(sequence), Some(id), "{sequence}, round {round}");
        }
        let mut once: Vec<i64> = found.values().copied().collect();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), found.len(), "an event twice, round {round}");
        // What was kept without being acknowledged stays too.
        acknowledged.extend(found);
        if round % 3 == 0 {
            released = inbox.status().last_sequence;
            inbox.release_through(released).unwrap();
        }
    }
    println!("{} frames in {KILLS} rounds", acknowledged.len());
}

/// Starts the process, lets it acknowledge at least so many frames, and kills it; what it said.
fn run_until_killed(folder: &str, first_id: i64, frames: u64) -> Vec<(u64, i64)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::the_process_that_is_killed", "--nocapture"])
        .env(FOLDER, folder)
        .env(FIRST_ID, first_id.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut kept = Vec::new();
    let mut is_killed = false;
    for line in lines {
        let line = line.unwrap();
        if let Some((sequence, id)) =
            line.strip_prefix("kept ").and_then(|rest| rest.split_once(' '))
            && let (Ok(sequence), Ok(id)) = (sequence.parse(), id.parse())
        {
            kept.push((sequence, id));
        }
        if !is_killed && kept.len() as u64 > frames {
            child.kill().unwrap();
            is_killed = true;
        }
    }
    assert!(is_killed, "the process ended by itself: {:?}", child.wait());
    assert_eq!(child.wait().unwrap().code(), None);
    kept
}
