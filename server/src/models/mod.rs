//! What the warehouse is given: the SQL files, the streams, the region and rule tables.

mod files;
mod preview;
mod reference;
mod row_policy;
mod rules;

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Result, bail};
use chrono::{DateTime, Utc};
use yuanliu_contract::StreamSpec;
use yuanliu_warehouse::{
    CurrentStream, DeclaredTable, ModelGraph, QueryScope, QuerySources, RowPolicy, TableName,
};

pub(crate) use files::{SqlFile, SqlFiles};
pub(crate) use preview::mapped_preview;

use crate::config::{Config, SystemConfig};
use crate::hub::{Hub, open_system};

/// The raw table of scan events.
pub(crate) const SCAN_TABLE: &str = "raw.scans__event";

/// The models of a hub and everything they read.
pub(crate) struct Models {
    pub(crate) files: SqlFiles,
    pub(crate) graph: Arc<ModelGraph>,
    pub(crate) sources: Arc<QuerySources>,
    /// Whose rows are whose.
    pub(crate) row_policy: Arc<RowPolicy>,
}

impl Models {
    /// Loads and checks every model.
    pub(crate) fn load(hub: &Hub) -> Result<Self> {
        let files = load_files(&hub.config)?;
        let texts = files.all().iter().map(|file| (file.path.as_str(), file.text.as_str()));
        let graph = match ModelGraph::load(texts) {
            Ok(graph) => graph,
            Err(problems) => {
                let list: Vec<_> = problems.iter().map(|p| format!("\n  {p}")).collect();
                bail!("the SQL models have {} problem(s):{}", problems.len(), list.concat());
            }
        };
        let sources = sources(&hub.config, &hub.regions)?;
        let row_policy = row_policy::load(hub.config.hub.sql_folder.as_deref())?;
        Ok(Self {
            files,
            graph: Arc::new(graph),
            sources: Arc::new(sources),
            row_policy: Arc::new(row_policy),
        })
    }

    /// What a query sees at an instant.
    pub(crate) fn scope(&self, hub: &Hub, as_of: DateTime<Utc>) -> QueryScope {
        QueryScope::new(hub.lake.clone(), self.graph.clone(), self.sources.clone(), as_of)
    }
}

fn sources(config: &Config, regions: &yuanliu_regions::RegionTable) -> Result<QuerySources> {
    let mut memory = rules::tables(&config.rules)?;
    memory.push(reference::regions(regions)?);
    memory.push(reference::systems(config)?);
    Ok(QuerySources {
        current: current_streams(config),
        memory,
        declared: vec![DeclaredTable {
            name: SCAN_TABLE.parse::<TableName>()?,
            schema: yuanliu_scans::raw_event_schema(),
        }],
    })
}

/// The SQL files that the configured systems give a meaning to.
pub(super) fn load_files(config: &Config) -> Result<SqlFiles> {
    SqlFiles::load(config.hub.sql_folder.as_deref(), &mappings(config))
}

/// The mappings in use. Canonical files are always one, so that every entity has a staging model.
fn mappings(config: &Config) -> BTreeSet<&str> {
    let used = config.systems.iter().map(|system| system.mapping.as_str());
    used.chain([CANONICAL]).collect()
}

/// The kind of system whose files have the canonical columns.
const CANONICAL: &str = "files";

/// The streams of every mapping in use, with the systems that deliver them.
fn current_streams(config: &Config) -> Vec<CurrentStream> {
    let mut streams: Vec<CurrentStream> = Vec::new();
    let used = mappings(config);
    for connector in yuanliu_registry::connectors() {
        let kind = connector.kind();
        if used.contains(kind) {
            merge(&mut streams, kind, None, connector.default_streams());
        }
    }
    for system in &config.systems {
        let mapping = &system.mapping;
        match open_system(system) {
            Ok(opened) => merge(&mut streams, mapping, Some(system), opened.streams()),
            // What a system that is now switched off has landed still counts.
            Err(_) => {
                for stream in streams.iter_mut().filter(|stream| stream.kind == *mapping) {
                    stream.systems.push(system.name.clone());
                }
            }
        }
    }
    streams
}

fn merge(
    streams: &mut Vec<CurrentStream>,
    mapping: &str,
    system: Option<&SystemConfig>,
    specs: Vec<StreamSpec>,
) {
    for spec in specs {
        let known = streams.iter_mut().find(|s| s.kind == mapping && s.stream == spec.name);
        match (known, system) {
            (Some(stream), Some(system)) => stream.systems.push(system.name.clone()),
            (Some(_), None) => {}
            (None, _) => streams.push(CurrentStream {
                kind: mapping.to_owned(),
                stream: spec.name,
                schema: spec.schema,
                systems: system.map(|system| system.name.clone()).into_iter().collect(),
            }),
        }
    }
}
