//! Computing only those rows of touched partitions that a change reaches.
//!
//! Where a model's `touched` query names keys beside partitions, the rows of all other keys stay as they are. Rows of
//! the keys are computed and compared with those that stand. Partitions in which they differ are amended
//! ([`super::amended`]), or written anew from both where much of them differs. Of a partition the result is the same as if all of it had been computed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::catalog::{MemTable, TableProvider};
use datafusion::logical_expr::LogicalPlan;
use datafusion::logical_expr::expr::Sort;
use datafusion::prelude::{DataFrame, Expr, ident};
use deltalake::DeltaTable;
use futures::StreamExt;

use super::BuildError;
use super::amended::Amendment;
use super::chunks::Chunk;
use super::content::Content;
use super::keys::{Keys, sought};
use super::net::{Difference, bytes_of};
use super::rebuild::Computed;
use super::shared_rows::SharedTables;
use super::standing::Standing;
use super::storage::files_of;
use super::whole::{stored, write_rows};
use crate::graph::Model;
use crate::lake::{DataFile, Part, RowNumbers, TableWriter};
use crate::query::{Files, QueryScope, ReadRows, bare_session, provider_of_files};

/// One piece of a model of which some rows are computed.
pub(crate) struct Narrowed<'a> {
    pub(crate) scope: &'a QueryScope,
    pub(crate) model: &'a Model,
    /// The table as it stands.
    pub(crate) table: &'a DeltaTable,
    /// What it holds.
    pub(crate) standing: &'a Content,
    pub(crate) schema: &'a SchemaRef,
    /// The place of the partition column.
    pub(crate) place: Option<usize>,
    pub(crate) keys: &'a Keys,
    pub(crate) chunk: &'a Chunk,
    /// The frame's inputs, of which the rows of the keys are read once.
    pub(super) shared: &'a SharedTables,
    /// What the rows of the keys may take: before and now each, and what those of now are computed from.
    pub(crate) bytes_max: usize,
}

/// Rows of a model and what they come to.
struct Held<T> {
    batches: Vec<T>,
    content: Content,
}

/// The rows that are gone, by where they are, and those that came.
struct Replaced {
    deleted: BTreeMap<String, RowNumbers>,
    added: Vec<RecordBatch>,
}

