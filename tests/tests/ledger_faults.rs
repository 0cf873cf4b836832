//! What befalls the ledger of a serving hub: torn tails, a full disk, a clock that jumps, an index
//! that is deleted, somebody else's commit to the lake. What was acknowledged is there once after it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where its ground is missing"
)]

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use yuanliu_sandbox_servers::faketime;
use yuanliu_tests::hub::{TestHub, answer as finished};
use yuanliu_tests::kill::kill_process;
use yuanliu_tests::mount::SmallDisk;
use yuanliu_tests::python;
use yuanliu_tests::server::{Server, answer};

const SEED: u64 = 20_261_128;
/// Longer than a hub takes for anything here on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A hub that neither builds nor, within a test's time, lands by itself.
fn hub(flush_s: u32) -> TestHub {
    let hub = TestHub::new();
    let path = hub.path("config/hub.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text
        .replace("build_every_s = 300", "build_every_s = 0")
        .replace("flush_s = 5", &format!("flush_s = {flush_s}"));
    std::fs::write(&path, text).unwrap();
    hub
}

fn events(from: u64, count: u64) -> Vec<Value> {
    let one = |number: u64| {
        let event_type = ["commission", "ship", "verify"][(number % 3) as usize];
        json!({
            "event_id": format!("e{number}"),
            "event_type": event_type,
            "event_time": format!("2026-03-{:02}T08:00:00Z", number % 28 + 1),
            "codes": [format!("CODE{}", number / 3)],
            "to_party": "D1",
        })
    };
    (from..from + count).map(one).collect()
}

/// Sends events; says whether they were acknowledged, and what was told if not.
async fn send(server: &Server, events: &[Value]) -> Result<(), Value> {
    let (status, told) = answer(server.post("/api/v1/events").json(&events)).await;
    if status == 200 { Ok(()) } else { Err(told) }
}

/// Every event is in the lake once, and the index says what the lake says.
fn expect_whole(hub: &TestHub, events: u64) {
    let sql = "select count(*) as n, count(distinct event_id) as ids from raw.scans__event";
    let counted = hub.run(&["sql", sql, "--format", "json"]).expect_code(0).json();
    assert_eq!((&counted[0]["n"], &counted[0]["ids"]), (&json!(events), &json!(events)));
    let checked = hub.run(&["index", "check", "--format", "json"]).expect_code(0).json();
    assert_eq!(checked["different"], 0, "{checked}");
    assert!(checked["compared"].as_u64() > Some(0), "{checked}");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let list = if entry.path().is_dir() { &mut open } else { &mut found };
            list.push(entry.path());
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn torn_tails_of_inbox_and_index_lose_nothing() {
    println!("seed {SEED}");
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let hub = hub(3600);
    let mut sent = 0;
    for round in 0..6 {
        let server = Server::start(&hub);
        for _ in 0..5 {
            send(&server, &events(sent, 20)).await.unwrap();
            sent += 20;
        }
        kill_process(server.id(), Duration::ZERO);
        drop(server);
        // A write that did not get through: something else than a whole record at the end.
        for path in files(&hub.path("data/inbox")).into_iter().chain(files(&hub.path("data/index")))
        {
            if path.extension().is_some_and(|e| e == "lock") {
                continue;
            }
            let torn: Vec<u8> = (0..random.random_range(1..200)).map(|_| random.random()).collect();
            let mut file = std::fs::File::options().append(true).open(&path).unwrap();
            file.write_all(if round % 2 == 0 { &torn } else { &[0; 64] }).unwrap();
        }
    }
    Server::start(&hub).stop();
    expect_whole(&hub, sent);
}

#[tokio::test]
async fn an_index_deleted_under_a_running_hub_is_told_and_built_anew() {
    let hub = hub(1);
    let server = Server::start(&hub);
    send(&server, &events(0, 60)).await.unwrap();
    std::fs::remove_dir_all(hub.path("data/index")).unwrap();
    let told = send(&server, &events(60, 60)).await.unwrap_err();
    assert_eq!(told["code"], "unavailable", "{told}");
    assert!(told["detail"].as_str().unwrap().contains("start"), "{told}");
    let (status, told) = answer(server.get("/api/v1/trace/CODE1")).await;
    assert!(matches!(status, 200 | 503), "{told}");
    assert_eq!(server.get("/readyz").send().await.unwrap().status().as_u16(), 503);
    drop(server);
    let server = Server::start(&hub);
    // Whoever got no answer sends again.
    send(&server, &events(60, 60)).await.unwrap();
    let (status, trace) = answer(server.get("/api/v1/trace/CODE1")).await;
    assert_eq!((status, &trace["status"]), (200, &json!("sold")), "{trace}");
    server.stop();
    expect_whole(&hub, 120);
}

#[tokio::test]
async fn a_full_disk_refuses_and_takes_again_when_there_is_room() {
    let hub = hub(1);
    let disk = SmallDisk::over(&hub.path("data"), 48);
    let server = Server::start_with(disk.inside(&hub.command(&Server::ARGUMENTS)));
    send(&server, &events(0, 60)).await.unwrap();
    let mut sent = 60;
    let filler = hub.path("data/filler");
    let fill = format!("cat /dev/zero > {} 2>/dev/null; true", filler.display());
    let run = |script: &str| {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        assert!(disk.inside(&command).status().unwrap().success(), "{script}");
    };
    run(&fill);
    let mut told = None;
    let mut refused = BTreeSet::new();
    for _ in 0..50 {
        match send(&server, &events(sent, 200)).await {
            Ok(()) => {}
            Err(problem) => {
                told = Some(problem);
                refused.insert(sent);
            }
        }
        sent += 200;
        if told.is_some() {
            break;
        }
    }
    let told = told.expect("a full disk takes no events");
    assert!(matches!(told["status"].as_u64(), Some(429 | 503)), "{told}");
    let detail = told["detail"].as_str().unwrap();
    assert!(detail.contains("space") || detail.contains("again"), "{told}");
    run(&format!("rm {}", filler.display()));
    for at in refused {
        // What was refused may be sent again as it is.
        let began = Instant::now();
        while let Err(told) = send(&server, &events(at, 200)).await {
            assert!(began.elapsed() < PATIENCE, "still refused: {told}");
        }
    }
    server.stop();
    let sql = "select count(*) as n, count(distinct event_id) as ids from raw.scans__event";
    let counted = disk.inside(&hub.command(&["sql", sql, "--format", "json"])).output().unwrap();
    let counted = finished(counted).expect_code(0).json();
    assert_eq!((&counted[0]["n"], &counted[0]["ids"]), (&json!(sent), &json!(sent)));
}

#[tokio::test]
async fn a_clock_that_jumps_changes_no_answer() {
    let hub = hub(1);
    let clock = hub.write("clock", "+0");
    let mut command = hub.command(&Server::ARGUMENTS);
    command.env("LD_PRELOAD", faketime().unwrap()).env("FAKETIME_TIMESTAMP_FILE", &clock);
    command.env("FAKETIME_NO_CACHE", "1").env("DONT_FAKE_MONOTONIC", "1");
    let server = Server::start_with(command);
    let mut sent = 0;
    for jump in ["+0", "+40d", "-3d", "+2h", "-400d", "+0"] {
        std::fs::write(&clock, jump).unwrap();
        send(&server, &events(sent, 60)).await.unwrap();
        // A device sends again after its clock was set: the event is the same one.
        send(&server, &events(sent, 60)).await.unwrap();
        sent += 60;
    }
    let (status, trace) = answer(server.get("/api/v1/trace/CODE1")).await;
    assert_eq!((status, &trace["status"]), (200, &json!("sold")), "{trace}");
    server.stop();
    expect_whole(&hub, sent);
}

/// Compacts the table of scan events over and over until the folder holds a file `enough`.
const COMPACT: &str = r#"
import os, sys
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError
table, enough, done = sys.argv[1], sys.argv[2], 0
while not os.path.exists(enough):
    try:
        if os.path.exists(os.path.join(table, "_delta_log")):
            done += DeltaTable(table).optimize.compact()["numFilesRemoved"]
    except CommitFailedError:
        pass
print(done, flush=True)
os._exit(0)
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_elses_commits_to_the_lake_lose_and_double_nothing() {
    let packages = ["deltalake==1.6.6", "pyarrow"];
    let python = python::environment(Path::new(env!("CARGO_TARGET_TMPDIR")), &packages);
    let hub = hub(1);
    let table = hub.path("data/lake/raw/scans__event");
    let enough = hub.path("enough");
    let mut other = Command::new(python);
    other.args(["-c", COMPACT]).arg(&table).arg(&enough);
    let other = other.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let server = Server::start(&hub);
    let mut sent = 0;
    for _ in 0..12 {
        send(&server, &events(sent, 200)).await.unwrap();
        sent += 200;
        // The next only when this is in the lake, so that there is one landing for each.
        let began = Instant::now();
        while answer(server.get("/api/v1/ledger")).await.1["inbox"]["pending_events"] != 0 {
            assert!(began.elapsed() < PATIENCE, "nothing is landed");
        }
    }
    std::fs::write(&enough, "").unwrap();
    let compacted = other.wait_with_output().unwrap();
    let compacted = String::from_utf8_lossy(&compacted.stdout).trim().parse::<u64>().unwrap();
    assert!(compacted > 1, "the other writer never got a commit through");
    server.stop();
    expect_whole(&hub, sent);
}
