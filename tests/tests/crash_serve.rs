//! `kill -9` of a serving hub at seeded random points under load: every acknowledged event is in the
//! lake once, none twice, and the trace index says what the lake says.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where its ground is missing"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use yuanliu_tests::hub::TestHub;
use yuanliu_tests::kill::kill_process;
use yuanliu_tests::server::Server;

const KILLS: usize = 200;
const SEED: u64 = 20_261_125;
/// Senders at the same time.
const SENDERS: u64 = 4;
/// Events of one body.
const EVENTS: u64 = 20;
/// The hub lives this long at most before it is killed.
const LIFE_MAX_MS: u64 = 400;

/// An event with an id of its own; what it says follows from the number.
fn event(number: u64) -> Value {
    let kind = ["commission", "ship", "verify"][(number % 3) as usize];
    json!({
        "event_id": format!("e{number}"),
        "event_type": kind,
        "event_time": format!("2026-03-{:02}T08:00:00Z", number % 28 + 1),
        "codes": [format!("CODE{}", number % 5_000)],
        "to_party": "D1",
    })
}

/// Sends bodies until the hub is gone; returns the numbers that were acknowledged and the next free one.
async fn send(server: &Server, mut next: u64, resend: Option<u64>) -> (Vec<u64>, u64) {
    let mut acknowledged = Vec::new();
    let mut first = resend;
    loop {
        let start = first.take().unwrap_or(next);
        let numbers: Vec<u64> = (start..start + EVENTS).collect();
        let body: Vec<Value> = numbers.iter().map(|number| event(*number)).collect();
        next = next.max(start + EVENTS);
        let Ok(response) = server.post("/api/v1/events").json(&body).send().await else {
            return (acknowledged, next);
        };
        if response.status().is_success() {
            acknowledged.extend(numbers);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_event_is_there_once() {
    println!("seed {SEED}");
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let hub = TestHub::new();
    let path = hub.path("config/hub.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text
        .replace("build_every_s = 300", "build_every_s = 0")
        .replace("flush_s = 5", "flush_s = 1");
    // Two hundred starts: the region tables, which this test has no use for, are cut short.
    let text = format!("{text}\n[regions]\nfolder = \"regions\"\n");
    std::fs::write(&path, text).unwrap();
    let cut =
        [("regions.csv", 3), ("regions_history.csv", 1), ("towns.csv", 1), ("aliases.csv", 1)];
    for (file, lines) in cut {
        let whole = yuanliu_tests::root().join("pipeline/regions/data").join(file);
        let whole = std::fs::read_to_string(whole).unwrap();
        let head: Vec<&str> = whole.lines().take(lines).collect();
        hub.write(&format!("config/regions/{file}"), &(head.join("\n") + "\n"));
    }

    let mut acknowledged = BTreeSet::new();
    let mut next = [0, 1, 2, 3].map(|sender: u64| sender * 10_000_000);
    let began = Instant::now();
    let mut killed = 0;
    for _ in 0..KILLS {
        let server = Server::start(&hub);
        let sending = async {
            let one = |sender: usize, resend| send(&server, next[sender], resend);
            // What the last life left without an answer is sent again, as a device does.
            let again = |sender: usize| {
                next[sender].checked_sub(EVENTS).filter(|at| *at % 10_000_000 < 9_000_000)
            };
            tokio::join!(one(0, again(0)), one(1, again(1)), one(2, again(2)), one(3, again(3)))
        };
        let life = Duration::from_millis(random.random_range(1..LIFE_MAX_MS));
        let process = server.id();
        let killing = tokio::task::spawn_blocking(move || kill_process(process, life));
        let (a, b, c, d) = sending.await;
        killed += usize::from(killing.await.unwrap());
        for (sender, (numbers, free)) in [a, b, c, d].into_iter().enumerate() {
            acknowledged.extend(numbers);
            next[sender] = free;
        }
        drop(server);
    }
    println!("{killed} kills, {} events acknowledged in {:?}", acknowledged.len(), began.elapsed());
    assert!(killed > KILLS * 9 / 10, "only {killed} kills hit a living hub");
    assert!(acknowledged.len() as u64 > SENDERS * EVENTS, "the load never got through");

    // The next start takes up what the last life left, and a stop lands it.
    Server::start(&hub).stop();
    let rows = hub.run(&[
        "sql",
        "select event_id, count(*) as n from raw.scans__event group by event_id",
        "--format",
        "csv",
    ]);
    let rows = rows.expect_code(0).stdout;
    let counts: BTreeMap<&str, &str> =
        rows.lines().skip(1).filter_map(|line| line.split_once(',')).collect();
    let lost: Vec<_> =
        acknowledged.iter().filter(|n| !counts.contains_key(format!("e{n}").as_str())).collect();
    assert!(
        lost.is_empty(),
        "{} acknowledged events are lost: {:?}",
        lost.len(),
        &lost[..lost.len().min(5)]
    );
    let twice: Vec<_> = counts.iter().filter(|(_, n)| **n != "1").collect();
    assert!(twice.is_empty(), "events are there more than once: {twice:?}");
    let checked = hub.run(&["index", "check", "--format", "json"]).json();
    assert_eq!(checked["different"], 0, "{checked}");
    assert!(checked["compared"].as_u64().unwrap() > 100, "{checked}");
}
