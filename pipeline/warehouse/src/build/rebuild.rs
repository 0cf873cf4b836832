//! Computing a model, or the touched partitions of it, and putting the result in place at once.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::prelude::DataFrame;
use deltalake::DeltaTable;
use deltalake::kernel::Action;
use futures::StreamExt;

use super::BuildError;
use super::amended::Amendment;
use super::chunks::{Chunk, chunks, is_partition_type, most_rows, narrowed, replaced, weights};
use super::content::Content;
use super::inputs::Input;
use super::keys::Keys;
use super::narrowed::Narrowed;
use super::net::Changed;
use super::record::Record;
use super::slices::{shared, slices};
use super::touched::Touched;
use crate::graph::{Kind, Model};
use crate::lake::{
    Commit, Lake, LakeError, NewTable, Part, Shortened, TableName, TableWriter, WrittenFile, alter,
    conform, data_version, ids, part_of, storable_schema,
};
use crate::landing::stored_schema;
use crate::query::QueryScope;

/// Rows that are computed for some keys are held in memory: so much less is computed at a time.
const HELD_PART: usize = 4;

/// One model on its way.
pub(crate) struct Rebuild<'a> {
    pub(crate) scope: &'a QueryScope,
    pub(crate) model: &'a Model,
    pub(crate) inputs: &'a BTreeMap<TableName, Input>,
    pub(crate) touched: Touched,
    /// The table as it stands, if there is one.
    pub(crate) table: Option<DeltaTable>,
    /// What its last build said, if that still holds.
    pub(crate) record: Option<Record>,
    /// What this build will say; the content is filled in.
    pub(crate) next: Record,
    /// How many bytes of changed rows may be told.
    pub(crate) told_bytes_max: usize,
}

/// What a rebuild did.
pub(crate) struct Rebuilt {
    pub(crate) record: Record,
    pub(crate) partitions_rebuilt: usize,
    pub(crate) partitions_changed: usize,
    /// The rows that changed, where the rebuild was of some rows only and they are few.
    pub(crate) changed: Option<Vec<RecordBatch>>,
}

/// What has been computed so far.
pub(crate) struct Computed {
    /// Written, and named by no commit yet.
    pub(crate) files: Vec<WrittenFile>,
    /// What the replaced partitions hold then.
    pub(crate) content: Content,
    /// How partitions are changed of which files stay.
    pub(crate) amended: BTreeMap<Part, Amendment>,
    /// Rows that came and went, of partitions that are rebuilt in part.
    pub(crate) changed: Changed,
}

