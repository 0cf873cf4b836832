//! Measures the index: `cargo run --release --example index_speed -- ITEMS [bulk|apply] [serial|random] [FOLDER] [READS]`.
//!
//! Makes a stream of that many items in cases of 24 and pallets of 40 cases, commissioned, packed,
//! stored, shipped, received and partly sold and checked; builds an index of it, and asks. With a
//! folder the index is kept, and asked again without building if it is there.

mod reads;
mod stream;

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use yuanliu_trace_index::{BulkBuild, IndexOptions, Progress, TraceIndex};

use stream::Stream;

pub(crate) type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let items: u64 = arguments.next().as_deref().unwrap_or("1000000").parse()?;
    let is_bulk = arguments.next().as_deref().unwrap_or("bulk") == "bulk";
    let is_random = arguments.next().as_deref().unwrap_or("random") == "random";
    let stream = Stream::new(items, is_random);
    let scratch = tempfile::tempdir()?;
    let folder = arguments.next().map_or_else(|| scratch.path().join("index"), PathBuf::from);
    let reads: usize = arguments.next().as_deref().unwrap_or("50000").parse()?;
    let index = if folder.exists() {
        TraceIndex::open(&folder, IndexOptions::default())?
    } else {
        build(&stream, &folder, is_bulk)?
    };
    sizes(&index, &stream)?;
    reads::measure(&index, &stream, reads)
}

fn build(stream: &Stream, folder: &Path, is_bulk: bool) -> Outcome<TraceIndex> {
    let options = IndexOptions::default();
    let started = Instant::now();
    let (mut events, mut busy) = (0, std::time::Duration::ZERO);
    let index = if is_bulk {
        let mut build = BulkBuild::create(folder, options)?;
        for batch in stream.batches() {
            let batch = batch?;
            events += batch.num_rows();
            let pushed = Instant::now();
            build.push(&batch)?;
            busy += pushed.elapsed();
        }
        let finished = Instant::now();
        let index = build.finish(Progress::default())?;
        busy += finished.elapsed();
        index
    } else {
        let index = TraceIndex::open(folder, options)?;
        for batch in stream.batches() {
            let batch = batch?;
            events += batch.num_rows();
            let applied = Instant::now();
            index.apply(&batch, Progress::default())?;
            busy += applied.elapsed();
        }
        index.persist()?;
        index
    };
    say(&format!(
        "built {events} events of {} codes in {:.1} s, {:.1} s of them in the index: {:.0} events/s, {} MiB resident",
        stream.codes(),
        started.elapsed().as_secs_f64(),
        busy.as_secs_f64(),
        events as f64 / busy.as_secs_f64(),
        resident_mib()
    ))?;
    Ok(index)
}

fn sizes(index: &TraceIndex, stream: &Stream) -> Outcome<()> {
    let codes = stream.codes() as f64;
    let spaces = index.space_bytes();
    let total: u64 = spaces.iter().map(|(_, bytes)| bytes).sum();
    let each: Vec<String> =
        spaces.iter().map(|(name, bytes)| format!("{name} {:.1}", *bytes as f64 / codes)).collect();
    say(&format!(
        "{:.1} bytes a code ({}), {:.0} MiB with the journal",
        total as f64 / codes,
        each.join(", "),
        index.disk_bytes()? as f64 / f64::from(1 << 20)
    ))
}

pub(crate) fn say(line: &str) -> Outcome<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}

/// Resident memory of this process, in MiB; 0 where it cannot be told.
pub(crate) fn resident_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1_024
}
