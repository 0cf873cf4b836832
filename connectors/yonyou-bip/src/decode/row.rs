//! One row as received: an object whose values stay raw JSON.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::catalog::Field;

/// Values by key.
type Object<'p> = BTreeMap<String, &'p RawValue>;

/// Why a text is no row.
#[derive(Debug)]
pub(crate) struct RowError(pub(crate) String);

/// A row; objects in it are opened when a field leads into them.
#[derive(Debug)]
pub(crate) struct Row<'p>(Object<'p>);

impl<'p> Row<'p> {
    /// Opens a row.
    pub(crate) fn parse(payload: &'p str) -> Result<Self, RowError> {
        let opened = serde_json::from_str(payload).map(Self);
        opened.map_err(|error| RowError(format!("the row is not an object: {error}")))
    }

    /// The raw value of a field under the first of its spellings that has one.
    pub(super) fn cell(&self, field: &Field) -> Option<&'p str> {
        let spellings = std::iter::once(&field.key).chain(&field.or);
        spellings.filter_map(|key| at(&self.0, key)).find(|cell| *cell != "null")
    }

    /// Whether a key has no value: it is missing, null or blank.
    pub(super) fn is_empty_at(&self, key: &str) -> bool {
        match at(&self.0, key) {
            None | Some("null") => true,
            Some(cell) => cell.trim_matches(|c: char| c == '"' || c.is_whitespace()).is_empty(),
        }
    }

    /// Every key with its raw value, those of objects with a `.`; two levels deep.
    pub(crate) fn cells(&self) -> Vec<(String, &'p str)> {
        let mut cells = Vec::with_capacity(self.0.len());
        for (key, value) in &self.0 {
            match serde_json::from_str::<Object<'p>>(value.get()) {
                Ok(inner) => {
                    let inner = inner.into_iter();
                    cells.extend(inner.map(|(name, value)| (format!("{key}.{name}"), value.get())));
                }
                Err(_) => cells.push((key.clone(), value.get())),
            }
        }
        cells
    }
}

/// The value at a key. A list may also write the whole path as one key.
fn at<'p>(object: &Object<'p>, key: &str) -> Option<&'p str> {
    if let Some(value) = object.get(key) {
        return Some(value.get());
    }
    let (outer, inner) = key.split_once('.')?;
    let inside: Object<'p> = serde_json::from_str(object.get(outer)?.get()).ok()?;
    at(&inside, inner)
}
