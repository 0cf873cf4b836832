//! From JSON cells to typed columns; a row with one bad value is kept whole as a reject.

mod columns;
mod time;
mod value;

use std::collections::BTreeMap;

use arrow::record_batch::RecordBatch;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::value::RawValue;
use yuanliu_contract::{ConnectorError, DecodedRows, ErrorKind, RejectedRow, Result};

use crate::catalog::Stream;
use crate::plan::StreamPlan;
use crate::position::Key;
use columns::Column;
use value::{BadValue, Value};

/// What paging needs to know of a row, whether it was typed or rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowMark {
    /// None if the key itself is bad.
    pub(crate) key: Option<Key>,
    pub(crate) changed_at: Option<DateTime<Utc>>,
}

/// Types rows of one stream; all cells live as long as the page they came in.
pub(crate) struct RowDecoder<'s, 'p> {
    stream: &'s Stream,
    zone: Tz,
    columns: Vec<Column>,
    /// One row's values, kept between rows for its space.
    values: Vec<Value<'p>>,
    rejects: Vec<RejectedRow>,
    seen: usize,
}

impl<'s, 'p> RowDecoder<'s, 'p> {
    /// A decoder that expects about `rows` rows.
    pub(crate) fn new(stream: &'s Stream, zone: Tz, rows: usize) -> Result<Self> {
        let columns = stream.fields.iter().map(|field| Column::new(field.kind, rows));
        let columns: std::result::Result<Vec<_>, _> = columns.collect();
        Ok(Self {
            stream,
            zone,
            columns: columns.map_err(|source| internal(stream, source))?,
            values: Vec::with_capacity(stream.fields.len()),
            rejects: Vec::new(),
            seen: 0,
        })
    }

    /// Types one row: raw JSON per field, none where the field was not asked for.
    pub(crate) fn push(
        &mut self,
        cells: &[Option<&'p str>],
        payload: impl FnOnce() -> String,
    ) -> RowMark {
        self.seen += 1;
        self.values.clear();
        let mut bad: Option<BadValue> = None;
        let mut is_key_bad = false;
        for (at, field) in self.stream.fields.iter().enumerate() {
            let cell = cells.get(at).copied().flatten();
            let value = value::read(field.kind, cell, self.zone).unwrap_or_else(|reason| {
                bad.get_or_insert(BadValue::new(&field.key, cell.unwrap_or("null"), reason));
                is_key_bad |= self.stream.is_key(field);
                Value::Null
            });
            self.values.push(value);
        }
        let key = if is_key_bad { None } else { self.key(&mut bad) };
        let changed_at = match self.stream.change_index().and_then(|at| self.values.get(at)) {
            Some(Value::Micros(micros)) => DateTime::from_timestamp_micros(*micros),
            _ => None,
        };
        match bad {
            Some(bad) => self.rejects.push(RejectedRow {
                reason: bad.reason,
                message: bad.message,
                payload: payload(),
                position: self.position(key),
            }),
            None => {
                for (column, value) in self.columns.iter_mut().zip(&self.values) {
                    column.push(value);
                }
            }
        }
        RowMark { key, changed_at }
    }

    /// The row's key. A document without lines has no entry id; it is 0 there.
    fn key(&mut self, bad: &mut Option<BadValue>) -> Option<Key> {
        let id = match self.stream.pk_index().and_then(|at| self.values.get(at)) {
            Some(Value::Int(id)) => Some(*id),
            _ => None,
        };
        if id.is_none() && bad.is_none() {
            *bad = Some(BadValue::without_key(&self.stream.pk));
        }
        let entry = match self.stream.entry_index().and_then(|at| self.values.get_mut(at)) {
            None => 0,
            Some(Value::Int(entry)) => *entry,
            Some(value) => {
                *value = Value::Int(0);
                0
            }
        };
        id.map(|id| Key(id, entry))
    }

    fn position(&self, key: Option<Key>) -> String {
        match key {
            Some(Key(id, entry)) if self.stream.entry_pk.is_some() => format!("key={id}/{entry}"),
            Some(Key(id, _)) => format!("key={id}"),
            None => format!("row={}", self.seen),
        }
    }

    /// Keeps a row that is not even a row.
    fn reject(&mut self, reason: &'static str, message: String, payload: &str) {
        self.seen += 1;
        let position = self.position(None);
        self.rejects.push(RejectedRow { reason, message, payload: payload.to_owned(), position });
    }

    /// The typed rows in the stream's schema, and the rejects.
    pub(crate) fn finish(self) -> Result<DecodedRows> {
        let arrays = self.columns.into_iter().map(Column::finish).collect();
        let batch = RecordBatch::try_new(self.stream.schema(), arrays)
            .map_err(|source| internal(self.stream, source))?;
        Ok(DecodedRows { batch, rejects: self.rejects })
    }
}

/// Spreads a row's cells over the stream's fields.
pub(crate) fn spread<'p>(
    plan: &StreamPlan,
    row: &[&'p RawValue],
    cells: &mut Vec<Option<&'p str>>,
) {
    cells.clear();
    cells.resize(plan.stream.fields.len(), None);
    for (cell, &at) in row.iter().zip(&plan.asked) {
        if let Some(slot) = cells.get_mut(at) {
            *slot = Some(cell.get());
        }
    }
}

/// A row as received, as a JSON object by field key.
pub(crate) fn payload(plan: &StreamPlan, row: &[&RawValue]) -> String {
    let mut text = String::from("{");
    for ((_, field), cell) in plan.asked_fields().zip(row) {
        if text.len() > 1 {
            text.push(',');
        }
        // Keys are checked to be letters, digits, `_` and `.`: nothing to escape.
        text.push('"');
        text.push_str(&field.key);
        text.push_str("\":");
        text.push_str(cell.get());
    }
    text.push('}');
    text
}

/// Types payloads that were kept with rejects; a field the payload lacks is null.
pub(crate) fn decode_payloads(
    stream: &Stream,
    zone: Tz,
    payloads: &[String],
) -> Result<DecodedRows> {
    let mut decoder = RowDecoder::new(stream, zone, payloads.len())?;
    let mut cells = Vec::with_capacity(stream.fields.len());
    for text in payloads {
        match serde_json::from_str::<BTreeMap<String, &RawValue>>(text) {
            Ok(object) => {
                cells.clear();
                let cell = |key: &str| object.get(key).map(|value| value.get());
                cells.extend(stream.fields.iter().map(|field| cell(&field.key)));
                decoder.push(&cells, || text.clone());
            }
            Err(error) => {
                let message = format!("the payload is not an object by field key: {error}");
                decoder.reject("bad_payload", message, text);
            }
        }
    }
    decoder.finish()
}

fn internal(
    stream: &Stream,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> ConnectorError {
    let action = format!("building a batch of {}", stream.name);
    ConnectorError::new(ErrorKind::Internal, action).with_source(source)
}
