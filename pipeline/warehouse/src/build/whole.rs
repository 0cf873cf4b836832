//! Computing all rows of the pieces of a model.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::common::runtime::SpawnedTask;
use datafusion::error::DataFusionError;
use datafusion::prelude::{DataFrame, Expr};
use deltalake::DeltaTable;
use futures::{StreamExt, TryStreamExt, stream};

use super::BuildError;
use super::chunks::Chunk;
use super::content::Content;
use super::cut::{Cut, cut_column};
use super::inputs::Input;
use super::row_order::{in_order, order_of};
use super::slices::slices;
use crate::graph::Model;
use crate::lake::{LakeError, Part, TableName, TableWriter, WrittenFile, conform};
use crate::query::QueryScope;

/// What a row of an input takes at least in joins and aggregates: many are only passed by.
const ROW_BYTES: usize = 64;

/// A model of which all rows are computed, piece by piece.
pub(crate) struct Whole<'a> {
    pub(crate) scope: &'a QueryScope,
    pub(crate) model: &'a Model,
    pub(crate) inputs: &'a BTreeMap<TableName, Input>,
    /// The model's query over all of its inputs, in `scope`.
    pub(crate) frame: &'a DataFrame,
    /// The table, be it there or not.
    pub(crate) handle: &'a DeltaTable,
    pub(crate) schema: &'a SchemaRef,
    /// The place of the partition column.
    pub(crate) place: Option<usize>,
}

/// What was written, and named by no commit yet.
#[derive(Default)]
pub(crate) struct Written {
    pub(crate) files: Vec<WrittenFile>,
    pub(crate) content: Content,
}

/// Pieces that are computed at once.
struct SideBySide<'a> {
    whole: &'a Whole<'a>,
    one_thread: QueryScope,
    /// One piece did not fit into memory beside the others.
    is_crowded: AtomicBool,
}

/// What became of a piece.
enum Tried {
    Written(Written),
    /// There was no room for it.
    Left(Chunk),
}

impl SideBySide<'_> {
    async fn piece(&self, chunk: Chunk) -> Result<Tried, BuildError> {
        if self.is_crowded.load(Ordering::Relaxed) {
            return Ok(Tried::Left(chunk));
        }
        match self.whole.piece(Some(&self.one_thread), &chunk, None).await {
            Ok(written) => Ok(Tried::Written(written)),
            Err(error) if error.is_out_of_memory() => {
                self.is_crowded.store(true, Ordering::Relaxed);
                let name = &self.whole.model.name;
                tracing::info!(model = %name, "pieces do not fit into memory side by side");
                Ok(Tried::Left(chunk))
            }
            Err(error) => Err(error),
        }
    }
}

