//! One piece of a table of which some rows are replaced.
//!
//! Rows as they stand and as they are now are held in memory and compared. Partitions in which they differ are amended
//! ([`super::amended`]), or written anew where much of them differs. Of a partition the result is the same as if all of it had been
//! computed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::catalog::{MemTable, TableProvider};
use datafusion::logical_expr::expr::Sort;
use datafusion::prelude::DataFrame;
use deltalake::DeltaTable;
use futures::StreamExt;

use super::BuildError;
use super::amended::Amendment;
use super::chunks::Chunk;
use super::content::Content;
use super::net::Difference;
use super::rebuild::Computed;
use super::row_order::in_order;
use super::standing::Standing;
use super::storage::files_of;
use super::whole::{stored, write_rows};
use crate::graph::Model;
use crate::lake::{DataFile, Part, RowNumbers, TableWriter, bytes_of};
use crate::query::{Files, QueryScope, ReadRows, bare_session};

/// Some partitions of a model's table as it stands.
pub(crate) struct Piece<'a> {
    pub(crate) scope: &'a QueryScope,
    pub(crate) model: &'a Model,
    /// The table as it stands.
    pub(crate) table: &'a DeltaTable,
    /// What it holds.
    pub(crate) standing: &'a Content,
    pub(crate) schema: &'a SchemaRef,
    /// The place of the partition column.
    pub(crate) place: Option<usize>,
    pub(crate) chunk: &'a Chunk,
    /// What the replaced rows may take: before and now each, and what those of now are computed from.
    pub(crate) bytes_max: usize,
}

/// Rows of a model and what they come to.
pub(super) struct Held<T> {
    batches: Vec<T>,
    content: Content,
}

impl<T> Held<T> {
    pub(super) fn into_batches(self) -> Vec<T> {
        self.batches
    }
}

impl Held<Standing> {
    /// The rows without their places.
    pub(super) fn rows(&self) -> datafusion::error::Result<Vec<RecordBatch>> {
        self.batches.iter().map(Standing::rows).collect()
    }
}

/// Some rows of a piece before and now; all others are the same.
pub(super) struct Sides {
    pub(super) before: Held<Standing>,
    pub(super) now: Held<RecordBatch>,
}

/// The rows that are gone, by where they are, and those that came.
struct Replaced {
    deleted: BTreeMap<String, RowNumbers>,
    added: Vec<RecordBatch>,
}

