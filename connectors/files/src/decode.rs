//! One row typed, or why it cannot be.

use std::borrow::Cow;

use chrono_tz::Tz;
use serde_json::{Map, Value as Json};

use crate::catalog::{Column, Table};
use crate::cell::{self, Refusal, Value};
use crate::header::{Header, Slot};
use crate::rows::Cells;

/// No code or document number is longer; a longer one is a broken line.
const KEY_CHARS_MAX: usize = 400;

/// A row that cannot be typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BadRow {
    pub(crate) reason: &'static str,
    pub(crate) message: String,
    /// The column, empty if the whole row is meant.
    pub(crate) column: String,
}

/// Types a row: one value per column of the table's schema, the attributes last.
pub(crate) fn type_row<'a>(
    table: &Table,
    zone: Tz,
    header: &Header,
    cells: Cells<'a>,
) -> Result<Vec<Value<'a>>, BadRow> {
    check_width(header, cells)?;
    let mut values = vec![Value::Null; table.columns.len() + 1];
    let mut attributes = Map::new();
    for (index, slot) in header.slots.iter().enumerate() {
        let cell = cells.get(index);
        match slot {
            Slot::Canonical(column) => {
                let Column(name, kind) = &table.columns[*column];
                values[*column] = cell::parse(*kind, cell, zone).map_err(|refusal| {
                    let Refusal { reason, message } = refusal;
                    BadRow { reason, message: format!("{name}: {message}"), column: name.clone() }
                })?;
            }
            Slot::Attribute if cell.is_empty() => {}
            Slot::Attribute => {
                attributes.insert(header.names[index].clone(), Json::from(cell));
            }
        }
    }
    check_key(table, &values)?;
    if !attributes.is_empty() {
        let json = Json::Object(attributes).to_string();
        values[table.columns.len()] = Value::Text(Cow::Owned(json));
    }
    Ok(values)
}

fn check_width(header: &Header, cells: Cells<'_>) -> Result<(), BadRow> {
    let width = header.names.len();
    let surplus = (width..cells.len()).any(|index| !cells.get(index).is_empty());
    if cells.len() >= width && !surplus {
        return Ok(());
    }
    Err(BadRow {
        reason: "wrong_width",
        message: format!(
            "the row has {} cells, the header {width}; look for a missing or surplus comma or quote",
            cells.len()
        ),
        column: String::new(),
    })
}

fn check_key(table: &Table, values: &[Value<'_>]) -> Result<(), BadRow> {
    for (Column(name, _), value) in table.columns.iter().zip(values) {
        if *value == Value::Null && table.is_required(name) {
            return Err(BadRow {
                reason: "missing_key",
                message: format!("{name}: is empty, but it names the row"),
                column: name.clone(),
            });
        }
        let Value::Text(text) = value else { continue };
        let is_key = text.len() > KEY_CHARS_MAX && table.key.contains(name);
        let chars = if is_key { text.chars().count() } else { 0 };
        if chars > KEY_CHARS_MAX {
            return Err(BadRow {
                reason: "key_too_long",
                message: format!(
                    "{name}: has {chars} characters, should have at most {KEY_CHARS_MAX}"
                ),
                column: name.clone(),
            });
        }
    }
    Ok(())
}

/// A row as received, as JSON: an object by column, or, if cells and columns do not match, a list of
/// the header and the cells.
pub(crate) fn payload(header: &Header, cells: Cells<'_>) -> String {
    if check_width(header, cells).is_err() {
        let list = |texts: &mut dyn Iterator<Item = &str>| texts.map(Json::from).collect();
        let names = list(&mut header.names.iter().map(String::as_str));
        let cells = list(&mut cells.iter());
        return Json::Array(vec![Json::Array(names), Json::Array(cells)]).to_string();
    }
    let named = header.names.iter().zip(cells.iter());
    let object: Map<_, _> = named.map(|(name, cell)| (name.clone(), Json::from(cell))).collect();
    Json::Object(object).to_string()
}

/// Header and cells of a payload.
pub(crate) fn unpack(table: &Table, payload: &str) -> Result<(Header, Vec<String>), BadRow> {
    let unpacked = match serde_json::from_str(payload) {
        Ok(Json::Object(object)) => {
            let (names, cells): (Vec<_>, Vec<_>) = object.into_iter().unzip();
            cells.into_iter().map(text).collect::<Option<_>>().map(|cells| (names, cells))
        }
        Ok(Json::Array(lists)) => match <[Json; 2]>::try_from(lists) {
            Ok([names, cells]) => texts(names).zip(texts(cells)),
            Err(_) => None,
        },
        _ => None,
    };
    let (names, cells) = unpacked.ok_or_else(|| BadRow {
        reason: "bad_payload",
        message: "the payload should be a JSON object of texts by column".to_owned(),
        column: String::new(),
    })?;
    Ok((Header::of_names(table, names.into_iter()), cells))
}

fn text(json: Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text),
        Json::Null => Some(String::new()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn texts(json: Json) -> Option<Vec<String>> {
    match json {
        Json::Array(list) => list.into_iter().map(text).collect(),
        _ => None,
    }
}
