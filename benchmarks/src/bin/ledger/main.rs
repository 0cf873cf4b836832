//! The scan ledger measured as its users run it: events over HTTP into `yuanliu serve`, random codes and a
//! recall out of it, against the same handlers over PostgreSQL on the same machine.
//!
//! ```sh
//! cargo build --release -p yuanliu
//! cargo run --release -p yuanliu-benchmarks --bin ledger -- measure --items 1000000
//! ```

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
mod asking;
mod database;
mod generate;
mod hub;
mod ingest;
mod lookup;
mod measure;
mod options;
mod peer;
mod point;
mod recall;
mod report;
mod sending;
mod subject;

use anyhow::Result;
use clap::Parser;

use crate::options::{Command, Options};

/// The hub's, so that the peer allocates as fast.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[tokio::main]
async fn main() -> Result<()> {
    match Options::parse().command {
        Command::Generate(args) => generate::generate(&args),
        Command::Measure(args) => measure::measure(&args).await,
        Command::Peer(args) => peer::serve(args).await,
    }
}
