//! Tables kept in memory for questions that come all day.
//!
//! Reports read a few small tables again and again, which change with a build. Decoding their files and
//! planning the read takes longer than answering. A table is kept in the version it was read in, so an answer
//! is always of the version that it would have read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::RecordBatch;
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use datafusion::error::DataFusionError;
use deltalake::DeltaTable;
use futures::StreamExt;

use super::catalog::external;
use super::session::{bare_session, provider};
use super::{QueryError, QueryScope};
use crate::lake::{Lake, LakeError, TableName};

/// A table may take half of the room, so that one does not push out all others.
const TABLE_PART: usize = 2;

/// Tables in memory; one for all scopes of a process.
#[derive(Debug)]
pub struct HotTables {
    bytes_max: usize,
    held: Mutex<Held>,
    /// One table is read at a time, so that two questions do not read the same.
    reading: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Held {
    tables: HashMap<TableName, HotTable>,
    /// Rises with every use.
    uses: u64,
}

#[derive(Debug)]
struct HotTable {
    version: Version,
    used: u64,
    /// None: it was too large in this version.
    rows: Option<Rows>,
}

#[derive(Debug, Clone)]
struct Rows {
    table: Arc<MemTable>,
    bytes: usize,
}

/// A table that was removed and made anew begins to count versions anew.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Version {
    id: String,
    number: Option<u64>,
}

impl HotTables {
    /// Keeps at most so many bytes of tables, each at most half of it.
    pub fn new(bytes_max: usize) -> Self {
        Self { bytes_max, held: Mutex::default(), reading: tokio::sync::Mutex::default() }
    }

    /// The bytes that are held.
    pub fn bytes(&self) -> usize {
        self.locked().bytes()
    }

    /// The table from memory, read first if need be; from its files if it is too large.
    pub(super) async fn provider(
        &self,
        lake: &Lake,
        name: &TableName,
        table: &DeltaTable,
    ) -> Result<Arc<dyn TableProvider>, DataFusionError> {
        let from_files = || provider(name, table).map_err(external);
        let snapshot =
            table.snapshot().map_err(LakeError::delta("read", name)).map_err(external)?;
        let stored = stored_bytes(name, table).map_err(external)?;
        let bytes_max = self.bytes_max / TABLE_PART;
        // Decoded it takes more than its files do.
        if stored > bytes_max {
            return from_files();
        }
        let version = Version { id: snapshot.metadata().id().to_owned(), number: table.version() };
        let known = self.locked().find(name, &version);
        if let Some(rows) = known {
            return rows.map_or_else(from_files, |rows| Ok(rows.table as _));
        }
        let _one_at_a_time = self.reading.lock().await;
        let known = self.locked().find(name, &version);
        let rows = match known {
            Some(rows) => rows,
            None => {
                let rows = read(lake, from_files()?, bytes_max).await?;
                self.locked().put(name, version, rows.clone(), self.bytes_max);
                rows
            }
        };
        rows.map_or_else(from_files, |rows| Ok(rows.table as _))
    }

    /// Reads tables before anyone asks, those behind views for the views; the smallest first, as long as half of the room is free:
    /// what is asked for later finds the rest.
    ///
    /// # Errors
    ///
    /// A table that cannot be read. One that is not there is left out.
    pub async fn warm(
        &self,
        scope: &QueryScope,
        names: impl IntoIterator<Item = TableName>,
    ) -> Result<(), QueryError> {
        let lake = scope.lake();
        let mut tables = Vec::new();
        for name in scope.graph().stored(names.into_iter().collect()) {
            let Some(table) = lake.table(&name).await? else { continue };
            tables.push((stored_bytes(&name, &table)?, name, table));
        }
        tables.sort_by_key(|(stored, _, _)| *stored);
        for (_, name, table) in tables {
            if self.bytes() >= self.bytes_max / TABLE_PART && !self.locked().holds(&name) {
                continue;
            }
            self.provider(lake, &name, &table).await.map_err(QueryError::run)?;
        }
        Ok(())
    }

    /// Whoever stopped halfway left whole entries.
    fn locked(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn bytes(&self) -> usize {
        self.tables.values().filter_map(|table| Some(table.rows.as_ref()?.bytes)).sum()
    }

    /// Whether some version of it is in memory.
    fn holds(&self, name: &TableName) -> bool {
        self.tables.get(name).is_some_and(|table| table.rows.is_some())
    }

    /// What is known of this version: its rows, or that they are too many.
    fn find(&mut self, name: &TableName, version: &Version) -> Option<Option<Rows>> {
        self.uses += 1;
        let table = self.tables.get_mut(name).filter(|table| table.version == *version)?;
        table.used = self.uses;
        Some(table.rows.clone())
    }

    fn put(&mut self, name: &TableName, version: Version, rows: Option<Rows>, bytes_max: usize) {
        self.uses += 1;
        let table = HotTable { version, used: self.uses, rows };
        self.tables.insert(name.clone(), table);
        while self.bytes() > bytes_max
            && let Some(oldest) = self.least_used()
        {
            self.tables.remove(&oldest);
        }
    }

    fn least_used(&self) -> Option<TableName> {
        let held = self.tables.iter().filter(|(_, table)| table.rows.is_some());
        held.min_by_key(|(_, table)| table.used).map(|(name, _)| name.clone())
    }
}

/// What the files of a table take.
fn stored_bytes(name: &TableName, table: &DeltaTable) -> Result<usize, LakeError> {
    let snapshot = table.snapshot().map_err(LakeError::delta("read", name))?;
    Ok(snapshot.log_data().iter().map(|file| file.size() as usize).sum())
}

/// The rows of a table, none if they take more than so many bytes.
async fn read(
    lake: &Lake,
    files: Arc<dyn TableProvider>,
    bytes_max: usize,
) -> Result<Option<Rows>, DataFusionError> {
    let mut stream = bare_session(lake).read_table(files)?.execute_stream().await?;
    let mut parts: Vec<Vec<RecordBatch>> =
        vec![Vec::new(); lake.options().target_partitions.max(1)];
    let (mut bytes, mut turn) = (0, 0);
    while let Some(batch) = stream.next().await {
        let batch = batch?;
        bytes += batch.get_array_memory_size();
        if bytes > bytes_max {
            return Ok(None);
        }
        if let Some(part) = parts.get_mut(turn) {
            part.push(batch);
        }
        turn = (turn + 1) % parts.len();
    }
    let table = Arc::new(MemTable::try_new(stream.schema(), parts)?);
    Ok(Some(Rows { table, bytes }))
}

impl QueryScope {
    /// This scope, reading tables of the lake through those in memory.
    pub fn with_hot_tables(&self, hot: Arc<HotTables>) -> Self {
        self.changed(|inner| inner.hot = Some(hot))
    }
}
