//! Measures the index: `cargo run --release --example index_speed -- ITEMS [bulk|apply|live|compact] [serial|random] [FOLDER] [READS] [CACHE_MIB] [MEMTABLES_MIB]`.
//!
//! Makes a stream of that many items in cases of 24 and pallets of 40 cases, commissioned, packed,
//! stored, shipped, received and partly sold and checked; builds an index of it, and asks. `live` is `apply`
//! with compactions beside it whenever one is due, as in a hub. With a folder the index is kept, and asked again without building if it is there; `compact` makes one run of
//! its codes first.

mod process;
mod reads;
mod stream;

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use yuanliu_trace_index::{BulkBuild, IndexError, IndexOptions, Progress, TraceIndex};

use stream::Stream;

pub(crate) type Outcome<T> = Result<T, Box<dyn Error>>;

/// How often it is asked whether a compaction is due.
const LOOK_EVERY: Duration = Duration::from_millis(200);

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let items: u64 = arguments.next().as_deref().unwrap_or("1000000").parse()?;
    let way = arguments.next().unwrap_or_else(|| "bulk".to_owned());
    let is_random = arguments.next().as_deref().unwrap_or("random") == "random";
    let stream = Stream::new(items, is_random);
    let scratch = tempfile::tempdir()?;
    let folder = arguments.next().map_or_else(|| scratch.path().join("index"), PathBuf::from);
    let reads: usize = arguments.next().as_deref().unwrap_or("50000").parse()?;
    let mut options = IndexOptions::default();
    if let Some(cache_mib) = arguments.next() {
        options.cache_bytes = cache_mib.parse::<u64>()? << 20;
    }
    if let Some(memtables_mib) = arguments.next() {
        options.memtables_bytes = memtables_mib.parse::<u64>()? << 20;
    }
    if way == "compact" {
        options.compaction_bytes_min = 0;
    }
    let index = if folder.exists() {
        TraceIndex::open(&folder, options)?
    } else {
        build(&stream, &folder, &way, options)?
    };
    if way == "compact" {
        compact(&index)?;
    }
    sizes(&index, &stream)?;
    reads::measure(&index, &stream, reads)
}

fn compact(index: &TraceIndex) -> Outcome<()> {
    let (started, before) = (Instant::now(), process::thread_time());
    let done = index.compact(&AtomicBool::new(false))?;
    let busy = process::thread_time().saturating_sub(before);
    say(&format!("{done:?} in {:.1?}, {busy:.1?} of processor time", started.elapsed()))
}

fn build(stream: &Stream, folder: &Path, way: &str, options: IndexOptions) -> Outcome<TraceIndex> {
    let started = Instant::now();
    let (process_before, thread_before) = (process::processor_time(), process::thread_time());
    let mut in_index = Duration::ZERO;
    let (mut events, mut busy) = (0, Duration::ZERO);
    let index = if way == "bulk" {
        let mut build = BulkBuild::create(folder, options)?;
        for batch in stream.batches() {
            let batch = batch?;
            events += batch.num_rows();
            let (pushed, before) = (Instant::now(), process::thread_time());
            build.push(&batch)?;
            busy += pushed.elapsed();
            in_index += process::thread_time().saturating_sub(before);
        }
        let (finished, before) = (Instant::now(), process::thread_time());
        let index = build.finish(Progress::default())?;
        busy += finished.elapsed();
        in_index += process::thread_time().saturating_sub(before);
        index
    } else {
        let index = TraceIndex::open(folder, options)?;
        let has_ended = AtomicBool::new(way != "live");
        std::thread::scope(|scope| -> Outcome<()> {
            let compacting = scope.spawn(|| compact_when_due(&index, &has_ended));
            let applied = stream.batches().try_for_each(|batch| -> Outcome<()> {
                let batch = batch?;
                events += batch.num_rows();
                let (applied, before) = (Instant::now(), process::thread_time());
                index.apply(&batch, Progress::default())?;
                busy += applied.elapsed();
                in_index += process::thread_time().saturating_sub(before);
                Ok(())
            });
            has_ended.store(true, Ordering::Relaxed);
            compacting.join().map_err(|_| "the compaction panicked")??;
            applied
        })?;
        index.persist()?;
        index
    };
    let by_thread = process::thread_time().saturating_sub(thread_before);
    let by_process = process::processor_time().saturating_sub(process_before);
    say(&format!(
        "built {events} events of {} codes in {:.1} s, {:.1} s of them in the index: {:.0} events/s, {} MiB resident, {} at most",
        stream.codes(),
        started.elapsed().as_secs_f64(),
        busy.as_secs_f64(),
        events as f64 / busy.as_secs_f64(),
        process::resident_mib(),
        process::resident_most_mib()
    ))?;
    say(&format!(
        "processor: {:.2} s in calls of the index, {:.2} s in the store's own threads, {:.2} s in making the stream",
        in_index.as_secs_f64(),
        by_process.saturating_sub(by_thread).as_secs_f64(),
        by_thread.saturating_sub(in_index).as_secs_f64()
    ))?;
    Ok(index)
}

fn compact_when_due(index: &TraceIndex, has_ended: &AtomicBool) -> Result<(), IndexError> {
    while !has_ended.load(Ordering::Relaxed) {
        std::thread::park_timeout(LOOK_EVERY);
        index.compact(has_ended)?;
    }
    Ok(())
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
