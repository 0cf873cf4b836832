//! A hub in service for half an hour: scans come in, systems are read, people and devices ask, all at once.
//!
//! ```sh
//! cargo build --release -p yuanliu
//! cargo run --release -p yuanliu-benchmarks --bin soak -- --minutes 30
//! ```
//!
//! It prints how memory went, how long each kind of question took, and whether every acknowledged event is in the lake
//! once. It ends with an error if one is missing or there twice.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
mod people;
mod scans;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Parser;
use serde_json::{Value, json};
use tokio::sync::Notify;
use yuanliu_benchmarks::home::replace;
use yuanliu_benchmarks::served::Served;

/// How often memory is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// The first scans are kept within this time.
const BEGUN_WITHIN: Duration = Duration::from_secs(60);

/// The hub has this long to land what it has acknowledged.
const LANDED_WITHIN: Duration = Duration::from_secs(120);

#[derive(Debug, Parser)]
struct Options {
    /// How long.
    #[arg(long, default_value_t = 30)]
    minutes: u64,
    /// The hub's binary.
    #[arg(long, default_value = "target/release/yuanliu")]
    yuanliu: PathBuf,
    /// Events a second.
    #[arg(long, default_value_t = 500)]
    events: u64,
    /// The size of the demo's company.
    #[arg(long, default_value_t = 20)]
    scale: u32,
    /// Cache of the trace index in MiB instead of what the demo has; a small one is full before long.
    #[arg(long)]
    index_cache_mib: Option<u64>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse();
    let folder = tempfile::tempdir().context("making a folder")?;
    let home = folder.path().join("demo");
    let mut hub = Served::demo(&options.yuanliu, options.scale, &home)?;
    let password = hub.said("password").context("the demo tells its password")?;
    if let Some(mib) = options.index_cache_mib {
        hub.stop()?;
        let to = format!("index_cache_mib = {mib}");
        replace(&home.join("config/hub.toml"), "index_cache_mib = 512", &to)?;
        let mut serve = Command::new(&options.yuanliu);
        serve.arg("--config").arg(home.join("config"));
        hub = Served::start(serve.args(["--quiet", "--format", "json", "serve", "--port", "0"]))?;
    }
    let address = hub.address().to_owned();
    println!("hub at {address}, {} MB at the start", hub.resident()? >> 20);

    let over = Arc::new(AtomicBool::new(false));
    let begun = Arc::new(Notify::new());
    let scans = scans::send(address.clone(), options.events, Arc::clone(&begun), Arc::clone(&over));
    let scanning = tokio::spawn(scans);
    // One of the codes that are asked for comes with them.
    let first = tokio::time::timeout(BEGUN_WITHIN, begun.notified()).await;
    first.context("no scans were kept: is the hub well?")?;
    let asking = people::all(&address, &password, &over);
    let mut memory = Vec::new();
    let end = Instant::now() + Duration::from_secs(options.minutes * 60);
    while Instant::now() < end {
        tokio::time::sleep(LOOK_EVERY.min(end - Instant::now())).await;
        memory.push(hub.resident()?);
    }
    over.store(true, Ordering::Relaxed);
    let sent = scanning.await.context("sending scans")??;
    let mut kinds = Vec::new();
    for kind in asking {
        kinds.push(kind.await.context("asking")??);
    }
    let landed = landed(&options, &home, sent.acknowledged).await?;
    let (peak, processor) = (hub.peak()?, hub.processor()?);
    hub.stop()?;

    let mb = |bytes: u64| bytes >> 20;
    let tenth = |number: usize| memory.get((memory.len() * number / 10).saturating_sub(1));
    let tenths: Vec<u64> = (1..=10).filter_map(tenth).map(|bytes| mb(*bytes)).collect();
    println!(
        "memory in MB after each tenth {tenths:?}; peak {}; processor {:.0} s",
        mb(peak),
        processor.as_secs_f64()
    );
    let line = |what: &str, latencies: &yuanliu_benchmarks::http::Latencies, refused: u64| {
        let ms = |per_mille| latencies.within(per_mille).as_secs_f64() * 1e3;
        println!(
            "{what:<28} {:>8} asked, {refused:>4} not answered with 2xx, p50 {:>7.1} ms, p99 {:>7.1} ms, most {:>7.1} ms",
            latencies.len(),
            ms(500),
            ms(990),
            ms(1_000)
        );
    };
    line("scans, in hundreds", &sent.latencies, sent.refused);
    for kind in &kinds {
        line(kind.what, &kind.latencies, kind.refused);
        if let Some(told) = &kind.first_refused {
            println!("  the first: {told}");
        }
    }
    println!(
        "{}",
        json!({"acknowledged": sent.acknowledged, "landed": landed.0, "twice": landed.1})
    );
    ensure!(landed.0 == sent.acknowledged, "acknowledged events are missing");
    ensure!(landed.1 == 0, "events are there twice");
    Ok(())
}

/// Events of this run in the lake, and how many ids are there more than once.
async fn landed(options: &Options, home: &Path, wanted: u64) -> Result<(u64, u64)> {
    let end = Instant::now() + LANDED_WITHIN;
    loop {
        let sql = "select count(*) as rows, count(distinct event_id) as ids from raw.scans__event \
                   where event_id like 'soak-%'";
        let asked = Command::new(&options.yuanliu)
            .arg("--config")
            .arg(home.join("config"))
            .args(["--format", "json", "sql", sql])
            .output()
            .context("asking the lake")?;
        let rows: Value = serde_json::from_slice(&asked.stdout)
            .with_context(|| String::from_utf8_lossy(&asked.stderr).into_owned())?;
        let count = |name: &str| rows[0][name].as_u64().context("a count");
        let (rows, ids) = (count("rows")?, count("ids")?);
        if ids >= wanted || Instant::now() > end {
            return Ok((ids, rows - ids));
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
}
