//! Payloads of rejected rows, typed again as a page types them: zero dates as configured.

use serde_json::{Map, Value};
use yuanliu_contract::{DecodedRows, Result};
use yuanliu_sql_kit::{Cell, CellFault, Column, ColumnType, RowBuilder, text};

use crate::wire::{Reading, is_zero_text};

/// Types payloads again; a column that a payload lacks stays null.
pub(crate) fn decode(
    columns: &[Column],
    reading: Reading,
    payloads: &[String],
) -> Result<DecodedRows> {
    let mut rows = RowBuilder::new(columns, payloads.len())?;
    for (at, payload) in payloads.iter().enumerate() {
        match serde_json::from_str::<Map<String, Value>>(payload) {
            Ok(object) => {
                for column in columns {
                    rows.push(typed(column, reading, object.get(column.lake_name())));
                }
            }
            Err(error) => {
                let message = format!("the payload is not a JSON object: {error}");
                rows.push(Err(CellFault::new("bad_payload", message)));
            }
        }
        rows.end(|| payload.clone(), || format!("payload={}", at + 1));
    }
    rows.finish()
}

fn typed<'a>(
    column: &Column,
    reading: Reading,
    value: Option<&'a Value>,
) -> std::result::Result<Cell<'a>, CellFault> {
    use ColumnType::{Date, Datetime, Instant};
    match value {
        None | Some(Value::Null) => Ok(Cell::Null),
        Some(Value::String(text))
            if matches!(column.kind, Date | Datetime | Instant) && is_zero_text(text) =>
        {
            reading.zero_date(column)
        }
        Some(Value::String(text)) => text::cell(column.kind, reading.zone, text),
        Some(other) => {
            Err(CellFault::new("bad_payload", format!("{other} is not a text of the payload")))
        }
    }
}
