//! The PostgreSQL of the peer.

use std::time::Duration;

use anyhow::{Context, Result};
use yuanliu_benchmarks::process;
use yuanliu_sandbox_servers::PostgreSql;

/// A server that has half of the machine's memory to cache and seldom needs a checkpoint; commits
/// reach the disk.
const SETTINGS: [&str; 15] = [
    "fsync=on",
    "synchronous_commit=on",
    "shared_buffers=2GB",
    "effective_cache_size=12GB",
    "maintenance_work_mem=1GB",
    "max_wal_size=16GB",
    "checkpoint_timeout=15min",
    "checkpoint_completion_target=0.9",
    "wal_compression=lz4",
    "wal_buffers=64MB",
    // Tables that are filled by the transaction that made them are then not logged.
    "wal_level=minimal",
    "max_wal_senders=0",
    "random_page_cost=1.1",
    "effective_io_concurrency=200",
    "jit=off",
];

/// A running PostgreSQL in a folder of its own.
#[derive(Debug)]
pub(crate) struct Database(PostgreSql);

impl Database {
    pub(crate) fn start() -> Result<Self> {
        Ok(Self(PostgreSql::start_with(&SETTINGS)?))
    }

    pub(crate) fn port(&self) -> u16 {
        self.0.port()
    }

    /// Starts it anew with nothing in its own memory.
    pub(crate) fn restart(&self) -> Result<()> {
        Ok(self.0.restart_with(&SETTINGS)?)
    }

    /// Processor time of all its processes.
    pub(crate) fn processor(&self) -> Result<Duration> {
        process::processor_of_tree(self.id()?)
    }

    /// Memory of all its processes now, in bytes; what they share counts once.
    pub(crate) fn memory(&self) -> Result<u64> {
        Ok(process::memory_of_tree(self.id()?))
    }

    /// Reads its files once, so that the system caches them; bytes.
    pub(crate) fn read_all(&self) -> Result<u64> {
        process::read_all(&self.0.data_folder().join("base"))
    }

    /// Size of tables and indexes, and of the indexes alone, in megabytes.
    pub(crate) fn sizes_mb(&self) -> Result<(f64, f64)> {
        let sql = "select sum(pg_total_relation_size(t)) / 1e6, sum(pg_indexes_size(t)) / 1e6
            from unnest(array['event', 'event_code']::regclass[]) as t";
        let said = self.0.run(sql)?;
        let (all, indexes) = said.trim().split_once('|').context("asking for sizes")?;
        Ok((all.parse()?, indexes.parse()?))
    }

    pub(crate) fn version(&self) -> Result<String> {
        Ok(self.0.run("show server_version")?.trim().to_owned())
    }

    fn id(&self) -> Result<u32> {
        let path = self.0.data_folder().join("postmaster.pid");
        let text = std::fs::read_to_string(&path);
        let text = text.with_context(|| format!("reading {}", path.display()))?;
        text.lines().next().unwrap_or_default().trim().parse().context("reading postmaster.pid")
    }
}
