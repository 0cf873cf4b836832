//! Rejected rows as JSON objects of texts, and back.

use chrono_tz::Tz;
use serde_json::{Map, Value};
use yuanliu_contract::{DecodedRows, Result};

use crate::catalog::Column;
use crate::cell::{Cell, CellFault};
use crate::rows::RowBuilder;
use crate::text;

/// A row as a JSON object: the lake's column name to the text the server gave.
pub fn encode<'a>(columns: &[Column], texts: impl IntoIterator<Item = Option<&'a str>>) -> String {
    let names = columns.iter().map(|column| column.lake_name().to_owned());
    let values = texts.into_iter().map(|text| text.map_or(Value::Null, Value::from));
    Value::Object(names.zip(values).collect::<Map<_, _>>()).to_string()
}

/// Where a rejected row stood: `key=…/…`.
pub fn position<'a>(marks: impl IntoIterator<Item = Option<&'a str>>) -> String {
    let marks: Vec<_> = marks.into_iter().map(Option::unwrap_or_default).collect();
    format!("key={}", marks.join("/"))
}

/// Types payloads again; a column that a payload lacks stays null.
pub fn decode(columns: &[Column], zone: Tz, payloads: &[String]) -> Result<DecodedRows> {
    let mut rows = RowBuilder::new(columns, payloads.len())?;
    for (at, payload) in payloads.iter().enumerate() {
        match serde_json::from_str::<Map<String, Value>>(payload) {
            Ok(object) => {
                for column in columns {
                    rows.push(typed(column, zone, object.get(column.lake_name())));
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
    zone: Tz,
    value: Option<&'a Value>,
) -> std::result::Result<Cell<'a>, CellFault> {
    match value {
        None | Some(Value::Null) => Ok(Cell::Null),
        Some(Value::String(text)) => text::cell(column.kind, zone, text),
        Some(other) => {
            Err(CellFault::new("bad_payload", format!("{other} is not a text of the payload")))
        }
    }
}
