//! Reading the lake with SQL.
//!
//! A [`QueryScope`] resolves `schema.table` names when a query mentions them: tables of the lake,
//! `current` streams, tables in memory, view models and `staging.all__*`. It reads; nothing that
//! goes through it can change the lake.

mod answers;
mod catalog;
mod current;
mod error;
mod files;
mod hot;
mod join_sides;
mod pages;
mod pushdown;
mod row_numbers;
mod rows;
mod rules;
mod session;
mod shape;
mod sources;
mod table;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use arrow::datatypes::{Field, Schema, SchemaRef};
use chrono::{DateTime, Utc};
use datafusion::catalog::TableProvider;
use datafusion::common::ScalarValue;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::context::SQLOptions;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::prelude::{DataFrame, SessionContext};
use futures::StreamExt;

pub use self::error::QueryError;
pub use self::hot::HotTables;
pub use self::rows::{RegionLimit, RowLimit, RowPolicy, RowPolicyText, RowRule, Through};
pub use self::rules::optimizer_rules;
pub use self::shape::{Only, Order, RowRange, Shape};
pub use self::sources::{CurrentStream, DeclaredTable, MemorySource, QuerySources};

pub(crate) use self::current::raw_names;
pub(crate) use self::files::{Files, ReadRows};
pub(crate) use self::session::{bare_session, empty_table, provider, provider_of_files};

use crate::graph::ModelGraph;
use crate::lake::{Lake, TableName, conform, storable_type};

/// How much of a refused statement is shown.
const SHOWN_CHARS_MAX: usize = 60;

/// What a query sees: a lake, the models over it, other sources, and one instant.
#[derive(Clone)]
pub struct QueryScope {
    inner: Arc<Inner>,
}

#[derive(Clone)]
struct Inner {
    lake: Arc<Lake>,
    graph: Arc<ModelGraph>,
    sources: Arc<QuerySources>,
    as_of: DateTime<Utc>,
    overlay: Option<Overlay>,
    extras: HashMap<TableName, Arc<dyn TableProvider>>,
    limited: Option<rows::Limited>,
    hot: Option<Arc<HotTables>>,
    seeks_few_rows: bool,
    threads: usize,
    reads_whole_tables: bool,
}

/// Tables read from another lake than the rest.
#[derive(Clone)]
pub(crate) struct Overlay {
    pub(crate) lake: Arc<Lake>,
    pub(crate) tables: Arc<BTreeSet<TableName>>,
}

impl std::fmt::Debug for QueryScope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("QueryScope")
            .field("lake", &self.inner.lake)
            .field("as_of", &self.inner.as_of)
            .finish_non_exhaustive()
    }
}

impl QueryScope {
    /// A view of `lake` whose functions are bound to `as_of`.
    pub fn new(
        lake: Arc<Lake>,
        graph: Arc<ModelGraph>,
        sources: Arc<QuerySources>,
        as_of: DateTime<Utc>,
    ) -> Self {
        let threads = lake.options().target_partitions;
        let inner = Inner {
            lake,
            graph,
            sources,
            as_of,
            overlay: None,
            extras: HashMap::new(),
            limited: None,
            hot: None,
            seeks_few_rows: false,
            threads,
            reads_whole_tables: false,
        };
        Self { inner: Arc::new(inner) }
    }

    /// The same for questions about few rows of large tables: a column that no condition and no join
    /// names is read only of rows that meet those.
    ///
    /// Reading whole tables takes a sixth longer so.
    pub fn seeking_few_rows(&self) -> Self {
        self.changed(|inner| inner.seeks_few_rows = true)
    }

    /// The same for queries that use so many threads.
    pub(crate) fn with_threads(&self, threads: usize) -> Self {
        self.changed(|inner| inner.threads = threads)
    }

    /// The same for queries that read most rows of their tables: what one side of a join has is not looked for while
    /// the other is read.
    pub(crate) fn reading_whole_tables(&self) -> Self {
        self.changed(|inner| inner.reads_whole_tables = true)
    }

    pub(crate) fn with_overlay(self, overlay: Option<Overlay>) -> Self {
        self.changed(|inner| inner.overlay = overlay)
    }

    pub(crate) fn with_extras(&self, extras: HashMap<TableName, Arc<dyn TableProvider>>) -> Self {
        self.changed(|inner| inner.extras = extras)
    }

    fn with_limited(&self, limited: Option<rows::Limited>) -> Self {
        self.changed(|inner| inner.limited = limited)
    }

