//! Rows read but not yet landed, and the choice of those that changed.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int64Array, StringArray, TimestampMicrosecondArray,
    UInt64Array,
};
use arrow::compute::{cast, concat, concat_batches, filter_record_batch, take};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use chrono::{DateTime, Utc};
use yuanliu_contract::StreamSpec;

use crate::fingerprint;

/// `_seq` leaves this many bits for the row within one landing.
const SEQ_ROW_BITS: u32 = 20;

/// The `_seq` of a landing's first row.
pub(crate) fn first_sequence(landing: i64) -> i64 {
    landing << SEQ_ROW_BITS
}

/// One landing holds at most this many rows, so that `_seq` stays unique.
pub const LANDING_ROWS_MAX: usize = 1 << SEQ_ROW_BITS;

/// Rows of one stream waiting for the next landing. Bounded by the run's landing size.
#[derive(Default)]
pub struct StagingBuffer {
    batches: Vec<RecordBatch>,
    keys: Vec<StringArray>,
    hashes: Vec<StringArray>,
    rows: usize,
    bytes: usize,
}

impl StagingBuffer {
    /// Adds a page's typed rows.
    pub fn push(&mut self, spec: &StreamSpec, batch: RecordBatch) -> Result<(), ArrowError> {
        self.keys.push(fingerprint::keys(&batch, &spec.key)?);
        self.hashes.push(fingerprint::hashes(&batch)?);
        self.rows += batch.num_rows();
        self.bytes += batch.get_array_memory_size();
        self.batches.push(batch);
        Ok(())
    }

    /// How many bytes the rows take that wait, keys and hashes not counted.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many rows wait.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The keys of the rows that wait.
    pub fn key_set(&self) -> HashSet<String> {
        self.keys.iter().flat_map(|keys| keys.iter().flatten().map(str::to_owned)).collect()
    }

    /// Empties the buffer into one raw batch that holds only rows differing from `current`, with
    /// the meta columns of a raw table. Within the buffer a later row of a key counts as newer.
    pub fn drain_changed(
        &mut self,
        spec: &StreamSpec,
        current: &HashMap<String, String>,
        sequence: i64,
        landed_at: DateTime<Utc>,
    ) -> Result<RecordBatch, ArrowError> {
        let batches = std::mem::take(&mut self.batches);
        let keys = joined(&std::mem::take(&mut self.keys))?;
        let hashes = joined(&std::mem::take(&mut self.hashes))?;
        (self.rows, self.bytes) = (0, 0);
        let all = concat_batches(&spec.schema, &batches)?;
        let mut newest: HashMap<&str, &str> = HashMap::new();
        let changed: BooleanArray = keys
            .iter()
            .flatten()
            .zip(hashes.iter().flatten())
            .map(|(key, hash)| {
                let known = newest.get(key).copied().or(current.get(key).map(String::as_str));
                newest.insert(key, hash);
                Some(known != Some(hash))
            })
            .collect();
        let kept: UInt64Array = changed
            .iter()
            .enumerate()
            .filter_map(|(row, keep)| keep.unwrap_or(false).then_some(row as u64))
            .collect();
        let rows = filter_record_batch(&all, &changed)?;
        with_meta(
            spec,
            rows,
            take(&keys, &kept, None)?,
            take(&hashes, &kept, None)?,
            sequence,
            landed_at,
        )
    }
}

fn joined(parts: &[StringArray]) -> Result<StringArray, ArrowError> {
    let parts: Vec<&dyn Array> = parts.iter().map(|part| part as &dyn Array).collect();
    if parts.is_empty() {
        return Ok(StringArray::new_null(0));
    }
    Ok(concat(&parts)?.as_string().clone())
}

fn with_meta(
    spec: &StreamSpec,
    rows: RecordBatch,
    keys: ArrayRef,
    hashes: ArrayRef,
    sequence: i64,
    landed_at: DateTime<Utc>,
) -> Result<RecordBatch, ArrowError> {
    let count = rows.num_rows();
    let changed_at = match spec.change.as_ref().and_then(|name| rows.column_by_name(name)) {
        Some(column) => cast(column, &timestamp_type())?,
        None => Arc::new(TimestampMicrosecondArray::new_null(count).with_timezone("UTC")),
    };
    let landed = TimestampMicrosecondArray::from_value(landed_at.timestamp_micros(), count)
        .with_timezone("UTC");
    let seqs =
        Int64Array::from_iter_values((0..count as i64).map(|row| first_sequence(sequence) + row));
    let mut columns = rows.columns().to_vec();
    columns.extend([
        keys,
        hashes,
        Arc::new(StringArray::from(vec!["upsert"; count])) as ArrayRef,
        changed_at,
        Arc::new(landed),
        Arc::new(seqs),
    ]);
    RecordBatch::try_new(raw_schema(spec), columns)
}

fn timestamp_type() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

/// The schema of a stream's raw table: its own columns, all nullable, then the meta columns.
pub fn raw_schema(spec: &StreamSpec) -> SchemaRef {
    let own = spec.schema.fields().iter().map(|f| f.as_ref().clone().with_nullable(true));
    let meta = [
        Field::new("_key", DataType::Utf8, true),
        Field::new("_hash", DataType::Utf8, true),
        Field::new("_op", DataType::Utf8, true),
        Field::new("_changed_at", timestamp_type(), true),
        Field::new("_landed_at", timestamp_type(), true),
        Field::new("_seq", DataType::Int64, true),
    ];
    Arc::new(Schema::new(own.chain(meta).collect::<Vec<_>>()))
}
