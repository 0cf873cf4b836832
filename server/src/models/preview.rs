//! What staging makes of a preview's typed rows.

use std::sync::Arc;

use anyhow::Result;
use arrow::record_batch::RecordBatch;
use chrono::Utc;
use futures::TryStreamExt;
use yuanliu_engine::staging_buffer::StagingBuffer;
use yuanliu_warehouse::{Lake, ModelGraph, Position, QueryScope};

use super::{load_files, sources};
use crate::config::{Config, SystemConfig};
use crate::hub::{lake_options, open_system};
use crate::places::load_regions;

/// Runs the staging models of one stream over rows that were never landed.
///
/// They are landed in a lake of their own that is gone afterwards.
pub(crate) async fn mapped_preview(
    config: &Config,
    system: &SystemConfig,
    stream: &str,
    rows: &RecordBatch,
) -> Result<Vec<RecordBatch>> {
    let regions = Arc::new(load_regions(&config.hub.regions)?);
    let folder = std::env::temp_dir().join(format!("yuanliu-preview-{}", uuid::Uuid::new_v4()));
    let mut options = lake_options(config, &regions)?;
    options.spill_dir = folder.join(".spill");
    options.root = folder.clone();
    let mapped = async {
        let lake = Lake::open(options)?;
        let files = load_files(config)?;
        let texts = files.all().iter().map(|file| (file.path.as_str(), file.text.as_str()));
        let graph = ModelGraph::load(texts)
            .map_err(|problems| anyhow::anyhow!("{} problem(s) in the models", problems.len()))?;
        let opened = open_system(system)?;
        let Some(spec) = opened.streams().into_iter().find(|spec| spec.name == stream) else {
            return Ok(Vec::new());
        };
        let mut buffer = StagingBuffer::default();
        buffer.push(&spec, rows.clone())?;
        let rows = buffer.drain_changed(&spec, &Default::default(), 1, Utc::now())?;
        let table = format!("raw.{}__{stream}", system.name).parse()?;
        let position = Position { sequence: 1, text: String::new() };
        lake.append(&table, rows, position).await?;
        let sources = Arc::new(sources(config, &regions)?);
        let read = format!("{}__{stream}", system.mapping);
        let models: Vec<_> = graph
            .models()
            .filter(|model| model.name.schema() == "staging")
            .filter(|model| model.reads.iter().any(|input| input.table() == read))
            .map(|model| model.sql.clone())
            .collect();
        let scope = QueryScope::new(lake, Arc::new(graph), sources, Utc::now());
        let mut mapped = Vec::new();
        for sql in models {
            let batches = scope.query(&sql, Vec::new()).await?;
            mapped.extend(batches.try_collect::<Vec<_>>().await?);
        }
        anyhow::Ok(mapped)
    }
    .await;
    // A folder that stays behind in the temporary folder does no harm.
    let _ = std::fs::remove_dir_all(&folder);
    mapped
}
