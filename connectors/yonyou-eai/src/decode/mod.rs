//! From texts to typed columns; a row with one bad value is kept whole as a reject.

mod columns;
mod time;
mod value;

use arrow::record_batch::RecordBatch;
use chrono_tz::Tz;
use yuanliu_contract::{ConnectorError, DecodedRows, ErrorKind, RejectedRow, Result};

use crate::catalog::{ENTRY, Field, Stream};
use crate::row::{Row, scalar};
use columns::Column;
use value::Value;

/// As much of a bad value as a message repeats.
const SHOWN_CHARS_MAX: usize = 60;

/// Types rows of one stream.
pub(crate) struct RowDecoder<'s> {
    stream: &'s Stream,
    zone: Tz,
    columns: Vec<Column>,
    rejects: Vec<RejectedRow>,
    seen: usize,
}

impl<'s> RowDecoder<'s> {
    /// A decoder that expects about `rows` rows.
    pub(crate) fn new(stream: &'s Stream, zone: Tz, rows: usize) -> Result<Self> {
        let columns = stream.fields.iter().map(|field| Column::new(field.kind, rows));
        let columns: std::result::Result<Vec<_>, _> = columns.collect();
        Ok(Self {
            stream,
            zone,
            columns: columns.map_err(|source| internal(stream, source))?,
            rejects: Vec::new(),
            seen: 0,
        })
    }

    /// Types one row, or keeps it as a reject.
    pub(crate) fn push(&mut self, row: &Row) {
        self.seen += 1;
        let mut values = Vec::with_capacity(self.stream.fields.len());
        for field in &self.stream.fields {
            let cell = cell(row, field);
            match value::read(field.kind, cell.clone(), self.zone) {
                Ok(value) => values.push(value),
                Err((reason, wanted)) => {
                    let shown: String =
                        cell.unwrap_or_default().chars().take(SHOWN_CHARS_MAX).collect();
                    let message = format!("{} holds {shown:?}, should be {wanted}", field.key);
                    return self.reject(reason, message, row);
                }
            }
        }
        // A line's place names no document: the first column of the key must.
        let key = self.stream.key.first();
        let key_at = self.stream.fields.iter().position(|field| Some(&field.key) == key);
        if key_at.and_then(|at| values.get(at)).is_none_or(|value| *value == Value::Null) {
            let message = format!("{} is empty", key.map_or("", String::as_str));
            return self.reject("bad_key", message, row);
        }
        for (column, value) in self.columns.iter_mut().zip(&values) {
            column.push(value);
        }
    }

    fn reject(&mut self, reason: &'static str, message: String, row: &Row) {
        let keys = self.stream.key.iter().filter_map(|key| row.get(key).and_then(scalar));
        let key = keys.collect::<Vec<_>>().join("/");
        let position =
            if key.is_empty() { format!("row={}", self.seen) } else { format!("key={key}") };
        self.rejects.push(RejectedRow { reason, message, payload: payload(row), position });
    }

    /// The rows typed so far.
    pub(crate) fn finish(self) -> Result<DecodedRows> {
        let arrays = self.columns.into_iter().map(Column::finish).collect();
        let batch = RecordBatch::try_new(self.stream.schema(), arrays)
            .map_err(|source| internal(self.stream, source))?;
        Ok(DecodedRows { batch, rejects: self.rejects })
    }
}

/// A row as received, as JSON text; its line under `entry`.
pub(crate) fn payload(row: &Row) -> String {
    serde_json::Value::Object(row.clone()).to_string()
}

/// Types payloads that were kept with rejects.
pub(crate) fn decode_payloads(
    stream: &Stream,
    zone: Tz,
    payloads: &[String],
) -> Result<DecodedRows> {
    let mut decoder = RowDecoder::new(stream, zone, payloads.len())?;
    for text in payloads {
        match serde_json::from_str::<Row>(text) {
            Ok(row) => decoder.push(&row),
            Err(error) => {
                decoder.seen += 1;
                let message = format!("the payload is not an object by field: {error}");
                let position = format!("row={}", decoder.seen);
                let payload = text.clone();
                decoder.rejects.push(RejectedRow {
                    reason: "bad_payload",
                    message,
                    payload,
                    position,
                });
            }
        }
    }
    decoder.finish()
}

fn cell(row: &Row, field: &Field) -> Option<String> {
    match field.entry_name() {
        Some(name) => scalar(row.get(ENTRY)?.get(name)?),
        None => scalar(row.get(&field.key)?),
    }
}

fn internal(
    stream: &Stream,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> ConnectorError {
    let action = format!("building a batch of {}", stream.name);
    ConnectorError::new(ErrorKind::Internal, action).with_source(source)
}
