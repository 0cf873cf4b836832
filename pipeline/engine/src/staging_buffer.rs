//! Rows read but not yet landed, and the choice of those that changed.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, AsArray, BooleanArray, Int64Array, StringArray, TimestampMicrosecondArray,
};
use arrow::compute::{cast, filter, filter_record_batch};
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
    parts: Vec<Part>,
    rows: usize,
    bytes: usize,
}

/// One page's rows with what they are compared by.
struct Part {
    batch: RecordBatch,
    keys: StringArray,
    hashes: StringArray,
    changed_at: TimestampMicrosecondArray,
}

impl StagingBuffer {
    /// Adds a page's typed rows.
    pub fn push(&mut self, spec: &StreamSpec, batch: RecordBatch) -> Result<(), ArrowError> {
        let keys = fingerprint::keys(&batch, &spec.key)?;
        let hashes = fingerprint::hashes(&batch)?;
        let changed_at = changed_at(spec, &batch)?;
        self.rows += batch.num_rows();
        self.bytes += batch.get_array_memory_size();
        self.parts.push(Part { batch, keys, hashes, changed_at });
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

    /// The keys of the rows that wait, each with the least time of change of its rows in µs; none
    /// if one of them has none.
    pub fn key_changes(&self) -> HashMap<String, Option<i64>> {
        let mut changes: HashMap<String, Option<i64>> = HashMap::with_capacity(self.rows);
        for part in &self.parts {
            for (key, changed) in part.keys.iter().zip(&part.changed_at) {
                let Some(key) = key else { continue };
                match changes.get_mut(key) {
                    Some(least) => *least = changed.min(*least),
                    None => {
                        changes.insert(key.to_owned(), changed);
                    }
                }
            }
        }
        changes
    }

    /// Empties the buffer into raw batches that hold only rows differing from `current`, with the
    /// meta columns of a raw table: at least one batch, so that the columns are told. Within the
    /// buffer a later row of a key counts as newer.
    pub fn drain_changed(
        &mut self,
        spec: &StreamSpec,
        current: &HashMap<String, String>,
        sequence: i64,
        landed_at: DateTime<Utc>,
    ) -> Result<Vec<RecordBatch>, ArrowError> {
        let parts = std::mem::take(&mut self.parts);
        let mut newest: HashMap<&str, &str, foldhash::fast::RandomState> =
            HashMap::with_capacity_and_hasher(self.rows, Default::default());
        (self.rows, self.bytes) = (0, 0);
        let schema = raw_schema(spec);
        let mut landing = Landing { schema, first_seq: first_sequence(sequence), landed_at };
        let mut batches = Vec::with_capacity(parts.len());
        for part in &parts {
            let rows = part.keys.iter().flatten().zip(part.hashes.iter().flatten());
            let changed: BooleanArray = rows
                .map(|(key, hash)| {
                    let earlier = newest.insert(key, hash);
                    let known = earlier.or_else(|| current.get(key).map(String::as_str));
                    Some(known != Some(hash))
                })
                .collect();
            match changed.true_count() {
                0 => {}
                count if count == part.batch.num_rows() => batches.push(landing.raw(part)?),
                _ => batches.push(landing.raw(&part.filtered(&changed)?)?),
            }
        }
        if batches.is_empty() {
            batches.push(RecordBatch::new_empty(landing.schema));
        }
        Ok(batches)
    }
}

impl Part {
    fn filtered(&self, kept: &BooleanArray) -> Result<Self, ArrowError> {
        Ok(Self {
            batch: filter_record_batch(&self.batch, kept)?,
            keys: filter(&self.keys, kept)?.as_string().clone(),
            hashes: filter(&self.hashes, kept)?.as_string().clone(),
            changed_at: filter(&self.changed_at, kept)?.as_primitive().clone(),
        })
    }
}

/// When the rows changed, as far as the stream says.
fn changed_at(
    spec: &StreamSpec,
    batch: &RecordBatch,
) -> Result<TimestampMicrosecondArray, ArrowError> {
    match spec.change.as_ref().and_then(|name| batch.column_by_name(name)) {
        Some(column) => Ok(cast(column, &timestamp_type())?.as_primitive().clone()),
        None => Ok(TimestampMicrosecondArray::new_null(batch.num_rows()).with_timezone("UTC")),
    }
}

/// What the raw rows of one landing share.
struct Landing {
    schema: SchemaRef,
    first_seq: i64,
    landed_at: DateTime<Utc>,
}

impl Landing {
    fn raw(&mut self, part: &Part) -> Result<RecordBatch, ArrowError> {
        let count = part.batch.num_rows();
        let landed =
            TimestampMicrosecondArray::from_value(self.landed_at.timestamp_micros(), count)
                .with_timezone("UTC");
        let seqs = Int64Array::from_iter_values((0..count as i64).map(|row| self.first_seq + row));
        self.first_seq += count as i64;
        let mut columns = part.batch.columns().to_vec();
        columns.extend([
            Arc::new(part.keys.clone()) as ArrayRef,
            Arc::new(part.hashes.clone()),
            Arc::new(StringArray::from_iter_values(std::iter::repeat_n("upsert", count))),
            Arc::new(part.changed_at.clone()),
            Arc::new(landed),
            Arc::new(seqs),
        ]);
        RecordBatch::try_new(Arc::clone(&self.schema), columns)
    }
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
