//! What can be written on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use yuanliu_benchmarks::flow::{EventIds, Plan};

use crate::peer::{PeerArgs, WriteBy};

/// Measures the scan ledger against the same handlers over PostgreSQL.
#[derive(Debug, Parser)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Writes the flow's events as JSON Lines.
    Generate(GenerateArgs),
    /// Measures ingest, lookups and a recall.
    Measure(Box<MeasureArgs>),
    /// The peer's process.
    #[command(hide = true)]
    Peer(PeerArgs),
}

/// The flow.
#[derive(Debug, Args)]
pub(crate) struct FlowArgs {
    /// Items; those that are held before anything else is measured.
    #[arg(long, default_value_t = 1_000_000)]
    pub(crate) items: u64,
    /// Seed of codes and checks.
    #[arg(long, default_value_t = 7)]
    pub(crate) seed: u64,
    /// Codes in one commission event; of what is measured after a preload always one.
    #[arg(long, default_value_t = 1)]
    pub(crate) codes_per_commission: u64,
    /// So many items and the rest of their batch are made of one lot; half of all at most.
    #[arg(long, default_value_t = 500_000)]
    pub(crate) recall_items: u64,
    /// Ids of events.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) event_ids: EventIds,
}

impl FlowArgs {
    /// The flow with so many further items.
    pub(crate) fn plan(&self, further_items: u64) -> Plan {
        Plan {
            codes_per_commission: self.codes_per_commission,
            grouped_items: self.items,
            recalled_items: self.recall_items.min(self.items / 2),
            event_ids: self.event_ids,
            ..Plan::new(self.items + further_items, self.seed)
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct GenerateArgs {
    #[command(flatten)]
    pub(crate) flow: FlowArgs,
    /// The file; standard output if left out.
    #[arg(long)]
    pub(crate) output: Option<PathBuf>,
    /// Also writes what an ERP knows of it into this folder.
    #[arg(long)]
    pub(crate) documents: Option<PathBuf>,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Events over HTTP.
    Ingest,
    /// Random codes over HTTP.
    Lookup,
    /// A build, and the recall of a lot; of the hub alone.
    Recall,
}

/// Whose figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Who {
    /// The hub.
    Hub,
    /// The same handlers over PostgreSQL.
    Peer,
}

#[derive(Debug, Args)]
pub(crate) struct MeasureArgs {
    #[command(flatten)]
    pub(crate) flow: FlowArgs,
    /// The binary to measure.
    #[arg(long, default_value = "target/release/yuanliu")]
    pub(crate) yuanliu: PathBuf,
    /// What is measured.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "ingest,lookup,recall")]
    pub(crate) parts: Vec<Part>,
    /// Whose figures.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "hub,peer")]
    pub(crate) who: Vec<Who>,
    /// Where the hub is kept; the next run with the same flow finds it loaded.
    #[arg(long)]
    pub(crate) home: Option<PathBuf>,
    /// Megabytes of the trace index that the hub keeps in memory; its configuration says 512.
    #[arg(long)]
    pub(crate) index_cache_mib: Option<u64>,
    /// Fills both by their fastest way first and measures further events only.
    #[arg(long)]
    pub(crate) preload: bool,
    /// Further events measured after a preload.
    #[arg(long, default_value_t = 1_000_000)]
    pub(crate) events: u64,
    /// Connections that send events.
    #[arg(long, default_value_t = 4)]
    pub(crate) connections: usize,
    /// Events in one body.
    #[arg(long, default_value_t = 2_000)]
    pub(crate) body_events: u64,
    /// Connections of the peer to PostgreSQL.
    #[arg(long, default_value_t = 8)]
    pub(crate) database_connections: u32,
    /// How the peer writes.
    #[arg(long, value_enum, default_value = "copy")]
    pub(crate) peer_writer: WriteBy,
    /// Lookups of each kind.
    #[arg(long, default_value_t = 100_000)]
    pub(crate) lookups: u64,
    /// Lookups right after a restart, with the machine's page cache dropped; 0 for neither.
    #[arg(long, default_value_t = 2_000)]
    pub(crate) cold_lookups: u64,
    /// Connections that look up at the same time, one run for each.
    #[arg(long, value_delimiter = ',', default_value = "1,8")]
    pub(crate) concurrency: Vec<usize>,
    /// Recalls of each kind; the median is told.
    #[arg(long, default_value_t = 3)]
    pub(crate) recalls: usize,
}

impl MeasureArgs {
    pub(crate) fn has(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }

    pub(crate) fn is_about(&self, who: Who) -> bool {
        self.who.contains(&who)
    }
}
