//! One record on its way from a file to an event.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::fields::{FIELD_COUNT, FIELDS, Field, Kind};
use crate::flat::entries;
use crate::names;
use crate::reject::{Reason, Rejection, shown};

/// What separates codes in one CSV cell.
pub(crate) const LIST_SEPARATOR: char = ';';

/// A record as a file gives it.
pub(crate) struct Record<'a> {
    /// The line it starts on, from 1.
    pub(crate) line: u64,
    pub(crate) body: Body<'a>,
}

pub(crate) enum Body<'a> {
    /// The text of one JSON value.
    Json(&'a [u8]),
    /// A row of cells.
    Row(Row<'a>),
    /// Nothing that could be read, with what there was of it.
    Broken(Rejection, Cow<'a, str>),
}

/// A CSV row under its header.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    pub(crate) columns: &'a [Column],
    pub(crate) text: &'a str,
    pub(crate) ends: &'a [usize],
}

/// A CSV column.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) field: Option<Field>,
    pub(crate) name: String,
}

impl<'a> Row<'a> {
    pub(crate) fn cells(self) -> impl Iterator<Item = (&'a Column, &'a str)> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let cells = starts
            .zip(self.ends)
            .map(move |(start, end)| self.text.get(start..*end).unwrap_or_default().trim());
        self.columns.iter().zip(cells)
    }

    /// The row as the JSON record that says the same.
    pub(crate) fn to_json(self) -> String {
        let mut object = Map::new();
        for (column, cell) in self.cells().filter(|(_, cell)| !cell.is_empty()) {
            let is_list = column.field.is_some_and(|f| matches!(f.spec().kind, Kind::Codes));
            let value = if is_list {
                cell.split(LIST_SEPARATOR).map(|code| Value::from(code.trim())).collect()
            } else {
                Value::from(cell)
            };
            object.insert(column.name.clone(), value);
        }
        Value::Object(object).to_string()
    }
}

/// A value not yet read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Raw<'a> {
    Json(&'a Value),
    Cell(&'a str),
    /// A JSON null.
    Null,
    /// A JSON text.
    Text(&'a str),
    /// A JSON number as written.
    Number(&'a str),
    /// What is between the brackets of a JSON list of texts, numbers and nulls.
    List(&'a str),
}

impl<'a> Raw<'a> {
    /// Text trimmed, numbers as written; `None` is anything else.
    pub(crate) fn text(self) -> Option<&'a str> {
        match self {
            Self::Cell(text) | Self::Text(text) => Some(text.trim()),
            Self::Json(Value::String(text)) => Some(text.trim()),
            Self::Json(Value::Number(number)) => Some(number.as_str()),
            Self::Number(number) => Some(number),
            Self::Json(_) | Self::Null | Self::List(_) => None,
        }
    }

    fn is_absent(self) -> bool {
        matches!(self, Self::Json(Value::Null) | Self::Null)
            || self.text().is_some_and(str::is_empty)
    }

    pub(crate) fn to_value(self) -> Value {
        match self {
            Self::Json(value) => value.clone(),
            Self::Cell(text) => Value::from(text.trim()),
            Self::Null => Value::Null,
            Self::Text(text) => Value::from(text),
            Self::Number(number) => number.parse().map_or(Value::Null, Value::Number),
            Self::List(list) => entries(list).map(Value::from).collect(),
        }
    }
}

/// The values of one record by field; empty ones are absent.
pub(crate) struct Slots<'a> {
    known: [Option<Raw<'a>>; FIELD_COUNT],
    pub(crate) unknown: Vec<(&'a str, Raw<'a>)>,
}

impl Default for Slots<'_> {
    fn default() -> Self {
        Self { known: [None; FIELD_COUNT], unknown: Vec::new() }
    }
}

impl<'a> Slots<'a> {
    pub(crate) fn of_object(object: &'a Map<String, Value>) -> Result<Self, Rejection> {
        Self::of(
            object
                .iter()
                .map(|(name, value)| (names::field(name), name.as_str(), Raw::Json(value))),
        )
    }

    pub(crate) fn of_row(row: Row<'a>) -> Result<Self, Rejection> {
        Self::of(
            row.cells().map(|(column, cell)| (column.field, column.name.as_str(), Raw::Cell(cell))),
        )
    }

    fn of(
        values: impl Iterator<Item = (Option<Field>, &'a str, Raw<'a>)>,
    ) -> Result<Self, Rejection> {
        let mut slots = Self::default();
        for (field, name, raw) in values {
            if slots.put(field, name, raw).is_some_and(|other| other != raw) {
                let detail = format!("`{}` says the same field again; give it once", shown(name));
                return Err(Rejection::new(Reason::FieldTwice, detail));
            }
        }
        Ok(slots)
    }

    /// Puts a value in its place unless it is empty, and returns what was there.
    pub(crate) fn put(
        &mut self,
        field: Option<Field>,
        name: &'a str,
        raw: Raw<'a>,
    ) -> Option<Raw<'a>> {
        if raw.is_absent() {
            return None;
        }
        match field.and_then(|field| self.known.get_mut(field as usize)) {
            Some(slot) => slot.replace(raw),
            None => {
                self.unknown.push((name, raw));
                None
            }
        }
    }

    pub(crate) fn get(&self, field: Field) -> Option<Raw<'a>> {
        self.known.get(field as usize).copied().flatten()
    }

    /// The fields that are given, in the order of the table.
    pub(crate) fn given(&self) -> impl Iterator<Item = (Field, Raw<'a>)> {
        let fields = FIELDS.iter().map(|spec| spec.field);
        fields.zip(self.known).filter_map(|(field, raw)| Some((field, raw?)))
    }
}