impl Narrowed<'_> {
    /// Runs `frame`, which yields the whole piece, for the keys, and writes what comes out otherwise.
    ///
    /// Computed rows and those they replace are held in memory until then; false, and nothing is
    /// done, if they are too many.
    pub(crate) async fn compute(
        &self,
        frame: DataFrame,
        computed: &mut Computed,
    ) -> Result<bool, BuildError> {
        let order = order_of(&frame);
        let reached = frame.filter(self.keys.reached()).map_err(self.failed())?;
        let lake = self.scope.lake();
        let is_read = self.shared.read(&reached, lake, self.bytes_max).await;
        let is_read = is_read.map(|is_read| is_read.then_some(())).map_err(self.failed());
        let Some(()) = if_it_fits(is_read)? else { return Ok(false) };
        let Some(now) = if_it_fits(self.computed_rows(reached).await)? else { return Ok(false) };
        self.shared.clear();
        let name = &self.model.name;
        let files = files_of(name, self.table, self.chunk).map_err(BuildError::lake(name))?;
        let Some(before) = if_it_fits(self.standing_rows(&files).await)? else { return Ok(false) };
        let mut changed = BTreeSet::new();
        for part in self.parts() {
            let content = self.standing.replaced(part, &before.content, &now.content);
            computed.content.set(part, content);
            if before.content.get(part) != now.content.get(part) {
                changed.insert(part.clone());
            }
        }
        if changed.is_empty() {
            return Ok(true);
        }
        let replaced = self.replaced(&before, &now, &files, computed).map_err(self.failed())?;
        drop(before);
        let amended = self.amended(&changed, &files, &replaced);
        let anew: Vec<_> = changed.into_iter().filter(|part| !amended.contains_key(part)).collect();
        if !amended.is_empty() {
            let parts = Chunk::Of(amended.keys().cloned().collect());
            let mut rows = self.within(replaced.added, &parts)?;
            if let Some(folded) = self.folded(&files, &amended, &replaced.deleted)? {
                rows = rows.union_by_name(folded).map_err(self.failed())?;
            }
            self.write(rows, &order, computed).await?;
        }
        if !anew.is_empty() {
            let parts = Chunk::Of(anew);
            let files = files.iter().filter(|file| parts.holds(&file.part)).cloned().collect();
            let others = provider_of_files(name, self.table, files);
            let others = others.map_err(BuildError::lake(name))?;
            let others = bare_session(self.scope.lake()).read_table(others);
            let others = others.and_then(|others| others.filter(self.keys.standing()));
            let rows = self.within(now.batches, &parts)?;
            let all = others.and_then(|others| others.union_by_name(rows));
            self.write(all.map_err(self.failed())?, &order, computed).await?;
        }
        computed.amended.extend(amended);
        Ok(true)
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

    /// The rows that stay of files that are put into a new one, none if there are no such files.
    fn folded(
        &self,
        files: &[DataFile],
        amended: &BTreeMap<Part, Amendment>,
        deleted: &BTreeMap<String, RowNumbers>,
    ) -> Result<Option<DataFrame>, BuildError> {
        let is_folded = |file: &&DataFile| {
            amended.get(&file.part).is_some_and(|amended| amended.folded.contains(&file.path))
        };
        let left = |file: &DataFile| {
            let all: RowNumbers = (0..file.rows).collect();
            let left = match deleted.get(&file.path) {
                Some(deleted) => all - deleted,
                None => all,
            };
            (file.clone(), ReadRows::At(left))
        };
        let folded: Vec<_> = files.iter().filter(is_folded).map(left).collect();
        if folded.is_empty() {
            return Ok(None);
        }
        let name = &self.model.name;
        let files = Files::new(name, self.table, folded).map_err(BuildError::lake(name))?;
        let rows = bare_session(self.scope.lake()).read_table(Arc::new(files));
        rows.map(Some).map_err(self.failed())
    }

    /// Writes rows in the order of the model to files that no commit names yet.
    async fn write(
        &self,
        mut rows: DataFrame,
        order: &[Sort],
        computed: &mut Computed,
    ) -> Result<(), BuildError> {
        if !order.is_empty() {
            rows = rows.sort(order.to_vec()).map_err(self.failed())?;
        }
        let name = &self.model.name;
        let partition = self.model.partition.as_deref();
        let writer = TableWriter::new(name, self.table, Arc::clone(self.schema), partition);
        let files = write_rows(name, rows, self.schema, writer, |_| Ok(()));
        computed.files.extend(files.await?);
        Ok(())
    }

    /// Of some rows those of a piece, as a table.
    fn within(&self, rows: Vec<RecordBatch>, chunk: &Chunk) -> Result<DataFrame, BuildError> {
        let table = MemTable::try_new(Arc::clone(self.schema), vec![rows]);
        let table: Arc<dyn TableProvider> = Arc::new(table.map_err(self.failed())?);
        let frame = bare_session(self.scope.lake()).read_table(table).map_err(self.failed())?;
        let (Some(column), Some(place)) = (&self.model.partition, self.place) else {
            return Ok(frame);
        };
        match chunk.filter(self.model, column, self.schema.field(place).data_type())? {
            Some(filter) => frame.filter(filter).map_err(self.failed()),
            None => Ok(frame),
        }
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

    /// The rows of the keys as they are computed; none if they are too many to hold.
    async fn computed_rows(
        &self,
        frame: DataFrame,
    ) -> Result<Option<Held<RecordBatch>>, BuildError> {
        let in_types = |batch: RecordBatch| stored(&self.model.name, &batch, self.schema);
        self.held(frame, in_types, |batch| Ok(batch.clone())).await
    }

    /// The rows of the keys as they stand; none if they are too many to hold.
    async fn standing_rows(
        &self,
        files: &[DataFile],
    ) -> Result<Option<Held<Standing>>, BuildError> {
        let name = &self.model.name;
        let live = files.iter().map(|file| (file.clone(), ReadRows::Live)).collect();
        let files = Files::new(name, self.table, live).map_err(BuildError::lake(name))?;
        let rows = bare_session(self.scope.lake()).read_table(Arc::new(files.with_places()));
        let rows = rows
            .and_then(|rows| rows.filter(sought(self.keys.reached())))
            .map_err(self.failed())?;
        self.held(rows, |batch| Ok(Standing::new(batch)), Standing::rows).await
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

    fn failed(&self) -> impl FnOnce(datafusion::error::DataFusionError) -> BuildError {
        BuildError::rows(&self.model.name)
    }
}

/// Nothing also where the memory of the build does not do.
fn if_it_fits<T>(held: Result<Option<T>, BuildError>) -> Result<Option<T>, BuildError> {
    match held {
        Err(error) if error.is_out_of_memory() => Ok(None),
        held => held,
    }
}

/// What the rows of a select are ordered by, if that is columns of its answer.
fn order_of(frame: &DataFrame) -> Vec<Sort> {
    let mut plan = frame.logical_plan();
    let answer = frame.schema();
    // What is ordered by columns that are not selected is selected afterwards.
    while let LogicalPlan::Projection(_) | LogicalPlan::Filter(_) = plan {
        let Some(input) = plan.inputs().first().copied() else { return Vec::new() };
        plan = input;
    }
    let LogicalPlan::Sort(sort) = plan else { return Vec::new() };
    let by = sort.expr.iter().map(|by| {
        let Expr::Column(column) = &by.expr else { return None };
        let is_there = answer.has_column_with_unqualified_name(column.name());
        is_there.then(|| Sort::new(ident(column.name()), by.asc, by.nulls_first))
    });
    by.collect::<Option<Vec<_>>>().unwrap_or_default()
}
