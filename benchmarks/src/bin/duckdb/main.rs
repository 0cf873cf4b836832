//! Sightings, diversion cases and regional sales built by the hub and, from the same files with the same SQL, by DuckDB.
//!
//! ```sh
//! cargo build --release -p yuanliu
//! cargo run --release -p yuanliu-benchmarks --bin spine -- --scale 730 --home home
//! cargo run --release -p yuanliu-benchmarks --bin duckdb -- --home home --python …/bin/python
//! ```
//!
//! The Python has `duckdb` and `deltalake`. The home's own tables of these models are removed and built anew, and the
//! rows of both sides are compared in the end.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use serde::Deserialize;
use yuanliu_benchmarks::home::Home;
use yuanliu_benchmarks::measure::{self, Measured};
use yuanliu_benchmarks::table::Table;

#[derive(Debug, Parser)]
struct Options {
    /// A home with built models, as `spine --home` leaves it.
    #[arg(long)]
    home: PathBuf,
    /// A Python with the peer's packages.
    #[arg(long)]
    python: PathBuf,
    /// The binary to measure.
    #[arg(long, default_value = "target/release/yuanliu")]
    yuanliu: PathBuf,
    /// Memory of the peer, in megabytes; that of the hub is its configuration's.
    #[arg(long, default_value_t = 4_000)]
    memory_mb: u32,
}

/// In the order in which they read each other.
const MODELS: [&str; 8] = [
    "core.sighted_unit",
    "core.sighting",
    "marts.sightings",
    "marts.diversion_cases",
    "marts.diversion_dealers",
    "core.sale",
    "core.item_flow",
    "marts.regional_sales",
];

/// The large tables that they read beside each other.
const READ: [&str; 8] = [
    "core.ancestry",
    "core.custody",
    "core.event_place",
    "core.logistic_unit",
    "core.promoter_claim",
    "core.shipment",
    "core.unit",
    "core.unit_movement",
];

/// Tables of rules that the models read.
const RULES: [&str; 7] = [
    "rules.version",
    "rules.diversion",
    "rules.buffer_region",
    "rules.visitor_region",
    "rules.national_channel",
    "rules.staff_device",
    "rules.test_code",
];

/// What the hub's own functions say of what the models ask them: a table for the peer each.
const GIVEN: [(&str, &str); 2] = [
    (
        "given.resolved",
        "select distinct ship_to_address as address, resolve_region(ship_to_address) as region_code \
         from core.sales_order where ship_to_address is not null",
    ),
    (
        "given.event_type",
        "select event_type, type_precedence(event_type) as place \
         from (values ('sell'), ('verify'), ('open_case'), ('purchase_check')) as t (event_type)",
    ),
];

const PEER: &str = include_str!("peer.py");
const WAREHOUSE_SQL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../warehouse-sql");

/// A model as either side built it.
#[derive(Debug)]
struct Built {
    rows: u64,
    elapsed: Duration,
}

#[derive(Debug, Deserialize)]
struct PeerBuilt {
    model: String,
    rows: u64,
    seconds: f64,
}

#[derive(Debug, Deserialize)]
struct Difference {
    model: String,
    only_hub: u64,
    only_peer: u64,
}

fn main() -> Result<()> {
    let options = Options::parse();
    let folder = options.home.canonicalize().context("finding the home")?;
    let home = Home::new(&options.yuanliu, &folder)?;
    for table in READ {
        // Whoever comes first would read from the disk, and the other from memory.
        read_all(&folder.join("data/lake").join(table.replace('.', "/")))?;
    }
    let hub = build_hub(&home, &folder)?;
    let peer = Peer::new(&options, &home, &folder)?;
    let built = peer.run("build")?;

    let mut models = Table::new(&["model", "rows", "hub s", "peer s", "ratio"]);
    let by_hub = of_hub(&hub)?;
    let by_peer = of_peer(&built)?;
    for ((model, hub), peer) in MODELS.iter().zip(&by_hub).zip(&by_peer) {
        let (ours, theirs) = (hub.elapsed.as_secs_f64(), peer.elapsed.as_secs_f64());
        let ratio = format!("{:.2}", theirs / ours);
        let cells = [format!("{ours:.2}"), format!("{theirs:.2}"), ratio];
        let first = [(*model).to_owned(), hub.rows.to_string()];
        models.line(&first.into_iter().chain(cells).collect::<Vec<_>>());
    }
    println!("{models}");
    let mut all = Table::default();
    let rows = |built: &[Built]| Some(built.iter().map(|one| one.rows).sum());
    all.add("hub", &hub, rows(&by_hub));
    all.add("DuckDB", &built, rows(&by_peer));
    println!("{all}");

    let compared = peer.run("compare")?;
    ensure!(compared.text().lines().count() == MODELS.len(), "not every model was compared");
    for line in compared.text().lines() {
        let Difference { model, only_hub, only_peer } =
            serde_json::from_str(line).context("reading what differs")?;
        println!("{model}: {only_hub} rows only in the hub, {only_peer} only in DuckDB");
    }
    Ok(())
}

