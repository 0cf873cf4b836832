//! Computing a model, or the touched partitions of it, and putting the result in place at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::prelude::DataFrame;
use deltalake::DeltaTable;
use deltalake::kernel::Action;

use super::BuildError;
use super::amended::Amendment;
use super::changed::is_readable;
use super::chunks::{Chunk, chunks, is_partition_type, most_rows, narrowed, replaced, weights};
use super::content::Content;
use super::inputs::{Input, same_table};
use super::keys::Keys;
use super::narrowed::Narrowed;
use super::net::Changed;
use super::piece::Piece;
use super::record::Record;
use super::shared_rows::SharedTables;
use super::slices::sliced_files;
use super::sums::{Sums, is_added_exactly};
use super::touched::Touched;
use super::whole::{Whole, Written};
use crate::graph::{Kind, Model};
use crate::lake::{
    Commit, Lake, NewTable, Part, Shortened, TableName, WrittenFile, alter, data_files,
    data_version, ids, part_of, storable_schema,
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

/// A model of which the rows of some keys are computed.
#[derive(Clone, Copy)]
struct Keyed<'a> {
    /// The same computed as a whole.
    whole: &'a Whole<'a>,
    table: &'a DeltaTable,
    /// What the table holds.
    standing: &'a Content,
    keys: &'a Keys,
    /// Of a table of sums what was summed, as the last build read it.
    summed: &'a BTreeMap<TableName, DeltaTable>,
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

impl Computed {
    fn extend(&mut self, written: Vec<Written>) {
        for piece in written {
            self.files.extend(piece.files);
            self.content.extend(piece.content);
        }
    }
}

impl Rebuild<'_> {
    pub(crate) async fn run(mut self) -> Result<Rebuilt, BuildError> {
        let name = &self.model.name;
        let lake = Arc::clone(self.scope.lake_of(name));
        let whole = self.scope.reading_whole_tables();
        let frame = whole.frame(&self.model.sql, Vec::new()).await;
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
        let computed = self.compute(&lake, &whole, &frame, &schema).await?;
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
        for column in &model.sums {
            if let Ok(field) = schema.field_with_name(column)
                && !is_added_exactly(field.data_type())
            {
                return Err(BuildError::SumType {
                    model: model.name.clone(),
                    column: column.clone(),
                    given: Box::new(field.data_type().clone()),
                });
            }
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
        scope: &QueryScope,
        frame: &DataFrame,
        schema: &SchemaRef,
    ) -> Result<Computed, BuildError> {
        let model = self.model;
        let partition = model.partition.as_deref();
        let place = partition.and_then(|column| schema.index_of(column).ok());
        let weights = partition.map(|column| weights(column, self.inputs)).unwrap_or_default();
        let handle = match &self.table {
            Some(table) => table.clone(),
            None => lake.unloaded(&model.name).map_err(BuildError::lake(&model.name))?,
        };
        let mut computed = Computed {
            files: Vec::new(),
            content: Content::default(),
            amended: BTreeMap::new(),
            changed: Changed::new(self.told_bytes_max),
        };
        let inputs = self.inputs;
        let whole = Whole { scope, model, inputs, frame, handle: &handle, schema, place };
        let summed = match &self.touched {
            Touched::Rows(..) => self.summed_before().await?,
            Touched::All | Touched::Parts(_) => None,
        };
        if let (Some(table), Touched::Rows(parts, keys), Some(summed)) =
            (&self.table, &self.touched, &summed)
        {
            let none = Content::default();
            let standing = self.record.as_ref().map_or(&none, |record| &record.content);
            let keyed = Keyed { whole: &whole, table, standing, keys, summed };
            let mut too_large = Vec::new();
            for chunk in self.narrowed_chunks(parts, keys, &weights, standing) {
                if self.compute_keys(&keyed, &chunk, &mut computed).await? {
                    continue;
                }
                // Trying ever smaller ones would take longer than all rows do.
                for smaller in chunk.quarters() {
                    let is_other = smaller != chunk;
                    if !(is_other && self.compute_keys(&keyed, &smaller, &mut computed).await?) {
                        too_large.push(smaller);
                    }
                }
            }
            if !too_large.is_empty() {
                computed.changed.give_up();
                computed.extend(whole.compute(too_large, &weights).await?);
            }
        } else {
            computed.changed.give_up();
            let all = chunks(&self.touched, &weights, self.chunk_rows_max());
            computed.extend(whole.compute(all, &weights).await?);
        }
        Ok(computed)
    }

    /// Computes the rows of some keys of a piece; false, and nothing is done, if they are too many to hold.
    async fn compute_keys(
        &self,
        keyed: &Keyed<'_>,
        chunk: &Chunk,
        computed: &mut Computed,
    ) -> Result<bool, BuildError> {
        let Keyed { whole, table, standing, keys, summed } = *keyed;
        let Self { scope, model, inputs, .. } = *self;
        let piece = Piece {
            scope,
            model,
            table,
            standing,
            schema: whole.schema,
            place: whole.place,
            chunk,
            bytes_max: scope.lake().options().held_bytes_max,
        };
        if !model.sums.is_empty() {
            return Sums { piece, whole, keys, before: summed }.compute(computed).await;
        }
        let sliced = sliced_files(scope, model, inputs, chunk)?;
        let shared = SharedTables::new(model, inputs, sliced)?;
        let frame = whole.piece_of(scope, shared.providers(), chunk).await?;
        Narrowed { piece, keys, shared: &shared }.compute(frame, computed).await
    }

    /// The tables that are summed, as the last build read them, none of another model; none if they cannot be read so any more.
    async fn summed_before(&self) -> Result<Option<BTreeMap<TableName, DeltaTable>>, BuildError> {
        let mut before = BTreeMap::new();
        let summed = self.model.slice.iter().filter(|_| !self.model.sums.is_empty());
        for name in summed {
            let record = self.record.as_ref().and_then(|record| record.inputs.get(name));
            let input = self.inputs.get(name);
            let (Some(then), Some(input)) = (record, input) else { continue };
            let Some(now) = &input.table else { continue };
            if *then == input.version {
                before.insert(name.clone(), now.clone());
                continue;
            }
            let Some(version) = same_table(then, &input.version) else { return Ok(None) };
            let failed = || BuildError::lake(&self.model.name);
            let lake = self.scope.lake_of(name);
            let table = lake.table_at(name, version).await.map_err(failed())?;
            let folder = lake.table_folder(name);
            let files = data_files(name, &table).map_err(failed())?;
            if !files.iter().all(|file| is_readable(&folder, file)) {
                return Ok(None);
            }
            before.insert(name.clone(), table);
        }
        Ok(Some(before))
    }

    fn chunk_rows_max(&self) -> usize {
        self.scope.lake().options().chunk_rows_max
    }

    /// What is computed at a time where it is the rows of some keys.
    fn narrowed_chunks(
        &self,
        parts: &BTreeSet<Part>,
        keys: &Keys,
        weights: &BTreeMap<Part, usize>,
        standing: &Content,
    ) -> Vec<Chunk> {
        let largest = |column: &String| most_rows(column, self.inputs, parts);
        let largest = self.model.partition.as_ref().map_or(0, largest);
        let rows = standing.rows_of(parts).max(largest);
        let rows_max = self.chunk_rows_max().div_ceil(HELD_PART);
        chunks(&self.touched, &narrowed(weights, keys.len(), rows), rows_max)
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
