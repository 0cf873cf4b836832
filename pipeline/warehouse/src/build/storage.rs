//! How a table's files are divided by its partition column.

use deltalake::DeltaTable;

/// Whether a table is stored by this column and no other.
pub(crate) fn is_stored_by(table: &DeltaTable, partition: &str) -> bool {
    table.snapshot().is_ok_and(|snapshot| snapshot.metadata().partition_columns() == [partition])
}
