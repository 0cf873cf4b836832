//! `kill -9` at seeded random points of sync, ingest and build: after a restart the lake holds what
//! it holds without the crash, row for row.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where its ground is missing"
)]

use std::process::Stdio;
use std::time::Instant;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use yuanliu_tests::dump;
use yuanliu_tests::hub::TestHub;
use yuanliu_tests::kill::kill_after;
use yuanliu_tests::sandbox::Sandbox;

/// Kills in all; spread over the hubs below.
const KILLS: usize = 50;
/// Each hub is killed this often on its way and then left to finish.
const KILLS_PER_HUB: usize = 10;
const SEED: u64 = 20_260_630;

#[test]
fn a_killed_hub_ends_with_the_same_rows() {
    println!("seed {SEED}");
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let sandbox = Sandbox::start(1, None);
    let scans = sandbox.scans();
    let steps: [&[&str]; 3] = [&["sync"], &["ingest", &scans], &["build"]];

    let undisturbed = TestHub::new();
    sandbox.connect(&undisturbed);
    let mut durations = Vec::new();
    for step in steps {
        let start = Instant::now();
        let answer = undisturbed.run(step);
        assert!(matches!(answer.code, Some(0 | 1)), "{step:?}: {}", answer.stderr);
        durations.push(start.elapsed());
    }
    let expected = dump::tables(&undisturbed);
    assert!(expected.len() > 30, "only {} tables", expected.len());

    let mut killed = [0; 3];
    for _ in 0..KILLS / KILLS_PER_HUB {
        let hub = TestHub::new();
        sandbox.connect(&hub);
        for (index, step) in steps.into_iter().enumerate() {
            // Builds are the longest step and commit most often.
            let kills = [3, 2, 5][index];
            for _ in 0..kills {
                let share = random.random_range(0.05..0.95);
                let child = hub.command(step).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
                let child = child.expect("the hub starts");
                killed[index] += usize::from(kill_after(child, durations[index].mul_f64(share)));
            }
            let answer = hub.run(step);
            assert!(matches!(answer.code, Some(0 | 1)), "{step:?}: {}", answer.stderr);
        }
        let found = dump::tables(&hub);
        let names: Vec<_> = found.keys().collect();
        assert_eq!(names, expected.keys().collect::<Vec<_>>());
        for (table, rows) in &expected {
            assert_eq!(&found[table], rows, "{table} differs after kills");
        }
    }
    println!("killed during sync {}, ingest {}, build {}", killed[0], killed[1], killed[2]);
    // A step that was nearly done by an earlier, killed try may end before its kill.
    assert!(killed.iter().all(|count| *count > 0), "{killed:?}");
}
