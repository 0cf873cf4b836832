//! Measures reading back: `cargo run --release --example read_speed -- [events]`.
//!
//! So many events are kept, one to a frame and then a hundred to a frame, and read as the lake and
//! the index read them. The files are in memory by then: what is measured is decoding.

use std::error::Error;
use std::io::Write;
use std::time::Instant;

use arrow::array::RecordBatch;
use chrono::Utc;
use chrono_tz::Asia::Shanghai;
use yuanliu_inbox::{Inbox, InboxError, InboxOptions};
use yuanliu_scans::{CodeRules, EventRows, ScanRules, parse_event, raw_event_schema};

const EVENTS_PER_FRAME: [usize; 2] = [1, 100];
const CALL_EVENTS: usize = 10_000;
const READ_ROWS: usize = 25_000;
const ROUNDS: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let events: usize = std::env::args().nth(1).as_deref().unwrap_or("200000").parse()?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    for per_frame in EVENTS_PER_FRAME {
        let folder = tempfile::tempdir()?;
        let options = InboxOptions::new(folder.path(), raw_event_schema());
        let (inbox, _) = Inbox::open(options)?;
        for first in (0..events).step_by(CALL_EVENTS) {
            let firsts = (first..first + CALL_EVENTS).step_by(per_frame);
            let batches: Result<Vec<_>, _> = firsts.map(|n| made_up(n, per_frame)).collect();
            runtime.block_on(inbox.append_many(&batches?))?;
        }
        let seconds = (0..ROUNDS).map(|_| read_all(&inbox)).collect::<Result<Vec<_>, _>>()?;
        let best = seconds.into_iter().fold(f64::INFINITY, f64::min);
        let status = inbox.status();
        let report = format!(
            "{per_frame:>3} events a frame: {:>8.0} frames/s, {:>9.0} events/s, {:>6.1} MB/s\n",
            status.pending_frames as f64 / best,
            status.pending_events as f64 / best,
            status.pending_bytes as f64 / best / 1e6,
        );
        std::io::stdout().write_all(report.as_bytes())?;
    }
    Ok(())
}

fn read_all(inbox: &Inbox) -> Result<f64, InboxError> {
    let started = Instant::now();
    let mut after = 0;
    while let Some((last, _)) = inbox.read_after(after, READ_ROWS)?.last() {
        after = *last;
    }
    Ok(started.elapsed().as_secs_f64())
}

/// Shipments as a PDA sends them.
fn made_up(first: usize, events: usize) -> Result<RecordBatch, Box<dyn Error>> {
    let rules = ScanRules::new(&CodeRules::default(), Shanghai)?;
    let mut rows = EventRows::new("api", Utc::now());
    for n in first..first + events {
        let record = format!(
            r#"{{"event_id":"0190b5c0-7a4f-7b6e-9d3a-{n:012}","event_type":"ship",
            "event_time":"2024-05-01T08:00:00+08:00","codes":["69{n:012}"],"to_party":"D17",
            "delivery_no":"X240501-0042","device_id":"PDA7","latitude":31.2,"longitude":121.4}}"#
        );
        let record = serde_json::from_str(&record)?;
        rows.push(&parse_event(&record, &rules, Utc::now())?, n as u64 + 1);
    }
    Ok(rows.finish()?)
}
