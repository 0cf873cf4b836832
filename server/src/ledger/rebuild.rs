//! The trace index from the lake alone.

use std::time::Instant;

use anyhow::{Context, Result};
use chrono::Utc;
use futures::StreamExt;
use yuanliu_trace_index::{BulkBuild, IndexOptions, Progress, TraceIndex};

use super::open::{Bounds, options};
use super::position::scan_position;
use super::{Ledger, index_folder};
use crate::hub::Hub;
use crate::models::{Models, SCAN_TABLE};

/// What a rebuild did.
#[derive(Debug)]
pub(crate) struct Rebuilt {
    pub(crate) events: u64,
    pub(crate) bytes: u64,
    pub(crate) elapsed_ms: u128,
}

impl Ledger {
    /// Builds the index anew from the lake; what waits in the inbox is added when the ledger opens.
    pub(crate) async fn rebuild_index(hub: &Hub, bounds: Bounds) -> Result<Rebuilt> {
        let began = Instant::now();
        let (index, events) = rebuild(hub, options(hub, bounds)?).await?;
        let bytes = index.disk_bytes()?;
        Ok(Rebuilt { events, bytes, elapsed_ms: began.elapsed().as_millis() })
    }
}

/// Builds the index anew beside the old one and puts it in its place; killed anywhere, the old one
/// or none is left, and the next opening builds again.
pub(super) async fn rebuild(hub: &Hub, options: IndexOptions) -> Result<(TraceIndex, u64)> {
    let folder = index_folder(&hub.config.hub.data);
    let made = folder.with_extension("new");
    remove(&made)?;
    let (lake_sequence, said) = scan_position(&hub.lake).await?;
    let scope = Models::load(hub)?.scope(hub, Utc::now());
    let mut rows = scope.query(&format!("select * from {SCAN_TABLE}"), Vec::new()).await?;
    let mut events = 0;
    let mut build = BulkBuild::create(&made, options.clone())?;
    while let Some(batch) = rows.next().await {
        let batch = batch.context("reading the scan events of the lake")?;
        // Sorting and writing a piece blocks this thread and is all the command does.
        events += tokio::task::block_in_place(|| build.push(&batch))?;
    }
    let progress =
        Progress { inbox_sequence: said.inbox.unwrap_or(0), lake_sequence, lake_version: 0 };
    drop(tokio::task::block_in_place(|| build.finish(progress))?);
    remove(&folder)?;
    std::fs::rename(&made, &folder)
        .with_context(|| format!("putting the new index in place of {}", folder.display()))?;
    Ok((TraceIndex::open(&folder, options)?, events))
}

fn remove(folder: &std::path::Path) -> Result<()> {
    match std::fs::remove_dir_all(folder) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).with_context(|| format!("removing {}", folder.display())),
    }
}
