//! Random codes over HTTP, each connection asking again when it has its answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use yuanliu_benchmarks::flow::item_code;
use yuanliu_benchmarks::http::{Connection, Latencies};

/// What is asked.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    /// Of the server.
    pub(crate) address: String,
    /// Of staff; without it the public asks.
    pub(crate) token: Option<String>,
    /// What comes before the code.
    pub(crate) path: &'static str,
    /// Items that there are.
    pub(crate) items: u64,
    /// Of the flow.
    pub(crate) seed: u64,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) latencies: Latencies,
    pub(crate) elapsed: Duration,
}

/// Asks about `lookups` items, drawn uniformly, over `connections`; `round` draws other items.
pub(crate) async fn ask(
    question: &Question,
    connections: usize,
    lookups: u64,
    round: u64,
) -> Result<Asked> {
    let question = Arc::new(question.clone());
    let mut open = Vec::new();
    for _ in 0..connections {
        open.push(Connection::open(&question.address, question.token.as_deref()).await?);
    }
    let began = Instant::now();
    let each = lookups.div_ceil(connections.max(1) as u64);
    let asking = open.into_iter().zip(0..).map(|(connection, number)| {
        let draws = ChaCha8Rng::seed_from_u64(question.seed ^ (round << 32) ^ number);
        tokio::spawn(ask_by_one(Arc::clone(&question), connection, draws, each))
    });
    let mut latencies = Latencies::default();
    for one in asking.collect::<Vec<_>>() {
        latencies.extend(one.await.context("a connection panicked")??);
    }
    Ok(Asked { latencies, elapsed: began.elapsed() })
}

async fn ask_by_one(
    question: Arc<Question>,
    mut connection: Connection,
    mut draws: ChaCha8Rng,
    lookups: u64,
) -> Result<Latencies> {
    let mut latencies = Latencies::default();
    for _ in 0..lookups {
        let code = item_code(question.seed, draws.random_range(0..question.items.max(1)));
        let path = format!("{}{code}", question.path);
        let began = Instant::now();
        let answer = connection.get(&path).await?;
        latencies.push(began.elapsed());
        let told = std::str::from_utf8(&answer.body).unwrap_or_default();
        ensure!(answer.status == 200 && told.contains(&code), "{path}: {}: {told}", answer.status);
    }
    Ok(latencies)
}
