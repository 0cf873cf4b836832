//! What can go wrong between the process and the lake's folder.

use std::path::PathBuf;

use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use deltalake::DeltaTableError;

use super::TableName;

/// A failure of the lake; each says what was being done to which table.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// A text is no table name.
    #[error(
        "`{text}` is no table name: write schema.table in lower-case letters, digits, `_` or `-`"
    )]
    Name {
        /// As given.
        text: String,
    },
    /// Another process writes this lake.
    #[error(
        "lake {root} is being written by another process ({holder}): wait until it ends or stop \
         it, then run the command again", root = root.display()
    )]
    Locked {
        /// The lake's folder.
        root: PathBuf,
        /// What the lock file says about the holder.
        holder: String,
    },
    /// The lake was opened for reading.
    #[error("cannot write {table}: the lake was opened for reading only")]
    ReadOnly {
        /// The table.
        table: TableName,
    },
    /// The file system refused.
    #[error("cannot {action} {path}", path = path.display())]
    File {
        /// What was being done.
        action: &'static str,
        /// To which file or folder.
        path: PathBuf,
        /// The error below.
        source: std::io::Error,
    },
    /// Delta refused.
    #[error("cannot {action} table {table}")]
    Delta {
        /// What was being done.
        action: &'static str,
        /// To which table.
        table: TableName,
        /// The error below.
        source: Box<DeltaTableError>,
    },
    /// The query engine refused.
    #[error("cannot {action} table {table}")]
    Scan {
        /// What was being done.
        action: &'static str,
        /// To which table.
        table: TableName,
        /// The error below.
        source: Box<DataFusionError>,
    },
    /// The query engine could not be set up.
    #[error("cannot set up the query engine for lake {root}", root = root.display())]
    Engine {
        /// The lake's folder.
        root: PathBuf,
        /// The error below.
        source: Box<DataFusionError>,
    },
    /// A column has a type that Delta cannot keep.
    #[error("column `{column}` of {table} has type {given}, which the lake cannot store: cast it")]
    Unstorable {
        /// The table.
        table: TableName,
        /// The column.
        column: String,
        /// Its type.
        given: Box<DataType>,
    },
    /// Two columns share a name.
    #[error("table {table} would have two columns `{column}`: rename one")]
    DuplicateColumn {
        /// The table.
        table: TableName,
        /// The column.
        column: String,
    },
    /// A column's type differs from what the table holds.
    #[error(
        "column `{column}` of {table} holds {stored} but {given} was given: convert it at its \
         source, or move the table away and read the stream again from the start"
    )]
    TypeChanged {
        /// The table.
        table: TableName,
        /// The column.
        column: String,
        /// The type in the lake.
        stored: Box<DataType>,
        /// The type of the new rows.
        given: Box<DataType>,
    },
    /// A first landing came without a batch, so that the columns are unknown.
    #[error("table {table} does not exist yet: its first landing needs a batch, rows or not")]
    NoSchema {
        /// The table.
        table: TableName,
    },
    /// The position is not after the last one.
    #[error("landing {sequence} of {table} has already landed: the last one is {last}")]
    AlreadyLanded {
        /// The table.
        table: TableName,
        /// The one refused.
        sequence: i64,
        /// The last one in the table.
        last: i64,
    },
    /// The file that says which rows of another are deleted cannot be understood.
    #[error(
        "cannot use deletion vector {path}: {reason}; move the folder of its table away, then build it \
         again", path = path.display()
    )]
    DeletionVector {
        /// Its file, or its table's folder.
        path: PathBuf,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Values could not be converted.
    #[error("cannot {action} rows of {table}")]
    Arrow {
        /// What was being done.
        action: &'static str,
        /// The table.
        table: TableName,
        /// The error below.
        source: Box<ArrowError>,
    },
}

impl LakeError {
    pub(crate) fn delta(
        action: &'static str,
        table: &TableName,
    ) -> impl FnOnce(DeltaTableError) -> Self {
        let table = table.clone();
        move |source| Self::Delta { action, table, source: Box::new(source) }
    }

    pub(crate) fn scan(
        action: &'static str,
        table: &TableName,
    ) -> impl FnOnce(DataFusionError) -> Self {
        let table = table.clone();
        move |source| Self::Scan { action, table, source: Box::new(source) }
    }

    pub(crate) fn arrow(
        action: &'static str,
        table: &TableName,
    ) -> impl FnOnce(ArrowError) -> Self {
        let table = table.clone();
        move |source| Self::Arrow { action, table, source: Box::new(source) }
    }

    pub(crate) fn file(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { action, path, source }
    }
}
