//! Rows that say that a row vanished.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, StringArray, TimestampMicrosecondArray};
use arrow::compute::concat_batches;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use chrono::{DateTime, Utc};

use crate::staging_buffer::first_sequence;

/// The last versions of rows once more, as deleted: a vanished document keeps its content, so that
/// what was shipped on it can still be told. None if there is no row.
///
/// The hash is null: a row that comes back is landed again even if nothing else about it changed.
pub(crate) fn tombstones(
    rows: &[RecordBatch],
    sequence: i64,
    landed_at: DateTime<Utc>,
) -> Result<Option<RecordBatch>, ArrowError> {
    let Some(first) = rows.first() else { return Ok(None) };
    let all = concat_batches(&first.schema(), rows)?;
    let count = all.num_rows();
    if count == 0 {
        return Ok(None);
    }
    let schema = all.schema();
    let start = first_sequence(sequence);
    let columns = schema.fields().iter().zip(all.columns()).map(|(field, column)| {
        let replaced: ArrayRef = match field.name().as_str() {
            "_op" => Arc::new(StringArray::from(vec!["delete"; count])),
            "_hash" => Arc::new(StringArray::new_null(count)),
            "_landed_at" => Arc::new(
                TimestampMicrosecondArray::from_value(landed_at.timestamp_micros(), count)
                    .with_timezone("UTC"),
            ),
            "_seq" => Arc::new(Int64Array::from_iter_values(start..start + count as i64)),
            _ => Arc::clone(column),
        };
        replaced
    });
    RecordBatch::try_new(schema.clone(), columns.collect()).map(Some)
}
