//! The spine measured as its users run it: sync, ingest, a full build, a one-day build, trace and reports
//! of a made-up company, each in a process of its own, with its time and its peak memory.
//!
//! ```sh
//! cargo build --release -p yuanliu
//! cargo run --release -p yuanliu-benchmarks --bin spine -- --scale 560
//! ```

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod days;

use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::Parser;

use yuanliu_benchmarks::home::Home;
use yuanliu_benchmarks::table::Table;

/// Measures sync, ingest, build, trace and reports of a made-up company.
#[derive(Debug, Parser)]
struct Options {
    /// The binary to measure.
    #[arg(long, default_value = "target/release/yuanliu")]
    yuanliu: PathBuf,
    /// Size of the company; 560 makes about a million scan events.
    #[arg(long, default_value_t = 560)]
    scale: u32,
    /// Seed of the company.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Where the company and the lake are kept; a temporary folder if left out.
    #[arg(long)]
    home: Option<PathBuf>,
}

/// How often a question is asked; the median is told.
const QUESTIONS: usize = 5;

fn main() -> Result<()> {
    let options = Options::parse();
    let temporary = tempfile::tempdir()?;
    let folder = options.home.clone().unwrap_or_else(|| temporary.path().to_owned());
    let home = Home::new(&options.yuanliu, &folder)?;
    let mut table = Table::default();

    let sandbox = home.start_company(options.seed, options.scale)?;
    let files = days::split_last_day(&home.scans(), &folder)?;
    println!(
        "seed {}, scale {}: {} events, {} of them on the last day, {}",
        options.seed,
        options.scale,
        files.earlier_events + files.last_day_events,
        files.last_day_events,
        files.last_day
    );

    let sync = home.run(&["sync", "--format", "json"])?;
    table.add("sync, everything", &sync, Some(sum(&sync.json()?, "read")));
    let again = home.run(&["sync", "--format", "json"])?;
    table.add("sync, nothing changed", &again, Some(sum(&again.json()?, "read")));
    drop(sandbox);

    let ingest = home.run(&["ingest", &files.earlier, "--format", "json"])?;
    let receipt = ingest.json()?;
    let accepted = receipt[0]["receipt"]["total"].as_u64().unwrap_or_default();
    ensure!(accepted == files.earlier_events, "{accepted} of {} events read", files.earlier_events);
    table.add("ingest, all but the last day", &ingest, Some(accepted));
    let build = home.run(&["build", "--format", "json"])?;
    table.add("build, everything", &build, Some(accepted));
    let idle = home.run(&["build", "--format", "json"])?;
    table.add("build, nothing changed", &idle, None);
    let day = home.run(&["ingest", &files.last_day_file, "--format", "json"])?;
    table.add("ingest, the last day", &day, Some(files.last_day_events));
    let increment = home.run(&["build", "--format", "json"])?;
    table.add("build, the last day", &increment, Some(files.last_day_events));

    for code in &files.codes {
        let traces = home.run_often(QUESTIONS, &["trace", code, "--format", "json"])?;
        table.add(&format!("trace {code}"), &traces, None);
    }
    for report in ["sightings", "diversion-cases", "diversion-dealers", "regional-sales"] {
        let asked = home.run_often(QUESTIONS, &["report", report, "--format", "csv"])?;
        let rows = (asked.text().lines().count() as u64).saturating_sub(1);
        table.add(&format!("report {report}"), &asked, Some(rows));
    }
    println!("{table}");
    println!("binary {:.1} MB, lake {:.1} MB", home.binary_mb()?, home.lake_mb());
    Ok(())
}

/// The sum of a field over an array of objects.
fn sum(rows: &serde_json::Value, field: &str) -> u64 {
    let rows = rows.as_array().map(Vec::as_slice).unwrap_or_default();
    rows.iter().filter_map(|row| row[field].as_u64()).sum()
}
