//! Devices that send.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use bytes::Bytes;
use chrono::Utc;
use serde_json::Value;
use tokio::sync::Notify;
use yuanliu_benchmarks::http::{Connection, Latencies};

/// Events of one request.
const EVENTS: u64 = 100;

/// What was sent.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    /// Events that the hub said it keeps.
    pub(crate) acknowledged: u64,
    /// Requests that it put off.
    pub(crate) refused: u64,
    /// How long requests took.
    pub(crate) latencies: Latencies,
}

/// Sends so many events a second until it is over: items are made and stored. Says when the first are kept.
pub(crate) async fn send(
    address: String,
    per_second: u64,
    begun: Arc<Notify>,
    over: Arc<AtomicBool>,
) -> Result<Sent> {
    let mut connection = Connection::open(&address, None).await?;
    let mut sent = Sent::default();
    let every = Duration::from_secs_f64(EVENTS as f64 / per_second.max(1) as f64);
    let mut due = tokio::time::interval(every);
    let mut number = 0_u64;
    while !over.load(Ordering::Relaxed) {
        due.tick().await;
        let lines = batch(number);
        number += EVENTS;
        let mut attempts = 0;
        loop {
            let began = Instant::now();
            let answer = connection.post_lines("/api/v1/events", lines.clone()).await?;
            sent.latencies.push(began.elapsed());
            if answer.status.is_success() {
                let receipt: Value = serde_json::from_slice(&answer.body)?;
                sent.acknowledged += receipt["accepted"].as_u64().unwrap_or_default();
                begun.notify_one();
                break;
            }
            attempts += 1;
            sent.refused += 1;
            ensure!(attempts < 100, "the hub answers {} a hundred times", answer.status);
            tokio::time::sleep(answer.retry_after.unwrap_or(Duration::from_secs(1))).await;
        }
    }
    Ok(sent)
}

fn batch(first: u64) -> Bytes {
    let time = Utc::now().to_rfc3339();
    let mut lines = String::with_capacity(16 << 10);
    for number in first..first + EVENTS {
        let (item, kind) = (number / 2, if number % 2 == 0 { "commission" } else { "store_in" });
        // Writing to a string cannot fail.
        let _ = writeln!(
            lines,
            r#"{{"event_id":"soak-{number}","event_type":"{kind}","event_time":"{time}","codes":["SOAK{item:012}"],"line":"L09","device_id":"soak-1"}}"#
        );
    }
    Bytes::from(lines)
}