/// Reads all files below a folder.
fn read_all(folder: &Path) -> Result<()> {
    let entries = std::fs::read_dir(folder);
    for entry in entries.with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            read_all(&path)?;
        } else {
            std::io::copy(&mut std::fs::File::open(&path)?, &mut std::io::sink())
                .with_context(|| format!("reading {}", path.display()))?;
        }
    }
    Ok(())
}

/// Removes the tables and builds them; nothing else has changed, so nothing else is built.
fn build_hub(home: &Home, folder: &Path) -> Result<Measured> {
    for model in MODELS {
        let table = folder.join("data/lake").join(model.replace('.', "/"));
        std::fs::remove_dir_all(&table)
            .with_context(|| format!("removing {}; is the home built?", table.display()))?;
    }
    let mut arguments = vec!["build", "--format", "json"];
    arguments.extend(MODELS.iter().flat_map(|model| ["--model", model]));
    home.run(&arguments)
}

fn of_hub(run: &Measured) -> Result<Vec<Built>> {
    let report = run.json()?;
    let models = report["models"].as_array().context("a build lists its models")?;
    let other = models.iter().find(|one| {
        one["outcome"] == "rebuilt" && !MODELS.iter().any(|model| one["name"] == *model)
    });
    ensure!(other.is_none(), "another model was built as well: {other:?}; build the home first");
    let built = |model: &&str| {
        let one = models.iter().find(|one| one["name"] == **model);
        let one = one.with_context(|| format!("{model} was not built"))?;
        let elapsed = Duration::from_millis(one["elapsed_ms"].as_u64().context("elapsed_ms")?);
        Ok(Built { rows: one["rows"].as_u64().context("rows")?, elapsed })
    };
    MODELS.iter().map(built).collect()
}

fn of_peer(run: &Measured) -> Result<Vec<Built>> {
    // What ended it is told above, by Python.
    ensure!(run.text().lines().count() == MODELS.len(), "the peer did not build every model");
    let lines = run.text().lines().zip(MODELS).map(|(line, model)| {
        let built: PeerBuilt = serde_json::from_str(line).context("reading the peer's figures")?;
        ensure!(built.model == model, "the peer built {} in place of {model}", built.model);
        Ok(Built { rows: built.rows, elapsed: Duration::from_secs_f64(built.seconds) })
    });
    lines.collect()
}

/// DuckDB over the lake of a home.
struct Peer<'a> {
    options: &'a Options,
    lake: PathBuf,
    folder: tempfile::TempDir,
}

impl<'a> Peer<'a> {
    fn new(options: &'a Options, home: &Home, of_home: &Path) -> Result<Self> {
        let folder = tempfile::tempdir_in(of_home).context("making a folder")?;
        let given = folder.path().join("given");
        std::fs::create_dir(&given).context("making a folder")?;
        std::fs::write(folder.path().join("peer.py"), PEER).context("writing the peer's script")?;
        let rules = RULES.map(|name| (name, format!("select * from {name}")));
        let functions = GIVEN.map(|(name, sql)| (name, sql.to_owned()));
        for (name, sql) in rules.into_iter().chain(functions) {
            let rows = home.run(&["sql", &sql, "--format", "csv"])?;
            let path = given.join(format!("{name}.csv"));
            std::fs::write(&path, rows.text())
                .with_context(|| format!("writing {}", path.display()))?;
        }
        Ok(Self { options, lake: of_home.join("data/lake"), folder })
    }

    fn run(&self, what: &str) -> Result<Measured> {
        let folder = self.folder.path();
        let mut command = Command::new(&self.options.python);
        command.arg(folder.join("peer.py")).arg(what).arg(&self.lake).arg(WAREHOUSE_SQL);
        command.arg(folder.join("given")).arg(folder.join("out"));
        command.arg(self.options.memory_mb.to_string()).args(MODELS);
        measure::run(&mut command)
    }
}