    fn changed(&self, change: impl FnOnce(&mut Inner)) -> Self {
        let mut inner = Inner::clone(&self.inner);
        change(&mut inner);
        Self { inner: Arc::new(inner) }
    }

    /// A DataFusion session over this scope, for callers that need more than [`Self::query`].
    pub fn session(&self) -> SessionContext {
        session::session(self)
    }

    /// Runs one query; `$name` parameters take their values from `parameters`.
    ///
    /// Statements that would change something are refused. Rows stream; columns have the types of
    /// the lake (`Utf8`, never views; times in UTC microseconds), except those the lake could not
    /// store.
    pub async fn query(
        &self,
        sql: &str,
        parameters: Vec<(String, ScalarValue)>,
    ) -> Result<SendableRecordBatchStream, QueryError> {
        run(self.frame(sql, parameters).await?).await
    }

    /// The columns of a query's answer; it is not run.
    pub async fn columns(
        &self,
        sql: &str,
        parameters: Vec<(String, ScalarValue)>,
    ) -> Result<SchemaRef, QueryError> {
        let frame = self.frame(sql, parameters).await?;
        Ok(plain_schema(frame.schema().inner()))
    }

    /// Plans one query without running it.
    pub(crate) async fn frame(
        &self,
        sql: &str,
        parameters: Vec<(String, ScalarValue)>,
    ) -> Result<DataFrame, QueryError> {
        let context = self.session();
        let plan = context.state().create_logical_plan(sql).await.map_err(QueryError::plan)?;
        let read_only = SQLOptions::new()
            .with_allow_ddl(false)
            .with_allow_dml(false)
            .with_allow_statements(false);
        if read_only.verify_plan(&plan).is_err() {
            let statement = sql.trim().chars().take(SHOWN_CHARS_MAX).collect();
            return Err(QueryError::NotAQuery { statement });
        }
        let frame = context.execute_logical_plan(plan).await.map_err(QueryError::plan)?;
        if parameters.is_empty() {
            return Ok(frame);
        }
        frame.with_param_values(parameters).map_err(QueryError::plan)
    }

    pub(crate) fn lake(&self) -> &Arc<Lake> {
        &self.inner.lake
    }

    pub(crate) fn sources(&self) -> &Arc<QuerySources> {
        &self.inner.sources
    }

    pub(crate) fn graph(&self) -> &Arc<ModelGraph> {
        &self.inner.graph
    }

    /// The lake that holds `name`.
    pub(crate) fn lake_of(&self, name: &TableName) -> &Arc<Lake> {
        match &self.inner.overlay {
            Some(overlay) if overlay.tables.contains(name) => &overlay.lake,
            _ => &self.inner.lake,
        }
    }
}

async fn run(frame: DataFrame) -> Result<SendableRecordBatchStream, QueryError> {
    frame.execute_stream().await.map(plain_types).map_err(QueryError::run)
}

fn plain_types(rows: SendableRecordBatchStream) -> SendableRecordBatchStream {
    let given = rows.schema();
    let schema = plain_schema(&given);
    if schema == given {
        return rows;
    }
    let target = Arc::clone(&schema);
    let rows = rows.map(move |batch| Ok(conform_by_place(&batch?, &target)?));
    Box::pin(RecordBatchStreamAdapter::new(schema, rows))
}

fn plain_schema(given: &SchemaRef) -> SchemaRef {
    let fields = given.fields().iter().map(|field| {
        let plain = storable_type(field.data_type());
        let plain = plain.unwrap_or_else(|| field.data_type().clone());
        Field::new(field.name(), plain, true)
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// Two columns of a query may share a name, so the place decides.
fn conform_by_place(
    batch: &arrow::array::RecordBatch,
    schema: &SchemaRef,
) -> Result<arrow::array::RecordBatch, arrow::error::ArrowError> {
    use arrow::array::{RecordBatch, RecordBatchOptions};
    let columns = batch.columns().iter().zip(schema.fields()).map(|(column, field)| {
        let one = Arc::new(Schema::new(vec![Arc::clone(field)]));
        let from = Field::new(field.name(), column.data_type().clone(), true);
        let from = Arc::new(Schema::new(vec![from]));
        let single = RecordBatch::try_new(from, vec![Arc::clone(column)])?;
        Ok(Arc::clone(conform(&single, &one)?.column(0)))
    });
    let columns = columns.collect::<Result<Vec<_>, arrow::error::ArrowError>>()?;
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options)
}
