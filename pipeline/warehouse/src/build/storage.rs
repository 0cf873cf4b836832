//! How a table's files are divided by its partition column.

use deltalake::DeltaTable;

use super::content::Part;

/// Whether a table is stored by this column and no other.
pub(crate) fn is_stored_by(table: &DeltaTable, partition: &str) -> bool {
    table.snapshot().is_ok_and(|snapshot| snapshot.metadata().partition_columns() == [partition])
}

/// The part that a file with these partition values holds; Delta stores an empty text as null.
pub(crate) fn part_of(values: impl IntoIterator<Item = (String, Option<String>)>) -> Part {
    values.into_iter().next().and_then(|(_, value)| value).filter(|value| !value.is_empty())
}
