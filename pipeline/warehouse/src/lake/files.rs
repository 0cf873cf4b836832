//! The data files that a version of a table names.

use deltalake::DeltaTable;
use deltalake::kernel::{Add, DeletionVectorDescriptor, LogicalFileView};
use serde_json::Value;

use super::{LakeError, TableName};

/// A partition's value; none for nulls and for tables without partitions.
pub(crate) type Part = Option<String>;

/// A data file that a version of a table names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DataFile {
    /// Where it lies in the table's folder.
    pub(crate) path: String,
    /// The value of the partition column in all of its rows.
    pub(crate) part: Part,
    pub(crate) bytes: u64,
    /// Its rows, those included that are rows of the table no more.
    pub(crate) rows: u64,
    pub(crate) modified_ms: i64,
    /// The rows that are rows of the table no more.
    pub(crate) deleted: Option<DeletionVectorDescriptor>,
}

impl DataFile {
    fn of(view: &LogicalFileView) -> Self {
        Self {
            path: view.path().into_owned(),
            part: part_of(view.partition_values_map()),
            bytes: u64::try_from(view.size()).unwrap_or_default(),
            rows: view.num_records().unwrap_or_default() as u64,
            modified_ms: view.modification_time(),
            deleted: view.deletion_vector_descriptor(),
        }
    }

    /// How many rows are rows of the table no more.
    pub(crate) fn deleted_rows(&self) -> u64 {
        let deleted = self.deleted.as_ref().map_or(0, |deleted| deleted.cardinality);
        u64::try_from(deleted).unwrap_or_default()
    }

    /// How many rows of the table it holds.
    pub(crate) fn live_rows(&self) -> u64 {
        self.rows.saturating_sub(self.deleted_rows())
    }
}

/// All data files of a table as it was loaded.
pub(crate) fn data_files(name: &TableName, table: &DeltaTable) -> Result<Vec<DataFile>, LakeError> {
    let snapshot = table.snapshot().map_err(LakeError::delta("read", name))?;
    Ok(snapshot.log_data().iter().map(|view| DataFile::of(&view)).collect())
}

/// Whether some rows of a table's files are rows of it no more.
pub(crate) fn has_deletions(name: &TableName, table: &DeltaTable) -> Result<bool, LakeError> {
    let snapshot = table.snapshot().map_err(LakeError::delta("read", name))?;
    let log = snapshot.log_data();
    Ok(log.iter().any(|view| view.deletion_vector_descriptor().is_some()))
}

/// The part that a file with these partition values holds; Delta stores an empty text as null.
pub(crate) fn part_of(values: impl IntoIterator<Item = (String, Option<String>)>) -> Part {
    values.into_iter().next().and_then(|(_, value)| value).filter(|value| !value.is_empty())
}

/// The action that names a file again, with other rows deleted.
pub(crate) fn with_deleted(view: &LogicalFileView, deleted: DeletionVectorDescriptor) -> Add {
    Add {
        path: view.path().into_owned(),
        partition_values: view.partition_values_map(),
        size: view.size(),
        modification_time: view.modification_time(),
        data_change: true,
        stats: view.stats().map(with_loose_bounds),
        deletion_vector: Some(deleted),
        ..Add::default()
    }
}

/// The bounds of a file's values may be those of deleted rows (Delta protocol, "Per-file Statistics").
fn with_loose_bounds(stats: String) -> String {
    let parsed = serde_json::from_str::<serde_json::Map<String, Value>>(&stats);
    let Ok(mut fields) = parsed else { return stats };
    fields.insert("tightBounds".to_owned(), Value::Bool(false));
    Value::Object(fields).to_string()
}