impl Piece<'_> {
    /// The files of the piece.
    pub(super) fn files(&self) -> Result<Vec<DataFile>, BuildError> {
        let name = &self.model.name;
        files_of(name, self.table, self.chunk).map_err(BuildError::lake(name))
    }

    /// Writes what the sides differ in, in this order.
    pub(super) async fn replace(
        &self,
        sides: Sides,
        files: &[DataFile],
        order: &[Sort],
        computed: &mut Computed,
    ) -> Result<(), BuildError> {
        let Sides { before, now } = sides;
        let mut changed = BTreeSet::new();
        for part in self.parts() {
            let content = self.standing.replaced(part, &before.content, &now.content);
            computed.content.set(part, content);
            if before.content.get(part) != now.content.get(part) {
                changed.insert(part.clone());
            }
        }
        if changed.is_empty() {
            return Ok(());
        }
        let replaced = self.replaced(&before, &now, files, computed).map_err(self.failed())?;
        drop((before, now));
        let amended = self.amended(&changed, files, &replaced);
        let anew: Vec<_> = changed.into_iter().filter(|part| !amended.contains_key(part)).collect();
        if !amended.is_empty() {
            let is_folded = |file: &DataFile| {
                amended.get(&file.part).is_some_and(|amended| amended.folded.contains(&file.path))
            };
            let parts = Chunk::Of(amended.keys().cloned().collect());
            self.write(&replaced, &parts, files, is_folded, order, computed).await?;
        }
        if !anew.is_empty() {
            let parts = Chunk::Of(anew);
            let is_anew = |file: &DataFile| parts.holds(&file.part);
            self.write(&replaced, &parts, files, is_anew, order, computed).await?;
        }
        computed.amended.extend(amended);
        Ok(())
    }

    /// Writes the rows that came to some partitions with those that stay of some files.
    async fn write(
        &self,
        replaced: &Replaced,
        parts: &Chunk,
        files: &[DataFile],
        is_written: impl Fn(&DataFile) -> bool,
        order: &[Sort],
        computed: &mut Computed,
    ) -> Result<(), BuildError> {
        let mut rows = self.within(replaced.added.clone(), parts)?;
        let files = files.iter().filter(|file| is_written(file));
        if let Some(stay) = self.stay(files, &replaced.deleted)? {
            rows = stay.union_by_name(rows).map_err(self.failed())?;
        }
        if !order.is_empty() {
            rows = rows.sort(order.to_vec()).map_err(self.failed())?;
        }
        let name = &self.model.name;
        let partition = self.model.partition.as_deref();
        let writer = TableWriter::new(name, self.table, Arc::clone(self.schema), partition);
        let writer = in_order(writer, self.model, order, 1);
        let files = write_rows(name, rows, self.schema, writer, |_| Ok(()));
        computed.files.extend(files.await?);
        Ok(())
    }

    /// The rows of files that stay, none if there are no such files.
    fn stay<'f>(
        &self,
        files: impl Iterator<Item = &'f DataFile>,
        deleted: &BTreeMap<String, RowNumbers>,
    ) -> Result<Option<DataFrame>, BuildError> {
        let left = |file: &DataFile| {
            let rows = match deleted.get(&file.path) {
                Some(deleted) => ReadRows::At((0..file.rows).collect::<RowNumbers>() - deleted),
                None => ReadRows::Live,
            };
            (file.clone(), rows)
        };
        let files: Vec<_> = files.map(left).collect();
        if files.is_empty() {
            return Ok(None);
        }
        let name = &self.model.name;
        let files = Files::new(name, self.table, files).map_err(BuildError::lake(name))?;
        let rows = bare_session(self.scope.lake()).read_table(Arc::new(files));
        rows.map(Some).map_err(self.failed())
    }

    fn parts(&self) -> &[Part] {
        match self.chunk {
            Chunk::Of(parts) => parts,
            Chunk::Everything | Chunk::NoneOf(_) => &[],
        }
    }

    /// Which of the changed partitions keep their files, and how.
    fn amended(
        &self,
        changed: &BTreeSet<Part>,
        files: &[DataFile],
        replaced: &Replaced,
    ) -> BTreeMap<Part, Amendment> {
        let rows_min = self.scope.lake().options().amended_rows_min;
        let mut added = Content::default();
        for batch in &replaced.added {
            // Without their number a partition is written anew, which is right as well.
            if added.add(batch, self.place).is_err() {
                return BTreeMap::new();
            }
        }
        let amendment = |part: &Part| {
            let of_part: Vec<_> = files.iter().filter(|file| file.part == *part).collect();
            let mut deleted = BTreeMap::new();
            for file in &of_part {
                let rows = replaced.deleted.get(&file.path);
                deleted.extend(rows.map(|rows| (file.path.clone(), rows.clone())));
            }
            let amendment = Amendment::of(&of_part, deleted, added.rows_of([part]), rows_min)?;
            Some((part.clone(), amendment))
        };
        changed.iter().filter_map(amendment).collect()
    }

    /// Of some rows those of a piece, as a table.
    fn within(&self, rows: Vec<RecordBatch>, chunk: &Chunk) -> Result<DataFrame, BuildError> {
        let frame = self.table_of(rows).map_err(self.failed())?;
        let (Some(column), Some(place)) = (&self.model.partition, self.place) else {
            return Ok(frame);
        };
        match chunk.filter(self.model, column, self.schema.field(place).data_type())? {
            Some(filter) => frame.filter(filter).map_err(self.failed()),
            None => Ok(frame),
        }
    }

    /// Some rows of the model as a table.
    pub(super) fn table_of(&self, rows: Vec<RecordBatch>) -> datafusion::error::Result<DataFrame> {
        let table = MemTable::try_new(Arc::clone(self.schema), vec![rows])?;
        bare_session(self.scope.lake()).read_table(Arc::new(table) as Arc<dyn TableProvider>)
    }

    /// Finds and tells the rows that are gone and those that came.
    fn replaced(
        &self,
        before: &Held<Standing>,
        now: &Held<RecordBatch>,
        files: &[DataFile],
        computed: &mut Computed,
    ) -> datafusion::error::Result<Replaced> {
        let mut difference = Difference::default();
        for batch in &before.batches {
            difference.add_old(&batch.rows()?)?;
        }
        let mut replaced = Replaced { deleted: BTreeMap::new(), added: Vec::new() };
        for batch in &now.batches {
            let added = difference.only_new(batch)?;
            computed.changed.add(added.clone());
            replaced.added.push(added);
        }
        for batch in &before.batches {
            let is_gone = difference.is_only_old(&batch.rows()?)?;
            let gone = batch.chosen(&is_gone)?;
            gone.add_places(files, &mut replaced.deleted);
            computed.changed.add(gone.rows()?);
        }
        Ok(replaced)
    }

    /// Runs a frame of rows of now and holds them; none if they are too many.
    pub(super) async fn computed_rows(
        &self,
        frame: DataFrame,
    ) -> Result<Option<Held<RecordBatch>>, BuildError> {
        let in_types = |batch: RecordBatch| stored(&self.model.name, &batch, self.schema);
        self.held(frame, in_types, |batch| Ok(batch.clone())).await
    }

    /// Some of the files as a source of rows that tell their places.
    pub(super) fn standing_files(&self, files: &[DataFile]) -> Result<Files, BuildError> {
        let name = &self.model.name;
        let files = Files::live(name, self.table, files.to_vec());
        Ok(files.map_err(BuildError::lake(name))?.with_places())
    }

    /// Runs a frame of rows that stand and holds them; none if they are too many.
    pub(super) async fn standing_rows(
        &self,
        frame: DataFrame,
    ) -> Result<Option<Held<Standing>>, BuildError> {
        self.held(frame, |batch| Ok(Standing::new(batch)), Standing::rows).await
    }

    /// Runs a frame and holds its rows; none if they are too many.
    async fn held<T>(
        &self,
        frame: DataFrame,
        hold: impl Fn(RecordBatch) -> Result<T, BuildError>,
        rows_of: impl Fn(&T) -> datafusion::error::Result<RecordBatch>,
    ) -> Result<Option<Held<T>>, BuildError> {
        let mut held = Held { batches: Vec::new(), content: Content::default() };
        let mut bytes = 0;
        let mut rows = frame.execute_stream().await.map_err(self.failed())?;
        while let Some(batch) = rows.next().await {
            let batch = hold(batch.map_err(self.failed())?)?;
            let rows = rows_of(&batch).map_err(self.failed())?;
            held.content.add(&rows, self.place).map_err(self.failed())?;
            bytes += bytes_of(&rows);
            if bytes > self.bytes_max {
                return Ok(None);
            }
            held.batches.push(batch);
        }
        Ok(Some(held))
    }

    pub(super) fn failed(&self) -> impl FnOnce(datafusion::error::DataFusionError) -> BuildError {
        BuildError::rows(&self.model.name)
    }
}

/// Nothing also where the memory of the build does not do.
pub(super) fn if_it_fits<T>(held: Result<Option<T>, BuildError>) -> Result<Option<T>, BuildError> {
    match held {
        Err(error) if error.is_out_of_memory() => Ok(None),
        held => held,
    }
}
