//! PostgreSQL's binary COPY format.

use anyhow::Result;
use arrow::array::{Array, RecordBatch};

use super::columns::{COLUMNS, Values, codes, values};

/// Signature, no flags, no extension.
pub(super) const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
pub(super) const TRAILER: &[u8] = &(-1_i16).to_be_bytes();

/// 2000-01-01, from which PostgreSQL counts, in microseconds since 1970 UTC.
const EPOCH_US: i64 = 946_684_800_000_000;

/// Rows of the event table, numbered from `first`.
pub(super) fn events(batch: &RecordBatch, first: i64) -> Result<Vec<u8>> {
    let columns = values(batch)?;
    let mut out = Vec::with_capacity(batch.num_rows() * 400);
    for (row, number) in (0..batch.num_rows()).zip(first..) {
        out.extend_from_slice(&(COLUMNS.len() as i16 + 1).to_be_bytes());
        put(&mut out, &number.to_be_bytes());
        for column in &columns {
            match column {
                Values::Text(texts) if texts.is_valid(row) => {
                    put(&mut out, texts.value(row).as_bytes());
                }
                Values::Instant(instants) if instants.is_valid(row) => {
                    put(&mut out, &(instants.value(row) - EPOCH_US).to_be_bytes());
                }
                Values::Double(doubles) if doubles.is_valid(row) => {
                    put(&mut out, &doubles.value(row).to_be_bytes());
                }
                Values::Whole(wholes) if wholes.is_valid(row) => {
                    put(&mut out, &wholes.value(row).to_be_bytes());
                }
                _ => out.extend_from_slice(&(-1_i32).to_be_bytes()),
            }
        }
    }
    Ok(out)
}

/// Rows of the code table for the events that `keep` holds.
pub(super) fn event_codes(
    batch: &RecordBatch,
    first: i64,
    keep: impl Fn(i64) -> bool,
) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    for (code, row) in codes(batch)? {
        let number = first + row as i64;
        if keep(number) {
            out.extend_from_slice(&2_i16.to_be_bytes());
            put(&mut out, code.as_bytes());
            put(&mut out, &number.to_be_bytes());
        }
    }
    Ok(out)
}

fn put(out: &mut Vec<u8>, value: &[u8]) {
    out.extend_from_slice(&(value.len() as i32).to_be_bytes());
    out.extend_from_slice(value);
}
