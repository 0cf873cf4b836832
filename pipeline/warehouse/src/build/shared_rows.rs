//! The rows of some keys of an input, read once for a whole plan.
//!
//! A model reads an input several times over, and a plan scans it for each. Where only the rows of some keys are computed, the
//! condition on them reaches most scans; reading the few rows it keeps means looking at a column of all rows.
//! Here that is done once for each column that a condition names, and its rows are held for all scans of the plan.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties,
};
use datafusion::prelude::{SessionContext, ident};
use futures::{StreamExt, TryStreamExt, stream};
use tokio::sync::OnceCell;

use super::keys::reached_column;
use super::net::bytes_of;

/// The rows of the keys are more than may be held.
#[derive(Debug, thiserror::Error)]
#[error("the rows of the keys take more than {bytes_max} bytes")]
pub(super) struct TooManyRows {
    bytes_max: usize,
}

impl TooManyRows {
    /// Whether this is what stopped a plan.
    pub(super) fn stopped(error: &DataFusionError) -> bool {
        matches!(error.find_root(), DataFusionError::External(source) if source.is::<Self>())
    }
}

/// What the rows of all tables of a plan may take together.
#[derive(Debug)]
pub(super) struct Room {
    bytes: AtomicUsize,
    bytes_max: usize,
}

impl Room {
    pub(super) fn new(bytes_max: usize) -> Self {
        Self { bytes: AtomicUsize::new(0), bytes_max }
    }

    fn take(&self, bytes: usize) -> Result<()> {
        let before = self.bytes.fetch_add(bytes, Ordering::Relaxed);
        if before + bytes <= self.bytes_max {
            return Ok(());
        }
        let error = TooManyRows { bytes_max: self.bytes_max };
        Err(DataFusionError::External(Box::new(error)))
    }
}

/// A table whose rows of some keys are read once.
#[derive(Debug)]
pub(super) struct SharedRows {
    table: Arc<dyn TableProvider>,
    context: Contexts,
    room: Arc<Room>,
    /// By the column that the condition names.
    reads: Mutex<HashMap<String, Arc<Read>>>,
}

/// Makes the sessions in which rows are read; a session has no text form.
#[derive(Clone)]
struct Contexts(SessionContext);

impl fmt::Debug for Contexts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Contexts")
    }
}

impl SharedRows {
    /// Holds as much as there is room.
    pub(super) fn new(
        table: Arc<dyn TableProvider>,
        context: SessionContext,
        room: Arc<Room>,
    ) -> Self {
        Self { table, context: Contexts(context), room, reads: Mutex::default() }
    }

    fn read(&self, column: String, condition: &Expr) -> Arc<Read> {
        let mut reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        let read = reads.entry(column.clone()).or_insert_with(|| {
            Arc::new(Read {
                table: Arc::clone(&self.table),
                context: self.context.clone(),
                condition: condition.clone(),
                room: Arc::clone(&self.room),
                columns: Mutex::new(BTreeSet::from([column])),
                rows: OnceCell::new(),
            })
        });
        Arc::clone(read)
    }
}

#[async_trait]
impl TableProvider for SharedRows {
    fn schema(&self) -> SchemaRef {
        self.table.schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        let of_table = self.table.supports_filters_pushdown(filters)?;
        let is_shared = filters.iter().any(|filter| reached_column(filter).is_some());
        // Rows are held for whoever asks, so that no other condition has been applied to them.
        let weakened = |supported| match supported {
            TableProviderFilterPushDown::Exact if is_shared => TableProviderFilterPushDown::Inexact,
            supported => supported,
        };
        Ok(of_table.into_iter().map(weakened).collect())
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let reached = filters.iter().find_map(|one| Some((reached_column(one)?, one)));
        let Some((column, condition)) = reached else {
            return self.table.scan(session, projection, filters, limit).await;
        };
        let schema = match projection {
            Some(columns) => Arc::new(self.schema().project(columns)?),
            None => self.schema(),
        };
        let read = self.read(column, condition);
        read.also(&schema);
        let partitions = session.config().target_partitions();
        Ok(Arc::new(SharedRowsExec::new(read, schema, partitions)))
    }
}

/// One read of the rows of the keys.
#[derive(Debug)]
struct Read {
    table: Arc<dyn TableProvider>,
    context: Contexts,
    condition: Expr,
    room: Arc<Room>,
    /// All columns that scans of the plan ask for; complete once the plan is made.
    columns: Mutex<BTreeSet<String>>,
    rows: OnceCell<Vec<RecordBatch>>,
}

impl Read {
    fn also(&self, schema: &SchemaRef) {
        let mut columns = self.columns.lock().unwrap_or_else(PoisonError::into_inner);
        columns.extend(schema.fields().iter().map(|field| field.name().clone()));
    }

    /// The rows, read by whoever comes first.
    async fn rows(&self) -> Result<&Vec<RecordBatch>> {
        self.rows.get_or_try_init(|| self.load()).await
    }

    async fn load(&self) -> Result<Vec<RecordBatch>> {
        let columns = self.columns.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let frame = self
            .context
            .0
            .read_table(Arc::clone(&self.table))?
            .filter(self.condition.clone())?
            .select(columns.iter().map(ident))?;
        let mut rows = frame.execute_stream().await?;
        let mut held = Vec::new();
        while let Some(batch) = rows.next().await {
            let batch = batch?;
            self.room.take(bytes_of(&batch))?;
            if batch.num_rows() > 0 {
                held.push(batch);
            }
        }
        Ok(held)
    }
}

/// Yields some columns of rows that are read once.
#[derive(Debug)]
struct SharedRowsExec {
    read: Arc<Read>,
    schema: SchemaRef,
    properties: Arc<PlanProperties>,
}

impl SharedRowsExec {
    fn new(read: Arc<Read>, schema: SchemaRef, partitions: usize) -> Self {
        let properties = PlanProperties::new(
            EquivalenceProperties::new(Arc::clone(&schema)),
            Partitioning::UnknownPartitioning(partitions.max(1)),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        Self { read, schema, properties: Arc::new(properties) }
    }
}

impl DisplayAs for SharedRowsExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SharedRowsExec: condition={}", self.read.condition)
    }
}

impl ExecutionPlan for SharedRowsExec {
    fn name(&self) -> &str {
        "SharedRowsExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(
        self: Arc<Self>,
        _: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn execute(&self, partition: usize, _: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let (read, schema) = (Arc::clone(&self.read), Arc::clone(&self.schema));
        let partitions = self.properties.partitioning.partition_count();
        let rows = async move {
            let columns = |batch: &RecordBatch| {
                let places =
                    schema.fields().iter().map(|field| batch.schema().index_of(field.name()));
                Ok(batch.project(&places.collect::<Result<Vec<_>, _>>()?)?)
            };
            let rows = read.rows().await?.iter().skip(partition).step_by(partitions);
            let rows: Vec<Result<RecordBatch>> = rows.map(columns).collect();
            Ok::<_, DataFusionError>(stream::iter(rows))
        };
        let rows = stream::once(rows).try_flatten();
        Ok(Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), rows)))
    }
}
