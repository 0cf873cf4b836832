//! Storing a row given as JSON.

use serde_json::{Map, Value as Json};

use super::dataset::Dataset;
use super::document::{Document, Entry, Fields};
use super::meta::{FieldKind, FieldMeta, FormMeta};
use super::value::{Value, parse_moment};

/// Why a row was not stored.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PutError {
    /// No such form.
    #[error("form `{0}` is not in this data set")]
    UnknownForm(String),
    /// No such field.
    #[error("form `{form}` has no field `{key}`; add it with add_field first")]
    UnknownField {
        /// The form.
        form: String,
        /// The key as given.
        key: String,
    },
    /// The value cannot be stored in that field.
    #[error("field `{key}` of form `{form}` cannot hold {value}")]
    BadValue {
        /// The form.
        form: String,
        /// The key as given.
        key: String,
        /// The value as given.
        value: String,
    },
    /// The row is not a JSON object.
    #[error("a row of form `{0}` must be a JSON object")]
    NotAnObject(String),
}

impl Dataset {
    /// Stores a row and answers its primary key.
    ///
    /// Keys are field keys in any case. A primary key that exists replaces that row; without one a
    /// fresh key is given. Lines are an array under the entity key, each with optional `FEntryID`
    /// and `FSeq`; entry fields at the top level make one line. `FMaterialId.FNumber` style keys
    /// give a property outright, whether or not the base data exists; when it exists the internal
    /// id is filled as well. Fields left out get the server's empty value; JSON null stores null.
    pub fn put(&mut self, form: &str, row: &Json) -> Result<i64, PutError> {
        let known = self.form(form).ok_or_else(|| PutError::UnknownForm(form.to_owned()))?;
        let meta = known.meta.clone();
        let row = row.as_object().ok_or_else(|| PutError::NotAnObject(form.to_owned()))?;
        let (pk, header, flat, lines) = split(&meta, row);
        let pk = match pk {
            Some(value) => value.as_i64().ok_or_else(|| bad(&meta, &meta.pk, value))?,
            None => self.take_pk(),
        };
        self.reserve_pk(pk);
        let header = self.fields(&meta, &meta.header, &header)?;
        let mut entries = Vec::new();
        if !flat.is_empty() {
            entries.push(self.entry(&meta, &flat, 1)?);
        }
        for line in lines {
            let line = line.as_object().ok_or_else(|| PutError::NotAnObject(form.to_owned()))?;
            let line: Vec<_> = line.iter().map(|(key, value)| (key.as_str(), value)).collect();
            let seq = i64::try_from(entries.len()).unwrap_or(i64::MAX - 1) + 1;
            entries.push(self.entry(&meta, &line, seq)?);
        }
        if let Some(form) = self.form_mut(form) {
            form.documents.insert(pk, Document { pk, header, entries });
        }
        Ok(pk)
    }

    fn entry(
        &mut self,
        meta: &FormMeta,
        line: &[(&str, &Json)],
        seq: i64,
    ) -> Result<Entry, PutError> {
        let mut entry = Entry { id: 0, seq, fields: Fields::default() };
        let mut rest = Vec::with_capacity(line.len());
        for (key, value) in line {
            match virtual_key(meta, key) {
                Some("id") => entry.id = value.as_i64().ok_or_else(|| bad(meta, key, value))?,
                Some(_) => entry.seq = value.as_i64().ok_or_else(|| bad(meta, key, value))?,
                None => rest.push((*key, *value)),
            }
        }
        if entry.id == 0 {
            entry.id = self.take_pk();
        }
        self.reserve_pk(entry.id);
        let fields = meta.entity.as_ref().map_or(&[][..], |entity| &entity.fields);
        entry.fields = self.fields(meta, fields, &rest)?;
        Ok(entry)
    }

    fn fields(
        &self,
        meta: &FormMeta,
        known: &[FieldMeta],
        row: &[(&str, &Json)],
    ) -> Result<Fields, PutError> {
        let mut fields = Fields::empty(known);
        self.fill(meta, known, row, &mut fields)?;
        Ok(fields)
    }

