//! A process that writes is killed, and everything it was told is durable is there; nothing is there by half.
//!
//! This program is its own child: with arguments it writes until somebody ends it.

#![allow(clippy::unwrap_used, reason = "a test whose world cannot be set up should stop")]
#![allow(
    clippy::print_stdout,
    reason = "the child acknowledges on its output; the parent is the harness"
)]

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use chrono::{DateTime, Utc};
use yuanliu_metadata::{Metadata, NewReject, RejectFilter};
use yuanliu_sandbox_servers::{DATABASE, PASSWORD, PostgreSql, USER};
use yuanliu_schedule::Leases;

/// Rejects of one call.
const ROWS: usize = 3;

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600 + second, 0).unwrap()
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let arguments: Vec<_> = std::env::args().collect();
    if let [_, word, url, first] = arguments.as_slice()
        && word == "write"
    {
        return runtime.block_on(write(url, first.parse().unwrap()));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metadata.db").display().to_string();
    runtime.block_on(killed("SQLite", &path));
    let server = PostgreSql::start().unwrap();
    let url = format!("postgres://{USER}:{PASSWORD}@127.0.0.1:{}/{DATABASE}", server.port());
    runtime.block_on(killed("PostgreSQL", &url));
    println!("test result: ok. 2 passed; 0 failed");
}

/// Writes until it is ended; prints the number of each call once it was acknowledged.
async fn write(url: &str, first: usize) {
    let store = Metadata::connect(url).await.unwrap();
    let ttl = std::time::Duration::ZERO;
    let mut output = std::io::stdout();
    for n in first.. {
        let reject = |row| NewReject {
            reason: "late".into(),
            message: "m".into(),
            payload: format!("{n}"),
            payload_hash: format!("{n} {row}"),
            position: format!("{n}"),
        };
        let rejects: Vec<_> = (0..ROWS).map(reject).collect();
        let run = format!("run {n}");
        store.keep_rejects(&run, "erp", "order", &rejects, at(0)).await.unwrap();
        store.begin_run(&run, "sync", "erp", "order", at(0)).await.unwrap();
        let lease = store.acquire("sync", "child", Utc::now(), ttl).await.unwrap().unwrap();
        writeln!(output, "{n} {}", lease.fence).unwrap();
        output.flush().unwrap();
    }
}

/// Kills three writers one after the other, each at another point, and looks after each.
async fn killed(name: &str, url: &str) {
    let mut acknowledged: Vec<(usize, u64)> = Vec::new();
    for (round, calls) in [7, 40, 23].into_iter().enumerate() {
        // A call that was under way may be there unacknowledged, so each child has numbers of its own.
        let first = round * 1_000_000;
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["write", url, &first.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let told = |line: std::io::Result<String>| {
            let line = line.unwrap();
            let (n, fence) = line.split_once(' ').unwrap();
            (n.parse().unwrap(), fence.parse().unwrap())
        };
        acknowledged.extend(lines.by_ref().take(calls).map(told));
        child.kill().unwrap();
        // What it still acknowledged before it was gone counts as well.
        acknowledged.extend(lines.map(told));
        assert!(!child.wait().unwrap().success());
        let store = Metadata::connect(url).await.unwrap();
        let kept = store.rejects(&RejectFilter::default(), 1_000_000).await.unwrap();
        let of = |n: usize| kept.iter().filter(|reject| reject.payload == n.to_string()).count();
        for (n, _) in &acknowledged {
            assert_eq!(of(*n), ROWS, "{name}: rejects of call {n}");
            assert!(store.run(&format!("run {n}")).await.unwrap().is_some(), "{name}: run {n}");
        }
        assert_eq!(kept.len() % ROWS, 0, "{name}: a call is there as a whole or not at all");
        let lease = store.acquire("sync", "parent", Utc::now(), std::time::Duration::ZERO).await;
        let fence = lease.unwrap().unwrap().fence;
        assert!(acknowledged.iter().all(|(_, given)| *given < fence), "{name}: a fence came again");
    }
    let fences: Vec<_> = acknowledged.iter().map(|(_, fence)| *fence).collect();
    assert!(fences.is_sorted_by(|a, b| a < b), "{name}: fences grow");
    assert!(acknowledged.len() >= 70);
    println!("test {name} ... ok ({} calls acknowledged)", acknowledged.len());
}
