//! How much memory rows take.

use arrow::array::{Array, ArrayRef, RecordBatch};

/// What the rows of a batch take; batches that are parts of one array share its buffers.
pub(crate) fn bytes_of(batch: &RecordBatch) -> usize {
    let of_column = |column: &ArrayRef| {
        let bytes = column.to_data().get_slice_memory_size();
        bytes.unwrap_or_else(|_| column.get_array_memory_size())
    };
    batch.columns().iter().map(of_column).sum()
}
