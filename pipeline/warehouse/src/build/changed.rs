//! What changed in one input between two builds of a model.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::error::DataFusionError;
use datafusion::prelude::DataFrame;
use deltalake::DeltaTable;
use futures::StreamExt;

use super::BuildError;
use super::inputs::{Input, same_table};
use super::net::{Changed, Difference, NetChanges, Versions};
use crate::graph::Model;
use crate::lake::{
    DataFile, FileChange, Gone, LakeError, Part, TableName, changed_files, data_files,
    has_deletion_vector, read_deletion_vector,
};
use crate::landing::stored_schema;
use crate::query::{Files, QueryScope, ReadRows, bare_session, provider_of_files};

/// A part with more rows is not compared: their hashes would take more than a hundred megabytes.
const COMPARED_ROWS_MAX: usize = 4_000_000;

/// One changed input.
pub(super) struct Change<'a> {
    versions: Versions,
    pub(super) now: &'a DeltaTable,
    before: DeltaTable,
    pub(super) files: FileChange,
}

/// The files that changed, none if they cannot be told or are gone.
pub(super) async fn change<'a>(
    scope: &QueryScope,
    model: &Model,
    name: &TableName,
    input: &'a Input,
    recorded: &str,
) -> Result<Option<Change<'a>>, BuildError> {
    let Some(now) = &input.table else { return Ok(None) };
    let Some(version) = same_table(recorded, &input.version) else { return Ok(None) };
    let lake = scope.lake_of(name);
    let before = lake.table_at(name, version).await.map_err(BuildError::lake(&model.name))?;
    let files = changed_files(name, now, &before).await.map_err(BuildError::lake(&model.name))?;
    let Some(files) = files else { return Ok(None) };
    let folder = lake.table_folder(name);
    let is_vacuumed = files.old.values().any(|gone| !is_there(&folder, gone));
    let versions = (recorded.to_owned(), input.version.clone());
    Ok((!is_vacuumed).then_some(Change { versions, now, before, files }))
}

/// Whether the rows of a file that are gone can still be read.
fn is_there(folder: &Path, gone: &Gone) -> bool {
    is_readable(folder, &gone.file)
        && gone.deleted.iter().all(|one| has_deletion_vector(folder, one))
}

/// Whether a file, and what names its deleted rows, has not been vacuumed.
pub(super) fn is_readable(folder: &Path, file: &DataFile) -> bool {
    folder.join(&file.path).exists()
        && file.deleted.iter().all(|one| has_deletion_vector(folder, one))
}

/// The rows of both sides of a change; where they can be compared, those that only one side has.
pub(super) async fn changed_rows(
    scope: &QueryScope,
    model: &Model,
    name: &TableName,
    change: &Change<'_>,
    net: &NetChanges,
) -> Result<DataFrame, BuildError> {
    let sides = Sides { scope, model, name, change };
    if change.files.old.is_empty() {
        return sides.new_rows(change.files.new.keys());
    }
    let known = match net.find(name, &change.versions) {
        Some(known) => known,
        None => {
            let rows = sides.compared(net.room()).await?;
            let schema = sides.schema(change.now)?;
            net.put(name, change.versions.clone(), &schema, rows).map_err(sides.failed())?;
            net.find(name, &change.versions).flatten()
        }
    };
    if let Some(known) = known {
        return bare_session(scope.lake()).read_table(known).map_err(sides.failed());
    }
    let new = sides.new_rows(change.files.new.keys())?;
    new.union_by_name(sides.old_rows(change.files.old.values())?).map_err(sides.failed())
}

/// The two sides of a change.
struct Sides<'a> {
    scope: &'a QueryScope,
    model: &'a Model,
    name: &'a TableName,
    change: &'a Change<'a>,
}

impl Sides<'_> {
    fn new_rows<'f>(
        &self,
        paths: impl Iterator<Item = &'f String>,
    ) -> Result<DataFrame, BuildError> {
        let paths: HashSet<_> = paths.collect();
        let mut files = data_files(self.name, self.change.now).map_err(self.refused())?;
        files.retain(|file| paths.contains(&file.path));
        let rows = provider_of_files(self.name, self.change.now, files).map_err(self.refused())?;
        bare_session(self.scope.lake()).read_table(rows).map_err(self.failed())
    }

    fn old_rows<'f>(&self, files: impl Iterator<Item = &'f Gone>) -> Result<DataFrame, BuildError> {
        let folder = self.scope.lake_of(self.name).table_folder(self.name);
        let rows = |gone: &Gone| {
            let rows = match &gone.deleted {
                Some(deleted) => ReadRows::At(read_deletion_vector(&folder, deleted)?),
                None => ReadRows::Live,
            };
            Ok((gone.file.clone(), rows))
        };
        let files = files.map(rows).collect::<Result<Vec<_>, _>>().map_err(self.refused())?;
        let rows = Files::new(self.name, &self.change.before, files).map_err(self.refused())?;
        bare_session(self.scope.lake()).read_table(Arc::new(rows)).map_err(self.failed())
    }

    fn schema(&self, table: &DeltaTable) -> Result<SchemaRef, BuildError> {
        stored_schema(self.name, table).map_err(BuildError::lake(&self.model.name))
    }

    /// The rows that only one side has, part by part; none if they or what tells them takes too much memory.
    async fn compared(&self, bytes_max: usize) -> Result<Option<Vec<RecordBatch>>, BuildError> {
        if self.schema(&self.change.before)? != self.schema(self.change.now)? {
            return Ok(None);
        }
        let mut changed = Changed::new(bytes_max);
        for (old, new) in self.parts().into_values() {
            let mut difference = Difference::default();
            if !old.is_empty() {
                let add = |batch: &RecordBatch| difference.add_old(batch);
                each(self.old_rows(old.iter().copied())?, add).await.map_err(self.failed())?;
            }
            if difference.rows() > COMPARED_ROWS_MAX {
                return Ok(None);
            }
            let mut keep = |batch| changed.add(batch);
            if !new.is_empty() {
                let choose = |batch: &RecordBatch| difference.only_new(batch).map(&mut keep);
                each(self.new_rows(new.into_iter())?, choose).await.map_err(self.failed())?;
            }
            if difference.rows() > 0 {
                let choose = |batch: &RecordBatch| difference.only_old(batch).map(&mut keep);
                each(self.old_rows(old.into_iter())?, choose).await.map_err(self.failed())?;
            }
            if changed.is_too_much() {
                return Ok(None);
            }
        }
        Ok(changed.all())
    }

    /// Old and new files of each part.
    fn parts(&self) -> BTreeMap<&Part, (Vec<&Gone>, Vec<&String>)> {
        let mut parts: BTreeMap<_, (Vec<_>, Vec<_>)> = BTreeMap::new();
        for gone in self.change.files.old.values() {
            parts.entry(&gone.file.part).or_default().0.push(gone);
        }
        for (path, part) in &self.change.files.new {
            parts.entry(part).or_default().1.push(path);
        }
        parts
    }

    fn failed(&self) -> impl FnOnce(DataFusionError) -> BuildError {
        BuildError::rows(&self.model.name)
    }

    fn refused(&self) -> impl FnOnce(LakeError) -> BuildError {
        BuildError::lake(&self.model.name)
    }
}

/// Hands on the rows of a frame as they come.
async fn each(
    frame: DataFrame,
    mut take: impl FnMut(&RecordBatch) -> Result<(), DataFusionError> + Send,
) -> Result<(), DataFusionError> {
    let mut batches = frame.execute_stream().await?;
    while let Some(batch) = batches.next().await {
        take(&batch?)?;
    }
    Ok(())
}
