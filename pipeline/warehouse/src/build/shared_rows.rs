//! The rows of some keys of an input, read once for a whole plan.
//!
//! A model reads an input several times over, and a plan scans it for each. Where only the rows of some keys are computed, the
//! condition on them reaches most scans; finding the few rows it keeps means looking at a column of all rows.
//! Here that is done once for each column that a condition names. A first plan tells which columns are asked for; then the rows
//! are read, and a second plan, which knows how few they are, is the one that runs.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{MemTable, Session, TableProvider};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use datafusion::prelude::{DataFrame, ident};
use futures::StreamExt;

use super::BuildError;
use super::inputs::Input;
use super::keys::{Keys, reached};
use crate::graph::Model;
use crate::lake::{DataFile, Lake, TableName, bytes_of, data_files};
use crate::query::{Files, bare_session};

/// Few rows are left of many batches: they are put together to so many.
const BATCH_ROWS: usize = 8_192;

/// The tables that a model reads directly, the rows of some keys of each read once for a plan.
#[derive(Debug)]
pub(super) struct SharedTables(BTreeMap<TableName, Arc<SharedRows>>);

impl SharedTables {
    /// `sliced` are the files of what is read in part; of all other inputs it is the whole.
    pub(super) fn new(
        model: &Model,
        inputs: &BTreeMap<TableName, Input>,
        mut sliced: BTreeMap<TableName, Vec<DataFile>>,
    ) -> Result<Self, BuildError> {
        let mut shared = BTreeMap::new();
        for (name, input) in inputs {
            let Some(table) = input.table.as_ref().filter(|_| input.is_direct) else { continue };
            let files = match sliced.remove(name) {
                Some(files) => Ok(files),
                None => data_files(name, table),
            };
            // Other columns than that of the keys are read of their rows only.
            let files = files.and_then(|files| Files::live(name, table, files));
            let table = Arc::new(files.map_err(BuildError::lake(&model.name))?);
            shared.insert(name.clone(), Arc::new(SharedRows { table, reads: Mutex::default() }));
        }
        Ok(Self(shared))
    }

    /// What stands for the tables in a plan.
    pub(super) fn providers(&self) -> HashMap<TableName, Arc<dyn TableProvider>> {
        let tables = self.0.iter();
        tables.map(|(name, table)| (name.clone(), Arc::clone(table) as _)).collect()
    }

    /// Reads what `frame` asks for its keys; false if that takes more than `bytes_max`.
    pub(super) async fn read(
        &self,
        frame: &DataFrame,
        lake: &Lake,
        bytes_max: usize,
    ) -> Result<bool> {
        // Whatever is asked for is asked for while the plan is made.
        frame.clone().create_physical_plan().await?;
        let mut bytes_left = bytes_max;
        for table in self.0.values() {
            if !table.read(lake, &mut bytes_left).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Lets go of what was read.
    pub(super) fn clear(&self) {
        self.0.values().for_each(|table| table.reads().clear());
    }
}

/// A table whose rows of some keys are read once.
#[derive(Debug)]
struct SharedRows {
    table: Arc<Files>,
    /// By the column that the condition names.
    reads: Mutex<BTreeMap<String, Read>>,
}

/// What is read of a table for one column of keys.
#[derive(Debug, Clone)]
struct Read {
    keys: Keys,
    columns: BTreeSet<String>,
    /// None until they are read.
    rows: Option<Arc<MemTable>>,
}

impl SharedRows {
    fn reads(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Read>> {
        self.reads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the columns that a scan asks for, or answers the rows if they have been read with all of them.
    fn asked(&self, keys: Keys, schema: &SchemaRef) -> Asked {
        let mut reads = self.reads();
        let column = keys.column().to_owned();
        let read = reads.entry(column.clone()).or_insert_with(|| Read {
            keys,
            columns: BTreeSet::from([column]),
            rows: None,
        });
        let mut columns = schema.fields().iter().map(|field| field.name());
        match &read.rows {
            None => {
                read.columns.extend(columns.cloned());
                Asked::Noted
            }
            Some(rows) if columns.all(|name| read.columns.contains(name)) => {
                Asked::Read(Arc::clone(rows))
            }
            Some(_) => Asked::Otherwise,
        }
    }

    /// Reads what was asked for; false if it takes more than the bytes that are left.
    async fn read(&self, lake: &Lake, bytes_left: &mut usize) -> Result<bool> {
        let reads = self.reads().clone();
        for (column, read) in reads {
            let rows = rows_of_keys(lake, self.table.as_ref().clone(), &read.keys).await?;
            let rows = rows.select(read.columns.iter().map(ident))?;
            let Some(rows) = held(rows, lake.options().target_partitions, bytes_left).await? else {
                return Ok(false);
            };
            if let Some(read) = self.reads().get_mut(&column) {
                read.rows = Some(Arc::new(rows));
            }
        }
        Ok(true)
    }
}

/// What becomes of a scan for some keys.
enum Asked {
    /// The rows are read later.
    Noted,
    /// From here.
    Read(Arc<MemTable>),
    /// Not all of its columns were read.
    Otherwise,
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
        let is_shared = filters.iter().any(|filter| reached(filter).is_some());
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
        let Some(keys) = filters.iter().find_map(reached) else {
            return self.table.scan(session, projection, filters, limit).await;
        };
        let schema = match projection {
            Some(columns) => Arc::new(self.schema().project(columns)?),
            None => self.schema(),
        };
        match self.asked(keys, &schema) {
            Asked::Noted => Ok(Arc::new(EmptyExec::new(schema))),
            Asked::Read(rows) => {
                let held = rows.schema();
                let places = schema.fields().iter().map(|field| held.index_of(field.name()));
                let places = places.collect::<Result<Vec<_>, _>>()?;
                rows.scan(session, Some(&places), &[], None).await
            }
            Asked::Otherwise => self.table.scan(session, projection, filters, limit).await,
        }
    }
}

/// The rows of some keys: pages of files that cannot hold any are left out.
pub(super) async fn rows_of_keys(lake: &Lake, files: Files, keys: &Keys) -> Result<DataFrame> {
    let files =
        files.of_pages(lake, keys.column(), |least, greatest| keys.any_between(least, greatest));
    bare_session(lake).read_table(Arc::new(files.await?))?.filter(keys.sought())
}

/// The rows of a frame in memory, in so many parts; none if they take more than the bytes that are left.
async fn held(frame: DataFrame, parts: usize, bytes_left: &mut usize) -> Result<Option<MemTable>> {
    let mut rows = frame.execute_stream().await?;
    let schema = rows.schema();
    let mut held: Vec<Vec<RecordBatch>> = vec![Vec::new(); parts.max(1)];
    let (mut open, mut open_rows, mut turn) = (Vec::new(), 0, 0);
    let mut close = |open: &mut Vec<RecordBatch>| {
        if let Some(part) = held.get_mut(turn) {
            part.push(concat_batches(&schema, open.iter())?);
        }
        open.clear();
        turn = (turn + 1) % parts.max(1);
        Ok::<_, datafusion::error::DataFusionError>(())
    };
    while let Some(batch) = rows.next().await {
        let batch = batch?;
        match bytes_left.checked_sub(bytes_of(&batch)) {
            Some(left) => *bytes_left = left,
            None => return Ok(None),
        }
        open_rows += batch.num_rows();
        open.push(batch);
        if open_rows >= BATCH_ROWS {
            close(&mut open)?;
            open_rows = 0;
        }
    }
    if open_rows > 0 {
        close(&mut open)?;
    }
    MemTable::try_new(schema, held).map(Some)
}
