//! Computing only those rows of touched partitions that a change reaches.
//!
//! Where a model's `touched` query names keys beside partitions, the rows of all other keys stay as they are. Rows of
//! the keys are computed and compared with those that stand; only partitions in which they differ are written
//! anew, from both. Of a partition the result is the same as if all of it had been computed.

use std::collections::BTreeSet;
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
use super::chunks::Chunk;
use super::content::{Content, Part};
use super::keys::Keys;
use super::net::{Difference, bytes_of};
use super::rebuild::Computed;
use super::storage::part_of;
use crate::graph::Model;
use crate::lake::{LakeError, TableWriter, conform};
use crate::query::{QueryScope, bare_session, provider_of_files};

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
    /// What the rows of the keys may take, before and now each.
    pub(crate) bytes_max: usize,
}

impl Narrowed<'_> {
    /// Runs `frame`, which yields the whole piece, for the keys, and writes the partitions that come out otherwise.
    ///
    /// Computed rows and those they replace are held in memory until their partitions are written; false, and nothing is
    /// done, if they are too many.
    pub(crate) async fn compute(
        &self,
        frame: DataFrame,
        computed: &mut Computed,
    ) -> Result<bool, BuildError> {
        let order = order_of(&frame);
        let reached = frame.filter(self.keys.reached()).map_err(self.failed())?;
        let Some((rows, now)) = self.rows(reached).await? else { return Ok(false) };
        let old =
            self.standing_rows(self.chunk)?.filter(self.keys.reached()).map_err(self.failed())?;
        let Some((old, before)) = self.rows(old).await? else { return Ok(false) };
        let mut changed = BTreeSet::new();
        for part in self.parts() {
            let content = self.standing.replaced(part, &before, &now);
            computed.content.set(part, content);
            if before.get(part) != now.get(part) {
                changed.insert(part.clone());
            }
        }
        if changed.is_empty() {
            return Ok(true);
        }
        self.tell(&old, &rows, computed).map_err(self.failed())?;
        let changed = Chunk::Of(changed.into_iter().collect());
        let others =
            self.standing_rows(&changed)?.filter(self.keys.standing()).map_err(self.failed())?;
        let rows = self.within(rows, &changed)?;
        let mut all = others.union_by_name(rows).map_err(self.failed())?;
        if !order.is_empty() {
            all = all.sort(order).map_err(self.failed())?;
        }
        let partition = self.model.partition.as_deref();
        let name = &self.model.name;
        let mut writer = TableWriter::new(name, self.table, Arc::clone(self.schema), partition);
        let mut rows = all.execute_stream().await.map_err(self.failed())?;
        while let Some(batch) = rows.next().await {
            let batch = batch.map_err(self.failed())?;
            writer.write(&batch).await.map_err(BuildError::lake(name))?;
        }
        computed.files.extend(writer.close().await.map_err(BuildError::lake(name))?);
        Ok(true)
    }

    fn parts(&self) -> &[Part] {
        match self.chunk {
            Chunk::Of(parts) => parts,
            Chunk::Everything | Chunk::NoneOf(_) => &[],
        }
    }

    /// The rows that stand in a piece.
    fn standing_rows(&self, chunk: &Chunk) -> Result<DataFrame, BuildError> {
        let name = &self.model.name;
        let snapshot = self.table.snapshot().map_err(BuildError::delta("read", name))?;
        let mut paths = Vec::new();
        for file in snapshot.log_data().iter() {
            if chunk.holds(&part_of(file.partition_values_map())) {
                paths.push(file.path().to_string());
            }
        }
        let table: Arc<dyn TableProvider> = match paths.is_empty() {
            true => self.in_memory(Vec::new())?,
            false => provider_of_files(name, self.table, paths).map_err(BuildError::lake(name))?,
        };
        bare_session(self.scope.lake()).read_table(table).map_err(self.failed())
    }

    /// Of some rows those of a piece, as a table.
    fn within(&self, rows: Vec<RecordBatch>, chunk: &Chunk) -> Result<DataFrame, BuildError> {
        let context = bare_session(self.scope.lake());
        let frame = context.read_table(self.in_memory(rows)?).map_err(self.failed())?;
        let (Some(column), Some(place)) = (&self.model.partition, self.place) else {
            return Ok(frame);
        };
        match chunk.filter(self.model, column, self.schema.field(place).data_type())? {
            Some(filter) => frame.filter(filter).map_err(self.failed()),
            None => Ok(frame),
        }
    }

    fn in_memory(&self, rows: Vec<RecordBatch>) -> Result<Arc<dyn TableProvider>, BuildError> {
        let table = MemTable::try_new(Arc::clone(self.schema), vec![rows]);
        Ok(Arc::new(table.map_err(self.failed())?))
    }

    /// Notes the rows that are gone and those that came.
    fn tell(
        &self,
        old: &[RecordBatch],
        new: &[RecordBatch],
        computed: &mut Computed,
    ) -> datafusion::error::Result<()> {
        let mut difference = Difference::default();
        old.iter().try_for_each(|batch| difference.add_old(batch))?;
        for batch in new {
            computed.changed.add(difference.only_new(batch)?);
        }
        for batch in old {
            computed.changed.add(difference.only_old(batch)?);
        }
        Ok(())
    }

    /// Runs a frame: its rows as they are stored, and what they come to; none if they are too many to hold.
    async fn rows(
        &self,
        frame: DataFrame,
    ) -> Result<Option<(Vec<RecordBatch>, Content)>, BuildError> {
        let (mut all, mut content, mut bytes) = (Vec::new(), Content::default(), 0);
        let mut rows = frame.execute_stream().await.map_err(self.failed())?;
        while let Some(batch) = rows.next().await {
            let batch = self.conformed(&batch.map_err(self.failed())?)?;
            content.add(&batch, self.place).map_err(self.failed())?;
            bytes += bytes_of(&batch);
            if bytes > self.bytes_max {
                return Ok(None);
            }
            all.push(batch);
        }
        Ok(Some((all, content)))
    }

    fn conformed(&self, batch: &RecordBatch) -> Result<RecordBatch, BuildError> {
        let name = &self.model.name;
        conform(batch, self.schema)
            .map_err(|error| BuildError::lake(name)(LakeError::arrow("convert", name)(error)))
    }

    fn failed(&self) -> impl FnOnce(datafusion::error::DataFusionError) -> BuildError {
        BuildError::rows(&self.model.name)
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
