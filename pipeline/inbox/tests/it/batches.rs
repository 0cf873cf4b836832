//! Batches that can be told apart, and inboxes of them.

use std::sync::Arc;

use arrow::array::{AsArray, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use yuanliu_inbox::{Inbox, InboxError, InboxOptions, Recovery};

use crate::disk::Sim;

pub(crate) fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int64, false),
        Field::new("text", DataType::Utf8, true),
        Field::new("never", DataType::Utf8, true),
    ]))
}

/// One row for each id.
pub(crate) fn batch(ids: &[i64]) -> RecordBatch {
    let texts: StringArray =
        ids.iter().map(|id| (id % 3 != 0).then(|| "x".repeat(*id as usize % 40))).collect();
    let never = StringArray::new_null(ids.len());
    let columns: Vec<arrow::array::ArrayRef> =
        vec![Arc::new(Int64Array::from(ids.to_vec())), Arc::new(texts), Arc::new(never)];
    RecordBatch::try_new(schema(), columns).unwrap()
}

pub(crate) fn ids(batch: &RecordBatch) -> Vec<i64> {
    batch.column_by_name("id").unwrap().as_primitive::<Int64Type>().values().to_vec()
}

/// Segments of a few frames.
pub(crate) fn options() -> InboxOptions {
    InboxOptions { segment_bytes: 4_096, ..InboxOptions::new("inbox", schema()) }
}

pub(crate) fn open(disk: &Sim, options: InboxOptions) -> Result<(Inbox, Recovery), InboxError> {
    Inbox::open_on(Arc::new(disk.clone()), options)
}

/// Everything that is pending, as sequence and ids.
pub(crate) fn pending(inbox: &Inbox) -> Result<Vec<(u64, Vec<i64>)>, InboxError> {
    let mut all: Vec<(u64, Vec<i64>)> = Vec::new();
    loop {
        let after = all.last().map_or(0, |(sequence, _)| *sequence);
        let read = inbox.read_after(after, 7)?;
        if read.is_empty() {
            return Ok(all);
        }
        all.extend(read.iter().map(|(sequence, batch)| (*sequence, ids(batch))));
    }
}

pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}
