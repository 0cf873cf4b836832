//! How a table's files are divided by its partition column.

use deltalake::DeltaTable;

use super::chunks::Chunk;
use crate::lake::{DataFile, LakeError, TableName, data_files};

/// Whether a table is stored by this column and no other.
pub(crate) fn is_stored_by(table: &DeltaTable, partition: &str) -> bool {
    table.snapshot().is_ok_and(|snapshot| snapshot.metadata().partition_columns() == [partition])
}

/// The files that hold a piece of a table.
pub(crate) fn files_of(
    name: &TableName,
    table: &DeltaTable,
    chunk: &Chunk,
) -> Result<Vec<DataFile>, LakeError> {
    let mut files = data_files(name, table)?;
    files.retain(|file| chunk.holds(&file.part));
    Ok(files)
}
