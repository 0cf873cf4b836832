//! Payloads of rejected rows: numbers and texts as JSON has them, bytes as `{"blob": "00ff"}`.

use chrono_tz::Tz;
use serde_json::{Map, Value, json};
use yuanliu_contract::{DecodedRows, Result};
use yuanliu_sql_kit::{Cell, CellFault, Column, ColumnType, RowBuilder, text};

use crate::value::{self, Stored};

/// The key under which bytes stand.
const BLOB: &str = "blob";

/// The key under which the bytes of a broken text stand.
const BROKEN_TEXT: &str = "text";

/// A row as a JSON object: the lake's column name to the value as it is stored.
pub(crate) fn encode<'a>(columns: &[Column], values: impl Iterator<Item = Stored<'a>>) -> String {
    let names = columns.iter().map(|column| (column.lake_name().to_owned(), column.kind));
    let object = names.zip(values).map(|((name, kind), value)| (name, json_of(kind, value)));
    Value::Object(object.collect::<Map<_, _>>()).to_string()
}

fn json_of(kind: ColumnType, value: Stored<'_>) -> Value {
    match value {
        Stored::Null => Value::Null,
        Stored::Integer(number) => Value::from(number),
        // Beyond every number is none of JSON's.
        Stored::Real(number) if !number.is_finite() => Value::from(number.to_string()),
        Stored::Real(number) => Value::from(number),
        // A text of hexadecimal digits stands for bytes, as in a preview.
        Stored::Text(text) if kind == ColumnType::Binary => json!({ BLOB: hex::encode(text) }),
        Stored::Text(text) => Value::from(text),
        Stored::BrokenText(bytes) => json!({ BROKEN_TEXT: hex::encode(bytes) }),
        Stored::Blob(bytes) => json!({ BLOB: hex::encode(bytes) }),
    }
}

/// Types payloads again; a column that a payload lacks stays null.
pub(crate) fn decode(columns: &[Column], zone: Tz, payloads: &[String]) -> Result<DecodedRows> {
    let mut rows = RowBuilder::new(columns, payloads.len())?;
    for (at, payload) in payloads.iter().enumerate() {
        match serde_json::from_str::<Map<String, Value>>(payload) {
            Ok(object) => {
                for column in columns {
                    push(&mut rows, column, zone, object.get(column.lake_name()));
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

fn push(rows: &mut RowBuilder<'_>, column: &Column, zone: Tz, value: Option<&Value>) {
    let unknown = |value: &Value| {
        CellFault::new("bad_payload", format!("{value} is not a value of the payload"))
    };
    let bytes = |object: &Map<String, Value>, key: &str| {
        object.get(key).and_then(Value::as_str).and_then(|digits| hex::decode(digits).ok())
    };
    match value {
        None | Some(Value::Null) => rows.push(Ok(Cell::Null)),
        Some(Value::String(text)) if column.kind == ColumnType::Binary => {
            rows.push(text::cell(column.kind, zone, text));
        }
        Some(Value::String(text)) => rows.push(value::cell(column.kind, zone, Stored::Text(text))),
        Some(value @ Value::Number(number)) => {
            rows.push(match (number.as_i64(), number.as_f64()) {
                (Some(number), _) => value::cell(column.kind, zone, Stored::Integer(number)),
                (None, Some(number)) => value::cell(column.kind, zone, Stored::Real(number)),
                (None, None) => Err(unknown(value)),
            })
        }
        Some(value @ Value::Object(object)) => {
            match (bytes(object, BLOB), bytes(object, BROKEN_TEXT)) {
                (Some(bytes), _) => rows.push(value::cell(column.kind, zone, Stored::Blob(&bytes))),
                (None, Some(bytes)) => {
                    rows.push(value::cell(column.kind, zone, Stored::BrokenText(&bytes)));
                }
                (None, None) => rows.push(Err(unknown(value))),
            }
        }
        Some(value) => rows.push(Err(unknown(value))),
    }
}
