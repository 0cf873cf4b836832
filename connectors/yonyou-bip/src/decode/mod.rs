//! From JSON rows to typed columns; a row with one bad value is kept whole as a reject.

mod columns;
mod row;
mod time;
mod value;

use arrow::record_batch::RecordBatch;
use chrono::{DateTime, Utc};
use yuanliu_contract::{ConnectorError, DecodedRows, ErrorKind, RejectedRow, Result};

use crate::catalog::{FieldType, ID, Stream};
use columns::Column;
pub(crate) use row::{Row, RowError};
use value::{BadValue, Value};

/// What paging needs to know of a row, whether it was typed, rejected or passed over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct RowMark {
    /// None if the row has no id, or one that is no number.
    pub(crate) id: Option<i64>,
    pub(crate) changed_at: Option<DateTime<Utc>>,
    /// Passed over: not wanted, or a total.
    is_out: bool,
}

impl RowMark {
    /// The change value, if the row was taken.
    pub(crate) fn newest(&self) -> Option<DateTime<Utc>> {
        self.changed_at.filter(|_| !self.is_out)
    }
}

/// Types rows of one stream; all rows live as long as the page they came in.
pub(crate) struct RowDecoder<'s> {
    stream: &'s Stream,
    columns: Vec<Column>,
    rejects: Vec<RejectedRow>,
    seen: usize,
}

impl<'s> RowDecoder<'s> {
    /// A decoder that expects about `rows` rows.
    pub(crate) fn new(stream: &'s Stream, rows: usize) -> Result<Self> {
        let columns = stream.fields.iter().map(|field| Column::new(field.kind, rows));
        let columns: std::result::Result<Vec<_>, _> = columns.collect();
        let columns = columns.map_err(|source| internal(stream, source))?;
        Ok(Self { stream, columns, rejects: Vec::new(), seen: 0 })
    }

    /// Types one row as received, unless it is not wanted. A row without an id is a total (合计)
    /// that some lists put among the rows; it is passed over.
    pub(crate) fn push(
        &mut self,
        payload: &str,
        is_wanted: impl FnOnce(&RowMark) -> bool,
    ) -> RowMark {
        self.seen += 1;
        let row = match Row::parse(payload) {
            Ok(row) => row,
            Err(RowError(message)) => {
                self.reject("bad_payload", message, payload, format!("row={}", self.seen));
                return RowMark::default();
            }
        };
        let mut bad: Option<BadValue> = None;
        let mut values = Vec::with_capacity(self.stream.fields.len());
        for field in &self.stream.fields {
            let cell = row.cell(field);
            let value = value::read(field.kind, cell).unwrap_or_else(|reason| {
                bad.get_or_insert(BadValue::new(&field.key, cell.unwrap_or("null"), reason));
                Value::Null
            });
            values.push(match value {
                Value::Null if self.stream.key.contains(&field.key) => no_key_part(field.kind),
                value => value,
            });
        }
        let mut mark = self.mark(&values);
        let is_total = row.is_empty_at(ID);
        if is_total || !is_wanted(&mark) {
            mark.is_out = true;
            return mark;
        }
        match bad {
            Some(bad) => {
                let position = self.position(&values);
                self.reject(bad.reason, bad.message, payload, position);
            }
            None => {
                for (column, value) in self.columns.iter_mut().zip(&values) {
                    column.push(value);
                }
            }
        }
        mark
    }

    fn mark(&self, values: &[Value<'_>]) -> RowMark {
        let value = |key: &str| self.stream.index(key).and_then(|at| values.get(at));
        let id = match value(ID) {
            Some(Value::Int(id)) if *id != 0 => Some(*id),
            _ => None,
        };
        let changed_at = match self.stream.change.as_deref().and_then(value) {
            Some(Value::Micros(micros)) => DateTime::from_timestamp_micros(*micros),
            _ => None,
        };
        RowMark { id, changed_at, is_out: false }
    }

    fn position(&self, values: &[Value<'_>]) -> String {
        let part = |key: &String| match self.stream.index(key).and_then(|at| values.get(at)) {
            Some(Value::Int(number)) => number.to_string(),
            Some(Value::Text(text)) => text.to_string(),
            _ => String::new(),
        };
        let parts: Vec<_> = self.stream.key.iter().map(part).collect();
        format!("key={}", parts.join("/"))
    }

    fn reject(&mut self, reason: &'static str, message: String, payload: &str, position: String) {
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

/// A part of the key that a row lacks, as of a document without lines.
fn no_key_part(kind: FieldType) -> Value<'static> {
    match kind {
        FieldType::Id => Value::Int(0),
        _ => Value::Text("".into()),
    }
}

/// Types payloads that were kept with rejects or shown by a preview.
pub(crate) fn decode_payloads(stream: &Stream, payloads: &[String]) -> Result<DecodedRows> {
    let mut decoder = RowDecoder::new(stream, payloads.len())?;
    for payload in payloads {
        decoder.push(payload, |_| true);
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
