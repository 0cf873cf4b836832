//! The hub that is measured.

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use yuanliu_benchmarks::flow::{Bodies, Plan, write_documents};
use yuanliu_benchmarks::home::Home;
use yuanliu_benchmarks::http::Connection;
use yuanliu_benchmarks::measure::Measured;
use yuanliu_benchmarks::served::Served;

use crate::options::MeasureArgs;
use crate::point::Point;

/// Much longer than the interval at which a hub lands.
const LANDED_WITHIN: Duration = Duration::from_mins(5);

/// Events of a part that is handed to the hub when it is filled.
const PART_EVENTS: u64 = 10_000;

/// What is left as it comes but for these: nothing but the measurement builds, and it may ask as
/// often as it can.
const SETTINGS: [(&str, &str, &str); 3] = [
    ("hub.toml", "build_every_s = 300", "build_every_s = 0"),
    ("rules.toml", "codes_per_minute = 60", "codes_per_minute = 1000000"),
    ("rules.toml", "answer_ms = 20", "answer_ms = 0"),
];

/// A hub in a folder that may have been filled before.
#[derive(Debug)]
pub(crate) struct Hub {
    home: Home,
    folder: PathBuf,
    plan: Plan,
}

/// What a folder says it holds.
#[derive(Debug, Serialize, Deserialize)]
struct Held {
    plan: String,
    point: Point,
}

impl Hub {
    /// The hub of a folder, with the masters and documents of the flow.
    pub(crate) fn open(args: &MeasureArgs, folder: &Path, plan: &Plan) -> Result<Self> {
        let is_used = folder.join("data").exists();
        let home = Home::new(&args.yuanliu, folder)?;
        for (file, from, to) in SETTINGS {
            home.replace(file, from, to)?;
        }
        if let Some(mib) = args.index_cache_mib {
            let to = format!("index_cache_mib = {mib}");
            home.replace("hub.toml", "index_cache_mib = 512", &to)?;
        }
        let hub = Self { home, folder: folder.to_owned(), plan: plan.clone() };
        if hub.held().is_none() {
            let told = "holds another flow, or one that was broken off; remove it or name another";
            ensure!(!is_used, "{} {told}", folder.display());
            let documents = folder.join("documents");
            write_documents(plan, &documents)?;
            let documents = documents.display().to_string();
            let system = format!("kind = \"files\"\nfolder = {documents:?}\n");
            hub.home.write("systems/erp.toml", &system)?;
            hub.home.run(&["sync"]).context("reading the documents")?;
            hub.home.run(&["build"]).context("building the documents")?;
            hub.hold(Point::BEGIN)?;
        }
        Ok(hub)
    }

    /// How much of this flow it holds; `None` if it is new.
    pub(crate) fn held(&self) -> Option<Point> {
        let held = fs::read_to_string(self.folder.join("held.json")).ok()?;
        let held: Held = serde_json::from_str(&held).ok()?;
        (held.plan == format!("{:?}", self.plan)).then_some(held.point)
    }

    /// Notes how much of the flow it holds now.
    pub(crate) fn hold(&self, point: Point) -> Result<()> {
        let held = Held { plan: format!("{:?}", self.plan), point };
        let path = self.folder.join("held.json");
        fs::write(&path, serde_json::to_vec(&held)?)
            .with_context(|| format!("writing {}", path.display()))
    }

    /// Fills it by `yuanliu ingest`, which reads the flow from a pipe, until either number is reached.
    pub(crate) fn preload(
        &self,
        mut bodies: Bodies,
        until: Point,
    ) -> Result<(Bodies, Point, Measured)> {
        // The name says what is in it, and a pipe has none.
        let pipe = self.folder.join("flow.jsonl");
        if pipe.symlink_metadata().is_err() {
            symlink("/dev/stdin", &pipe).context("naming the pipe")?;
        }
        let mut at = Point::BEGIN;
        let path = pipe.display().to_string();
        let ingest = self.home.run_fed(&["ingest", &path, "--format", "json"], |mut stdin| {
            while !at.has_reached(until)
                && let Some(body) = bodies.next(PART_EVENTS, until.codes.saturating_sub(at.codes))
            {
                at.events += body.events;
                at.codes += body.commissioned;
                stdin.write_all(&body.text).context("handing over events")?;
            }
            Ok(())
        })?;
        let receipt = ingest.json()?;
        let accepted = receipt[0]["receipt"]["accepted"].as_u64();
        ensure!(accepted == Some(at.events), "{} events were sent: {receipt}", at.events);
        self.hold(at)?;
        Ok((bodies, at, ingest))
    }

    /// Starts serving.
    pub(crate) fn serve(&self) -> Result<Served> {
        Served::start(&mut self.home.command(&["--format", "json", "serve", "--port", "0"]))
    }

    /// The token that a hub which serves leaves for the commands of its account.
    pub(crate) fn token(&self) -> Result<String> {
        let path = self.data().join("serving.json");
        let note = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        let note: serde_json::Value = serde_json::from_slice(&note)?;
        note["token"]
            .as_str()
            .map(str::to_owned)
            .context("the note of a hub that serves has a token")
    }

    /// Runs one command and measures it.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<Measured> {
        self.home.run(arguments)
    }

    /// Where lake, inbox and index are.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Size of the trace index and of the lake, in megabytes.
    pub(crate) fn sizes_mb(&self) -> (f64, f64) {
        (self.home.data_mb("index"), self.home.lake_mb())
    }
}

/// Waits until the lake holds all that was acknowledged.
pub(crate) async fn landed(address: &str) -> Result<()> {
    let mut connection = Connection::open(address, None).await?;
    let began = Instant::now();
    while began.elapsed() < LANDED_WITHIN {
        let answer = connection.get("/api/v1/ledger").await?;
        let told = String::from_utf8_lossy(&answer.body);
        ensure!(answer.status == 200, "the ledger answered {}: {told}", answer.status);
        let ledger: serde_json::Value = serde_json::from_slice(&answer.body)?;
        if ledger["inbox"]["pending_events"] == 0 {
            return Ok(());
        }
        ensure!(ledger["inbox"]["disk_error"].is_null(), "the inbox failed: {ledger}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("events wait in the inbox {} s after the last receipt", LANDED_WITHIN.as_secs())
}
