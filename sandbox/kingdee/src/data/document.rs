//! One document or base-data row.

use super::meta::FieldMeta;
use super::value::Value;

/// The values of a header or of one entry.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields {
    /// By position in the form's description; shorter than it when a field was added later.
    pub(crate) values: Vec<Value>,
    /// Properties of referenced base data given outright, as (field position, lower-case property).
    pub(crate) given: Vec<(usize, Box<str>, Value)>,
}

impl Fields {
    /// Every field with the server's empty value.
    pub(crate) fn empty(known: &[FieldMeta]) -> Self {
        Self { values: known.iter().map(|field| field.kind.empty()).collect(), given: Vec::new() }
    }

    /// Sets a value by position; fields added to the form since are made room for.
    pub(crate) fn set(&mut self, index: usize, value: Value) {
        if self.values.len() <= index {
            self.values.resize(index + 1, Value::Null);
        }
        if let Some(place) = self.values.get_mut(index) {
            *place = value;
        }
    }

    /// The property of a reference that was given outright.
    pub(crate) fn given(&self, index: usize, property: &str) -> Option<&Value> {
        let same = |given: &&(usize, Box<str>, Value)| given.0 == index && *given.1 == *property;
        self.given.iter().find(same).map(|(_, _, value)| value)
    }
}

/// One line of a document.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// `<Entity>_FEntryID`.
    pub(crate) id: i64,
    /// `<Entity>_FSeq`.
    pub(crate) seq: i64,
    /// Its values.
    pub(crate) fields: Fields,
}

/// One document, or one row of base data.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    /// Primary key.
    pub(crate) pk: i64,
    /// Header values.
    pub(crate) header: Fields,
    /// Lines in order.
    pub(crate) entries: Vec<Entry>,
}
