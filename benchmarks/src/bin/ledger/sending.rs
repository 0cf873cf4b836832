//! Events over HTTP as fast as the server takes them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use serde::Deserialize;
use tokio::sync::{Mutex, mpsc};
use yuanliu_benchmarks::flow::{Bodies, Body};
use yuanliu_benchmarks::http::{Connection, Latencies};
use yuanliu_benchmarks::process;

use crate::options::MeasureArgs;
use crate::point::Point;
use crate::subject::Subject;

/// When to come back if the server says that it has too much and not when.
const RETRY: Duration = Duration::from_secs(1);

/// What a stretch of the flow cost.
#[derive(Debug)]
pub(crate) struct Sent {
    /// Where the flow is now.
    pub(crate) at: Point,
    pub(crate) events: u64,
    pub(crate) elapsed: Duration,
    /// Of answered requests.
    pub(crate) latencies: Latencies,
    /// How often the server said that it has too much.
    pub(crate) refusals: u64,
    pub(crate) client: Duration,
    pub(crate) server: Duration,
    /// In bytes.
    pub(crate) memory: u64,
}

/// What one connection was told.
#[derive(Debug, Default)]
struct Told {
    receipt: Receipt,
    latencies: Latencies,
    refusals: u64,
}

#[derive(Debug, Default, Deserialize)]
struct Receipt {
    accepted: u64,
    duplicate: u64,
    rejected: u64,
}

/// Sends the flow from `from` on until it has come as far as `until`; every event must be new.
pub(crate) async fn send(
    subject: &Subject<'_>,
    bodies: Bodies,
    from: Point,
    until: Point,
    args: &MeasureArgs,
) -> Result<(Bodies, Sent)> {
    let (client, server) = (process::processor(std::process::id())?, subject.processor()?);
    let (feed, queue) = mpsc::channel::<Bytes>(args.connections * 2);
    let queue = Arc::new(Mutex::new(queue));
    let body_events = args.body_events;
    let began = Instant::now();
    let making = tokio::task::spawn_blocking(move || make(bodies, from, until, body_events, &feed));
    let mut connections = Vec::new();
    for _ in 0..args.connections {
        let connection = Connection::open(subject.served.address(), None).await?;
        connections.push(tokio::spawn(post(connection, Arc::clone(&queue))));
    }
    // A connection that fails must not leave the maker waiting for one to take its bodies.
    drop(queue);
    let mut told = Told::default();
    for connection in connections {
        let of_one = connection.await.context("a connection panicked")??;
        told.receipt.accepted += of_one.receipt.accepted;
        told.receipt.duplicate += of_one.receipt.duplicate;
        told.receipt.rejected += of_one.receipt.rejected;
        told.latencies.extend(of_one.latencies);
        told.refusals += of_one.refusals;
    }
    let elapsed = began.elapsed();
    let (bodies, at) = making.await.context("making bodies panicked")?;
    let events = at.events - from.events;
    ensure!(
        told.receipt.accepted == events,
        "{events} new events were sent: {:?}; does the ledger hold a part of the flow?",
        told.receipt
    );
    let sent = Sent {
        at,
        events,
        elapsed,
        latencies: told.latencies,
        refusals: told.refusals,
        client: process::processor(std::process::id())?.saturating_sub(client),
        server: subject.processor()?.saturating_sub(server),
        memory: subject.memory()?,
    };
    Ok((bodies, sent))
}

fn make(
    mut bodies: Bodies,
    from: Point,
    until: Point,
    body_events: u64,
    feed: &mpsc::Sender<Bytes>,
) -> (Bodies, Point) {
    let mut at = from;
    while !at.has_reached(until) {
        let most = body_events.min(until.events.saturating_sub(at.events));
        let Some(body) = bodies.next(most, until.codes.saturating_sub(at.codes)) else { break };
        let Body { text, events, commissioned } = body;
        // All connections have failed, and one of them says why.
        if feed.blocking_send(Bytes::from(text)).is_err() {
            break;
        }
        at.events += events;
        at.codes += commissioned;
    }
    (bodies, at)
}

async fn post(
    mut connection: Connection,
    queue: Arc<Mutex<mpsc::Receiver<Bytes>>>,
) -> Result<Told> {
    let mut told = Told::default();
    loop {
        let body = queue.lock().await.recv().await;
        let Some(body) = body else { return Ok(told) };
        loop {
            let began = Instant::now();
            let answer = connection.post_lines("/api/v1/events", body.clone()).await?;
            match answer.status.as_u16() {
                200 => {
                    told.latencies.push(began.elapsed());
                    let receipt: Receipt =
                        serde_json::from_slice(&answer.body).context("reading a receipt")?;
                    told.receipt.accepted += receipt.accepted;
                    told.receipt.duplicate += receipt.duplicate;
                    told.receipt.rejected += receipt.rejected;
                    break;
                }
                429 => {
                    told.refusals += 1;
                    tokio::time::sleep(answer.retry_after.unwrap_or(RETRY)).await;
                }
                status => bail!("{status}: {}", String::from_utf8_lossy(&answer.body)),
            }
        }
    }
}