impl Whole<'_> {
    /// Computes and writes `chunks`, of inputs with so many rows by partition.
    ///
    /// As many pieces as threads are computed at once, each by one thread: they need not hand rows to each other. Where
    /// they turn out not to fit into memory together, what is left is computed one after the other, by all threads.
    pub(crate) async fn compute(
        &self,
        chunks: Vec<Chunk>,
        weights: &BTreeMap<Part, usize>,
    ) -> Result<Vec<Written>, BuildError> {
        let at_once = self.at_once(&chunks, weights);
        let (mut written, mut left) = (Vec::new(), Vec::new());
        if at_once > 1 {
            let side_by_side = SideBySide {
                whole: self,
                one_thread: self.scope.with_threads(1),
                is_crowded: AtomicBool::new(false),
            };
            let pieces = chunks.into_iter().map(|chunk| side_by_side.piece(chunk));
            let mut pieces = stream::iter(pieces).buffer_unordered(at_once);
            while let Some(piece) = pieces.try_next().await? {
                match piece {
                    Tried::Written(piece) => written.push(piece),
                    Tried::Left(chunk) => left.push(chunk),
                }
            }
        } else {
            left = chunks;
        }
        // What one piece had to be cut into the next will have to be as well.
        let mut finest = Cut::NONE.of();
        for chunk in left {
            written.push(self.fitting(&chunk, &mut finest).await?);
        }
        Ok(written)
    }

    /// The model's query for a piece, `tables` standing for some of its inputs.
    pub(crate) async fn piece_of(
        &self,
        scope: &QueryScope,
        tables: HashMap<TableName, Arc<dyn TableProvider>>,
        chunk: &Chunk,
    ) -> Result<DataFrame, BuildError> {
        let frame = scope.with_extras(tables).frame(&self.model.sql, Vec::new()).await;
        self.within(chunk, frame.map_err(BuildError::query("select", &self.model.name))?)
    }

    fn within(&self, chunk: &Chunk, frame: DataFrame) -> Result<DataFrame, BuildError> {
        let name = &self.model.name;
        let (Some(column), Some(place)) = (self.model.partition.as_deref(), self.place) else {
            return Ok(frame);
        };
        let data_type = self.schema.field(place).data_type();
        match chunk.filter(self.model, column, data_type)? {
            Some(filter) => frame.filter(filter).map_err(BuildError::rows(name)),
            None => Ok(frame),
        }
    }

    /// A piece, in so many parts that each fits into memory. No commit names the files of those that did not: the next vacuum
    /// removes them.
    async fn fitting(&self, chunk: &Chunk, finest: &mut u32) -> Result<Written, BuildError> {
        let name = &self.model.name;
        let column = cut_column(self.model);
        let mut open: Vec<_> = Cut::all(*finest).collect();
        let mut written = Written::default();
        while let Some(cut) = open.pop() {
            let within = column.and_then(|column| cut.filter(column));
            match self.piece(None, chunk, within).await {
                Ok(part) => {
                    written.files.extend(part.files);
                    written.content.extend(part.content);
                }
                Err(error) if error.is_out_of_memory() => {
                    let halves = column.and_then(|_| cut.halves());
                    let halves = halves.ok_or_else(|| error.of_size(name))?;
                    *finest = halves[0].of().max(*finest);
                    tracing::info!(model = %name, cut = ?halves, "a piece does not fit into memory");
                    open.extend(halves);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(written)
    }

    /// `one_thread`: the scope if one thread computes it; `within`: what its rows are, if not all.
    async fn piece(
        &self,
        one_thread: Option<&QueryScope>,
        chunk: &Chunk,
        within: Option<Expr>,
    ) -> Result<Written, BuildError> {
        let name = &self.model.name;
        let slices = slices(self.scope, self.model, self.inputs, chunk)?;
        let frame = match one_thread {
            None if slices.is_empty() => self.within(chunk, self.frame.clone())?,
            scope => self.piece_of(scope.unwrap_or(self.scope), slices, chunk).await?,
        };
        let frame = match within {
            Some(within) => frame.filter(within).map_err(BuildError::rows(name))?,
            None => frame,
        };
        let partition = self.model.partition.as_deref();
        let writer = TableWriter::new(name, self.handle, Arc::clone(self.schema), partition);
        let at_once = one_thread.map_or(1, |_| self.scope.lake().options().target_partitions);
        let writer = in_order(writer, self.model, &order_of(&frame), at_once);
        let schema = Arc::clone(self.schema);
        let written = write(name.clone(), frame, schema, self.place, writer);
        // A task of its own, so that pieces are also written side by side.
        let written = SpawnedTask::spawn(written).join().await;
        written.map_err(|error| {
            BuildError::rows(name)(DataFusionError::ExecutionJoin(Box::new(error)))
        })?
    }

    /// How many pieces are computed at once, unless they turn out to be too large.
    fn at_once(&self, chunks: &[Chunk], weights: &BTreeMap<Part, usize>) -> usize {
        let options = self.scope.lake().options();
        let rows_of = |chunk: &Chunk| -> usize {
            let within = weights.iter().filter(|(part, _)| chunk.holds(part));
            within.map(|(_, rows)| rows).sum()
        };
        let largest = chunks.iter().map(rows_of).max().unwrap_or_default();
        let fit = options.memory_limit_bytes / ROW_BYTES / largest.max(1);
        fit.min(options.target_partitions).min(chunks.len()).max(1)
    }
}

async fn write(
    name: TableName,
    frame: DataFrame,
    schema: SchemaRef,
    place: Option<usize>,
    writer: TableWriter,
) -> Result<Written, BuildError> {
    let mut content = Content::default();
    let files = write_rows(&name, frame, &schema, writer, |batch| {
        content.add(batch, place).map_err(BuildError::rows(&name))
    });
    let files = files.await?;
    Ok(Written { files, content })
}

/// Runs `frame` and writes its rows in the types of `schema`, each batch shown to `note` before.
pub(super) async fn write_rows(
    name: &TableName,
    frame: DataFrame,
    schema: &SchemaRef,
    mut writer: TableWriter,
    mut note: impl FnMut(&RecordBatch) -> Result<(), BuildError>,
) -> Result<Vec<WrittenFile>, BuildError> {
    let mut rows = frame.execute_stream().await.map_err(BuildError::rows(name))?;
    while let Some(batch) = rows.next().await {
        let batch = stored(name, &batch.map_err(BuildError::rows(name))?, schema)?;
        note(&batch)?;
        writer.write(&batch).await.map_err(BuildError::lake(name))?;
    }
    writer.close().await.map_err(BuildError::lake(name))
}

/// A batch in the types of a table.
pub(super) fn stored(
    name: &TableName,
    batch: &RecordBatch,
    schema: &SchemaRef,
) -> Result<RecordBatch, BuildError> {
    let batch = conform(batch, schema).map_err(LakeError::arrow("convert", name));
    batch.map_err(BuildError::lake(name))
}
