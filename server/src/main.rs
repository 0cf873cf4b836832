//! `yuanliu`: the hub's one binary and composition root.
//!
//! Only this crate reads the environment and the configuration folder, names concrete systems and
//! starts tasks. Every command ends with one of the exit codes of [`exit`].

mod adapters;
mod answers;
mod backup;
mod case;
mod cli;
mod config;
mod desk;
mod drift;
mod exit;
mod freshness;
mod http;
mod hub;
mod knowledge;
mod ledger;
mod live;
mod models;
mod output;
mod places;
mod progress;
mod recall;
mod report;
mod reread;
mod row_scope;
mod serve;
mod serving;
mod settlement;
mod started_runs;
mod trace;
mod writer;

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match runtime {
        Ok(runtime) => runtime.block_on(cli::run(std::env::args_os().collect())),
        Err(error) => exit::report(&anyhow::Error::new(error).context("starting the runtime")),
    }
}
