//! The versions of what a model reads.

use std::collections::{BTreeMap, BTreeSet};

use deltalake::DeltaTable;
use xxhash_rust::xxh3::xxh3_128;

use super::BuildError;
use crate::graph::Model;
use crate::lake::{DataFile, LakeError, TableName, data_files, data_version};
use crate::query::{QueryScope, raw_names};

/// One input as it stands.
pub(crate) struct Input {
    /// Differs whenever the input's rows may differ.
    pub(crate) version: String,
    /// Its handle, if it is a table of the lake that exists.
    pub(crate) table: Option<DeltaTable>,
    /// Whether the model reads its columns under their own names.
    pub(crate) is_direct: bool,
}

/// All inputs of a model by name; streams are replaced by their raw tables.
pub(crate) async fn inputs(
    scope: &QueryScope,
    model: &Model,
) -> Result<BTreeMap<TableName, Input>, BuildError> {
    let mut inputs = BTreeMap::new();
    let graph = scope.graph();
    let views = graph.views(model);
    let views = views.iter().filter_map(|view| graph.model(view));
    let through_views: BTreeSet<_> = views.flat_map(|view| graph.inputs(view)).collect();
    for name in graph.inputs(model) {
        if name.schema() == "current" {
            add_stream(scope, &name, &mut inputs).await.map_err(BuildError::lake(&model.name))?;
        } else {
            let is_direct = !through_views.contains(&name);
            let input = input(scope, &name, is_direct).await;
            let input = input.map_err(BuildError::lake(&model.name))?;
            inputs.insert(name, input);
        }
    }
    Ok(inputs)
}

async fn add_stream(
    scope: &QueryScope,
    name: &TableName,
    inputs: &mut BTreeMap<TableName, Input>,
) -> Result<(), LakeError> {
    let Some(stream) = scope.sources().current(name.table()) else { return Ok(()) };
    let version = fingerprint([format!("{:?}", stream.schema).as_str()]);
    inputs.insert(name.clone(), Input { version, table: None, is_direct: false });
    for (_, raw) in raw_names(stream)? {
        let input = input(scope, &raw, false).await?;
        inputs.insert(raw, input);
    }
    Ok(())
}

async fn input(scope: &QueryScope, name: &TableName, is_direct: bool) -> Result<Input, LakeError> {
    if let Some(source) = scope.sources().memory(name) {
        return Ok(Input { version: source.version.clone(), table: None, is_direct });
    }
    let Some(table) = scope.lake_of(name).table(name).await? else {
        return Ok(Input { version: "absent".to_owned(), table: None, is_direct });
    };
    let version = version_text(name, &table).await?;
    Ok(Input { version, table: Some(table), is_direct })
}

/// How many rows the tables among some inputs have together; more than any number where that cannot be told.
pub(super) fn rows_of(inputs: &BTreeMap<TableName, Input>) -> u64 {
    let rows_of = |(name, input): (&TableName, &Input)| -> Result<u64, LakeError> {
        let Some(table) = &input.table else { return Ok(0) };
        Ok(data_files(name, table)?.iter().map(DataFile::live_rows).sum())
    };
    inputs.iter().map(rows_of).sum::<Result<u64, _>>().unwrap_or(u64::MAX)
}

/// The version of a table's rows, as it is recorded by what reads it.
pub(crate) async fn version_text(
    name: &TableName,
    table: &DeltaTable,
) -> Result<String, LakeError> {
    let data = data_version(table).await.map_err(LakeError::delta("read the log of", name))?;
    let snapshot = table.snapshot().map_err(LakeError::delta("read", name))?;
    Ok(format!("{}@{data}", snapshot.metadata().id()))
}

/// The data version in a table's version text, if it is the same table.
pub(crate) fn same_table(recorded: &str, now: &str) -> Option<u64> {
    let (recorded_id, version) = recorded.split_once('@')?;
    let (id, _) = now.split_once('@')?;
    (recorded_id == id).then(|| version.parse().ok()).flatten()
}

/// A stable fingerprint of some texts.
pub(crate) fn fingerprint<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut bytes = Vec::new();
    for text in texts {
        bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
    format!("{:032x}", xxh3_128(&bytes))
}
