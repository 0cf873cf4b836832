//! What a query may read besides the lake's own tables.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;

use crate::lake::TableName;

/// A stream as every configured system of one kind delivers it.
///
/// It is read as `current.<kind>__<stream>`: the current version of every key of every system, the
/// system's name first. Rows whose `_op` is `delete` are among them.
#[derive(Debug, Clone)]
pub struct CurrentStream {
    /// The kind of system.
    pub kind: String,
    /// The stream.
    pub stream: String,
    /// The stream's declared columns, without the engine's own `_key`, `_hash` and so on.
    pub schema: SchemaRef,
    /// The configured systems of this kind, in order.
    pub systems: Vec<String>,
}

/// A table that lives in memory.
#[derive(Debug, Clone)]
pub struct MemorySource {
    /// Its name, for instance `rules.diversion`.
    pub name: TableName,
    /// Its columns.
    pub schema: SchemaRef,
    /// Its rows.
    pub batches: Vec<RecordBatch>,
    /// Changes whenever the rows do; models that read the table are then built anew.
    pub version: String,
}

/// A table of the lake that reads as empty until something is landed.
#[derive(Debug, Clone)]
pub struct DeclaredTable {
    /// Its name, for instance `raw.scans__event`.
    pub name: TableName,
    /// Its columns.
    pub schema: SchemaRef,
}

/// Everything a query may read besides tables of the lake that exist already.
#[derive(Debug, Clone, Default)]
pub struct QuerySources {
    /// Streams of systems, in any order.
    pub current: Vec<CurrentStream>,
    /// Tables in memory.
    pub memory: Vec<MemorySource>,
    /// Tables that may not exist yet.
    pub declared: Vec<DeclaredTable>,
}

impl QuerySources {
    pub(crate) fn current(&self, table: &str) -> Option<&CurrentStream> {
        self.current.iter().find(|stream| {
            table
                .split_once("__")
                .is_some_and(|(kind, name)| stream.kind == kind && stream.stream == name)
        })
    }

    pub(crate) fn memory(&self, name: &TableName) -> Option<&MemorySource> {
        self.memory.iter().find(|source| source.name == *name)
    }

    pub(crate) fn declared(&self, name: &TableName) -> Option<&DeclaredTable> {
        self.declared.iter().find(|source| source.name == *name)
    }
}
