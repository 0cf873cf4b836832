//! The last day of a file of scans, apart from the days before it.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

/// How many codes are traced.
const CODES: usize = 3;

/// The two files a file of scans was split into.
#[derive(Debug)]
pub(crate) struct Days {
    pub(crate) earlier: String,
    pub(crate) last_day_file: String,
    pub(crate) earlier_events: u64,
    pub(crate) last_day_events: u64,
    /// The last day, `YYYY-MM-DD`, on which a thousandth of all events or more happened.
    pub(crate) last_day: String,
    /// Codes of items that were shipped on that day or any other.
    pub(crate) codes: Vec<String>,
}

/// Writes the events of the last busy day, and later ones, to one file and all others to another.
///
/// The first pass counts, the second writes: no file is held in memory.
pub(crate) fn split_last_day(scans: &Path, folder: &Path) -> Result<Days> {
    let mut counts = std::collections::BTreeMap::<String, u64>::new();
    let mut codes = Vec::new();
    let mut total = 0_u64;
    for line in lines(scans)? {
        let event = parse(&line?)?;
        *counts.entry(day(&event)).or_default() += 1;
        total += 1;
        let is_item = event["event_type"] == "commission" && event["level"] == "item";
        // Spread over the file: the first, and one after each doubling.
        if is_item && codes.len() < CODES && total >= 1 << (codes.len() * 8) {
            codes.extend(event["codes"][0].as_str().map(str::to_owned));
        }
    }
    let busy = |(_, count): &(&String, &u64)| **count * 1_000 >= total;
    let last_day = counts.iter().rev().find(busy).map(|(day, _)| day.clone()).unwrap_or_default();

    let paths = [folder.join("earlier.jsonl"), folder.join("last_day.jsonl")];
    let mut files = paths.iter().map(create).collect::<Result<Vec<_>>>()?;
    let mut written = [0_u64; 2];
    for line in lines(scans)? {
        let line = line?;
        let late = usize::from(day(&parse(&line)?) >= last_day);
        writeln!(files[late], "{line}").context("writing the split scans")?;
        written[late] += 1;
    }
    for file in &mut files {
        file.flush().context("writing the split scans")?;
    }
    let [earlier, last_day_file] = paths.map(|path| path.display().to_string());
    let [earlier_events, last_day_events] = written;
    Ok(Days { earlier, last_day_file, earlier_events, last_day_events, last_day, codes })
}

fn create(path: &std::path::PathBuf) -> Result<BufWriter<File>> {
    Ok(BufWriter::new(File::create(path).with_context(|| format!("making {}", path.display()))?))
}

fn lines(path: &Path) -> Result<impl Iterator<Item = std::io::Result<String>>> {
    let file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
    Ok(BufReader::new(file).lines())
}

fn parse(line: &str) -> Result<Value> {
    serde_json::from_str(line).context("reading an event")
}

fn day(event: &Value) -> String {
    let time = event["event_time"].as_str().unwrap_or_default();
    time.get(..10).unwrap_or_default().to_owned()
}
