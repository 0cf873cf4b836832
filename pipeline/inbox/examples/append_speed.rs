//! Measures appending: `cargo run --release --example append_speed -- [folder] [seconds]`.
//!
//! Each caller appends one event and waits until it is durable, then the next; then the same with a
//! hundred events to a frame. The folder decides which disk is measured; default is a temporary one.

use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use chrono::Utc;
use chrono_tz::Asia::Shanghai;
use tokio::task::JoinSet;
use yuanliu_inbox::{Inbox, InboxError, InboxOptions};
use yuanliu_scans::{CodeRules, EventRows, ScanRules, parse_event, raw_event_schema};

const CALLERS: [usize; 3] = [1, 8, 64];
const EVENTS_PER_FRAME: [usize; 2] = [1, 100];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let temporary = tempfile::tempdir()?;
    let folder = arguments.next().unwrap_or_else(|| temporary.path().display().to_string());
    let seconds: u64 = arguments.next().as_deref().unwrap_or("3").parse()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
    for events in EVENTS_PER_FRAME {
        let batch = made_up(events)?;
        for callers in CALLERS {
            let folder = Path::new(&folder).join(format!("{events}-{callers}"));
            let duration = Duration::from_secs(seconds);
            let report = runtime.block_on(measure(&folder, &batch, callers, duration))?;
            std::io::stdout().write_all(report.as_bytes())?;
            std::fs::remove_dir_all(folder)?;
        }
    }
    Ok(())
}

async fn measure(
    folder: &Path,
    batch: &RecordBatch,
    callers: usize,
    duration: Duration,
) -> Result<String, InboxError> {
    let (inbox, _) = Inbox::open(InboxOptions::new(folder, raw_event_schema()))?;
    let started = Instant::now();
    let mut running = JoinSet::new();
    for _ in 0..callers {
        let (inbox, batch) = (inbox.clone(), batch.clone());
        running.spawn(async move {
            let mut frames = 0_u64;
            while started.elapsed() < duration {
                match inbox.append(batch.clone()).await {
                    Ok(_) => frames += 1,
                    // What was written so far is as good as landed.
                    Err(InboxError::Full { .. }) => {
                        inbox.release_through(inbox.status().last_sequence)?;
                    }
                    Err(error) => return Err(error),
                }
            }
            Ok(frames)
        });
    }
    let mut frames = 0;
    while let Some(Ok(count)) = running.join_next().await {
        frames += count?;
    }
    let seconds = started.elapsed().as_secs_f64();
    let status = inbox.status();
    let bytes = status.pending_bytes as f64 / status.pending_frames.max(1) as f64;
    let per_second = frames as f64 / seconds;
    Ok(format!(
        "{:>3} events a frame, {callers:>2} callers: {per_second:>7.0} frames/s, {:>8.0} events/s, \
         {:>6.1} MB/s, {:>5.0} syncs/s, {bytes:.0} bytes a frame\n",
        batch.num_rows(),
        per_second * batch.num_rows() as f64,
        per_second * bytes / 1e6,
        status.syncs as f64 / seconds,
    ))
}

/// Shipments as a PDA sends them.
fn made_up(events: usize) -> Result<RecordBatch, Box<dyn Error>> {
    let rules = ScanRules::new(&CodeRules::default(), Shanghai)?;
    let mut rows = EventRows::new("api", Utc::now());
    for n in 0..events {
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