    /// Sets the fields that a row gives and leaves the others.
    pub(super) fn fill(
        &self,
        meta: &FormMeta,
        known: &[FieldMeta],
        row: &[(&str, &Json)],
        fields: &mut Fields,
    ) -> Result<(), PutError> {
        for (key, json) in row {
            let (base, property) = match key.split_once('.') {
                Some((base, property)) => (base, Some(property)),
                None => (*key, None),
            };
            let index = known
                .iter()
                .position(|field| !field.removed && field.key.eq_ignore_ascii_case(base))
                .ok_or_else(|| unknown(meta, key))?;
            match property {
                None => fields.values[index] = convert(meta, &known[index], json)?,
                Some(property) => {
                    let value = match json {
                        Json::Null => Value::Null,
                        Json::String(text) => Value::text(text),
                        Json::Number(number) => {
                            number_value(&number.to_string()).ok_or_else(|| bad(meta, key, json))?
                        }
                        Json::Bool(value) => Value::Bool(*value),
                        _ => return Err(bad(meta, key, json)),
                    };
                    if let Some(id) = self.referenced(&known[index].kind, property, &value)
                        && fields.values[index] == Value::Int(0)
                    {
                        fields.values[index] = Value::Int(id);
                    }
                    fields.given.push((index, property.to_ascii_lowercase().into(), value));
                }
            }
        }
        Ok(())
    }

    /// Internal id of the base data that a number names.
    pub(super) fn referenced(
        &self,
        kind: &FieldKind,
        property: &str,
        number: &Value,
    ) -> Option<i64> {
        let FieldKind::Base(form) = kind else { return None };
        let form = self.form(form)?;
        if !property.eq_ignore_ascii_case(&form.meta.number) {
            return None;
        }
        let index = form.meta.header_index(property)?;
        let same = |row: &&Document| row.header.values.get(index) == Some(number);
        form.documents.values().find(same).map(|row| row.pk)
    }
}

type Pairs<'a> = Vec<(&'a str, &'a Json)>;

/// Sorts the keys of a row into primary key, header, entry fields at the top level, and lines.
fn split<'a>(
    meta: &FormMeta,
    row: &'a Map<String, Json>,
) -> (Option<&'a Json>, Pairs<'a>, Pairs<'a>, &'a [Json]) {
    let (mut pk, mut header, mut flat, mut lines) = (None, Vec::new(), Vec::new(), &[][..]);
    for (key, value) in row {
        let base = key.split('.').next().unwrap_or(key);
        let is_entity = meta.entity.as_ref().is_some_and(|e| e.key.eq_ignore_ascii_case(key));
        if key.eq_ignore_ascii_case(&meta.pk) {
            pk = Some(value);
        } else if let (true, Json::Array(array)) = (is_entity, value) {
            lines = array.as_slice();
        } else if meta.header_index(base).is_none()
            && (meta.entry_index(base).is_some() || virtual_key(meta, key).is_some())
        {
            flat.push((key.as_str(), value));
        } else {
            header.push((key.as_str(), value));
        }
    }
    (pk, header, flat, lines)
}

/// Tells the line's own id and number from its fields.
pub(super) fn virtual_key(meta: &FormMeta, key: &str) -> Option<&'static str> {
    let entity = meta.entity.as_ref()?;
    let tail = match key.get(..entity.key.len() + 1) {
        Some(head)
            if head.ends_with('_')
                && head[..entity.key.len()].eq_ignore_ascii_case(&entity.key) =>
        {
            &key[entity.key.len() + 1..]
        }
        _ => key,
    };
    match tail {
        _ if tail.eq_ignore_ascii_case("FEntryID") => Some("id"),
        _ if tail.eq_ignore_ascii_case("FSeq") => Some("seq"),
        _ => None,
    }
}

fn convert(meta: &FormMeta, field: &FieldMeta, json: &Json) -> Result<Value, PutError> {
    let refuse = || bad(meta, &field.key, json);
    let text = match json {
        Json::Null => return Ok(Value::Null),
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        Json::Bool(flag) => flag.to_string(),
        Json::Array(_) | Json::Object(_) => return Err(refuse()),
    };
    match &field.kind {
        FieldKind::Text | FieldKind::Enum(_) | FieldKind::Assistant => Ok(Value::text(text)),
        FieldKind::Int | FieldKind::Base(_) => text.parse().map(Value::Int).map_err(|_| refuse()),
        FieldKind::Decimal => text.parse().map(Value::Decimal).map_err(|_| refuse()),
        FieldKind::Date | FieldKind::DateTime => {
            parse_moment(&text).map(Value::Moment).ok_or_else(refuse)
        }
        FieldKind::Bool => match text.as_str() {
            "true" | "1" => Ok(Value::Bool(true)),
            "false" | "0" => Ok(Value::Bool(false)),
            _ => Err(refuse()),
        },
    }
}

fn number_value(text: &str) -> Option<Value> {
    text.parse().map(Value::Int).ok().or_else(|| text.parse().map(Value::Decimal).ok())
}

fn unknown(meta: &FormMeta, key: &str) -> PutError {
    PutError::UnknownField { form: meta.id.clone(), key: key.to_owned() }
}

fn bad(meta: &FormMeta, key: &str, value: &Json) -> PutError {
    let value = value.to_string().chars().take(80).collect();
    PutError::BadValue { form: meta.id.clone(), key: key.to_owned(), value }
}