impl Rebuild<'_> {
    pub(crate) async fn run(mut self) -> Result<Rebuilt, BuildError> {
        let name = &self.model.name;
        let lake = Arc::clone(self.scope.lake_of(name));
        let frame = self.scope.frame(&self.model.sql, Vec::new()).await;
        let frame = frame.map_err(BuildError::query("select", name))?;
        let schema = self.schema(&frame)?;
        let new = NewTable { schema: Arc::clone(&schema), partition: self.model.partition.clone() };
        let is_altered = match &self.table {
            Some(table) => is_altered(name, table, &new)?,
            None => false,
        };
        if is_altered {
            self.touched = Touched::All;
            self.record = None;
        }
        let computed = self.compute(&lake, &frame, &schema).await?;
        let standing = self.record.take().map(|record| record.content).unwrap_or_default();
        let replaced = replaced(&self.touched, standing.parts(), computed.content.parts());
        let is_same = |part: &Part| {
            self.table.is_some() && !is_altered && standing.get(part) == computed.content.get(part)
        };
        let changed: BTreeSet<Part> =
            replaced.iter().filter(|part| !is_same(part)).cloned().collect();
        let mut content = match self.touched {
            Touched::All => Content::default(),
            Touched::Parts(_) | Touched::Rows(..) => standing.clone(),
        };
        for part in &replaced {
            content.set(part, computed.content.get(part));
        }
        self.next.content = content;
        let (files, superfluous) = computed
            .files
            .into_iter()
            .partition(|file| changed.contains(&part_of(file.partition_values.clone())));
        discard(&lake, name, superfluous);
        let is_told = matches!(self.touched, Touched::Rows(..));
        let rebuilt = Rebuilt {
            changed: computed.changed.all().filter(|_| is_told),
            partitions_rebuilt: replaced.len(),
            partitions_changed: changed.len(),
            record: self.next.clone(),
        };
        self.put_in_place(&lake, &new, is_altered, files, &changed, &computed.amended).await?;
        Ok(rebuilt)
    }

    /// The stored schema of the result, once it has been compared with the header.
    fn schema(&self, frame: &DataFrame) -> Result<SchemaRef, BuildError> {
        let model = self.model;
        let schema = storable_schema(&model.name, frame.schema().as_arrow())
            .map_err(BuildError::lake(&model.name))?;
        let selected: Vec<_> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        let described: Vec<_> = model.columns.iter().map(|column| column.name.as_str()).collect();
        if model.kind != Kind::Audit && selected != described {
            return Err(BuildError::Columns {
                model: model.name.clone(),
                described: described.join(", "),
                selected: selected.join(", "),
            });
        }
        if let Some(column) = &model.partition
            && let Ok(field) = schema.field_with_name(column)
            && !is_partition_type(field.data_type())
        {
            return Err(BuildError::PartitionType {
                model: model.name.clone(),
                column: column.clone(),
                given: Box::new(field.data_type().clone()),
            });
        }
        Ok(schema)
    }

    async fn compute(
        &self,
        lake: &Arc<Lake>,
        frame: &DataFrame,
        schema: &SchemaRef,
    ) -> Result<Computed, BuildError> {
        let model = self.model;
        let partition = model.partition.as_deref();
        let place = partition.and_then(|column| schema.index_of(column).ok());
        let weights = partition.map(|column| weights(column, self.inputs)).unwrap_or_default();
        let rows_max = self.scope.lake().options().chunk_rows_max;
        let none = Content::default();
        let standing = self.record.as_ref().map_or(&none, |record| &record.content);
        let handle = match &self.table {
            Some(table) => table.clone(),
            None => lake.unloaded(&model.name).map_err(BuildError::lake(&model.name))?,
        };
        let changed = Changed::new(self.told_bytes_max);
        let mut computed = Computed {
            files: Vec::new(),
            content: Content::default(),
            amended: BTreeMap::new(),
            changed,
        };
        let mut open = VecDeque::from(self.pieces(&weights, rows_max, standing));
        while let Some((chunk, keys)) = open.pop_front() {
            let mut slices = slices(self.scope, model, self.inputs, &chunk)?;
            let mut shared_rows = Vec::new();
            if keys.is_some() {
                let tables = shared(model, self.inputs, slices)?;
                shared_rows.extend(tables.values().cloned());
                let tables = tables.into_iter();
                slices =
                    tables.map(|(name, table)| (name, table as Arc<dyn TableProvider>)).collect();
            }
            let mut frame = if slices.is_empty() {
                frame.clone()
            } else {
                let scope = self.scope.with_extras(slices);
                let frame = scope.frame(&model.sql, Vec::new()).await;
                frame.map_err(BuildError::query("select", &model.name))?
            };
            if let (Some(column), Some(place)) = (partition, place)
                && let Some(filter) =
                    chunk.filter(model, column, schema.field(place).data_type())?
            {
                frame = frame.filter(filter).map_err(BuildError::rows(&model.name))?;
            }
            if let (Some(keys), Some(table), Chunk::Of(parts)) = (keys, &self.table, &chunk) {
                let (scope, chunk) = (self.scope, &chunk);
                let bytes_max = lake.options().held_bytes_max;
                let narrowed = Narrowed {
                    scope,
                    model,
                    table,
                    standing,
                    schema,
                    place,
                    keys,
                    chunk,
                    shared_rows,
                    bytes_max,
                };
                if !narrowed.compute(frame, &mut computed).await? {
                    computed.changed.give_up();
                    let whole = Touched::Parts(parts.iter().cloned().collect());
                    let pieces = chunks(&whole, &weights, rows_max).into_iter().rev();
                    pieces.for_each(|piece| open.push_front((piece, None)));
                }
                continue;
            }
            let mut writer = TableWriter::new(&model.name, &handle, Arc::clone(schema), partition);
            let mut rows = frame.execute_stream().await.map_err(BuildError::rows(&model.name))?;
            while let Some(batch) = rows.next().await {
                let batch = batch.map_err(BuildError::rows(&model.name))?;
                let batch = conform(&batch, schema).map_err(|error| {
                    BuildError::lake(&model.name)(LakeError::arrow("convert", &model.name)(error))
                })?;
                computed.content.add(&batch, place).map_err(BuildError::rows(&model.name))?;
                writer.write(&batch).await.map_err(BuildError::lake(&model.name))?;
            }
            let files = writer.close().await.map_err(BuildError::lake(&model.name))?;
            computed.files.extend(files);
        }
        Ok(computed)
    }

    /// What is computed at a time, and of which keys if it is not all rows.
    fn pieces(
        &self,
        weights: &BTreeMap<Part, usize>,
        rows_max: usize,
        standing: &Content,
    ) -> Vec<(Chunk, Option<&Keys>)> {
        let (Touched::Rows(parts, keys), Some(partition)) = (&self.touched, &self.model.partition)
        else {
            let all = chunks(&self.touched, weights, rows_max).into_iter();
            return all.map(|chunk| (chunk, None)).collect();
        };
        let rows = standing.rows_of(parts).max(most_rows(partition, self.inputs, parts));
        let weights = narrowed(weights, keys.len(), rows);
        let some = chunks(&self.touched, &weights, rows_max.div_ceil(HELD_PART)).into_iter();
        some.map(|chunk| (chunk, Some(keys))).collect()
    }

    async fn put_in_place(
        self,
        lake: &Lake,
        new: &NewTable,
        is_altered: bool,
        files: Vec<WrittenFile>,
        changed: &BTreeSet<Part>,
        amended: &BTreeMap<Part, Amendment>,
    ) -> Result<(), BuildError> {
        let name = &self.model.name;
        let mut commit = Commit {
            files,
            metadata: vec![self.next.metadata()],
            is_overwrite: true,
            ..Commit::default()
        };
        let Some(table) = self.table else {
            lake.create(name, new, commit).await.map_err(BuildError::lake(name))?;
            return Ok(());
        };
        if is_altered {
            let action = alter(&table, new).map_err(BuildError::delta("alter", name))?;
            commit.actions.push(action);
        }
        let replaces_all = is_altered || matches!(self.touched, Touched::All);
        let snapshot = table.snapshot().map_err(BuildError::delta("read", name))?;
        let mut shortened = Shortened::default();
        for file in snapshot.log_data().iter() {
            let part = part_of(file.partition_values_map());
            // Without a record of what stands, files of parts that vanished are replaced as well.
            let is_unknown = replaces_all && self.next.content.get(&part).is_none();
            if !(is_altered || is_unknown || changed.contains(&part)) {
                continue;
            }
            if let Some(amendment) = amended.get(&part) {
                let path = file.path();
                if let Some(deleted) = amendment.deleted_of(&path) {
                    shortened
                        .add(&lake.table_folder(name), &file, deleted)
                        .map_err(BuildError::lake(name))?;
                } else if !amendment.folded.contains(path.as_ref()) {
                    continue;
                }
            }
            commit.actions.push(Action::Remove(file.remove_action(true)));
        }
        let actions =
            shortened.actions(lake, name, &table).await.map_err(BuildError::lake(name))?;
        commit.actions.extend(actions);
        let has_removes = commit.actions.iter().any(|action| matches!(action, Action::Remove(_)));
        if commit.files.is_empty() && !has_removes {
            let version =
                data_version(&table).await.map_err(BuildError::delta("read the log of", name))?;
            commit.metadata.push((ids::DATA_VERSION.to_owned(), version.into()));
        }
        lake.commit(name, table, commit).await.map_err(BuildError::lake(name))?;
        Ok(())
    }
}

fn is_altered(name: &TableName, table: &DeltaTable, new: &NewTable) -> Result<bool, BuildError> {
    let stored = stored_schema(name, table).map_err(BuildError::lake(name))?;
    let snapshot = table.snapshot().map_err(BuildError::delta("read", name))?;
    let columns = snapshot.metadata().partition_columns();
    Ok(stored != new.schema || columns.first() != new.partition.as_ref())
}

/// Removes files that turned out to hold what the table holds already.
fn discard(lake: &Lake, name: &TableName, files: Vec<WrittenFile>) {
    for file in files {
        let path = lake.table_folder(name).join(&file.path);
        if let Err(error) = std::fs::remove_file(&path) {
            // No commit names the file: the next vacuum removes it.
            tracing::debug!(path = %path.display(), %error, "left a superfluous file");
        }
    }
}
