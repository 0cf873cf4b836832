//! What a field key of a query leads to.

use super::QueryError;
use crate::data::{Dataset, Document, Entry, FieldKind, FieldMeta, Fields, FormMeta, Value};

/// One row of a result: a document and, where entry fields were asked for, one of its lines.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) document: &'a Document,
    /// `None` for a document without lines.
    pub(super) entry: Option<&'a Entry>,
}

/// A resolved field key.
#[derive(Debug, Clone)]
pub(super) struct Column {
    place: Place,
    /// Kind of the value that comes out.
    pub(super) kind: FieldKind,
    /// Whether it belongs to the entry list, so that rows expand.
    pub(super) of_entry: bool,
}

#[derive(Debug, Clone)]
enum Place {
    Pk,
    EntryId,
    EntrySeq,
    Field { index: usize },
    Property { index: usize, property: String, target: Option<Target> },
}

/// The property of a referenced row.
#[derive(Debug, Clone)]
struct Target {
    form: String,
    /// `None` for the primary key.
    field: Option<usize>,
}

impl Column {
    /// Finds what `key` names in a form; keys are matched without regard to case.
    pub(super) fn resolve(data: &Dataset, form: &FormMeta, key: &str) -> Result<Self, QueryError> {
        let unknown = || QueryError::UnknownField(key.chars().take(80).collect());
        if key.eq_ignore_ascii_case(&form.pk) {
            return Ok(Self { place: Place::Pk, kind: FieldKind::Int, of_entry: false });
        }
        if let Some(place) = virtual_key(form, key) {
            return Ok(Self { place, kind: FieldKind::Int, of_entry: true });
        }
        let (base, property) = match key.split_once('.') {
            Some((base, property)) => (base, Some(property)),
            None => (key, None),
        };
        let (index, of_entry) = match (form.header_index(base), form.entry_index(base)) {
            (Some(index), _) => (index, false),
            (None, Some(index)) => (index, true),
            (None, None) => return Err(unknown()),
        };
        let field = field(form, index, of_entry).ok_or_else(unknown)?;
        let Some(property) = property else {
            let kind = field.kind.clone();
            return Ok(Self { place: Place::Field { index }, kind, of_entry });
        };
        let (target, kind) = target(data, &field.kind, property).ok_or_else(unknown)?;
        let property = property.to_ascii_lowercase();
        Ok(Self { place: Place::Property { index, property, target }, kind, of_entry })
    }

    /// The value of this column in a row.
    pub(super) fn value(&self, data: &Dataset, row: Row<'_>) -> Value {
        let fields = match (self.of_entry, row.entry) {
            (false, _) => &row.document.header,
            (true, Some(entry)) => &entry.fields,
            (true, None) => return Value::Null,
        };
        match &self.place {
            Place::Pk => Value::Int(row.document.pk),
            Place::EntryId => row.entry.map_or(Value::Null, |entry| Value::Int(entry.id)),
            Place::EntrySeq => row.entry.map_or(Value::Null, |entry| Value::Int(entry.seq)),
            Place::Field { index } => stored(fields, *index, &self.kind),
            Place::Property { index, property, target } => {
                if let Some(given) = fields.given(*index, property) {
                    return given.clone();
                }
                let found = target.as_ref().and_then(|target| {
                    let Some(Value::Int(pk)) = fields.values.get(*index) else { return None };
                    let row = data.form(&target.form)?.documents.get(pk)?;
                    Some(match target.field {
                        None => Value::Int(row.pk),
                        Some(field) => stored(&row.header, field, &self.kind),
                    })
                });
                found.unwrap_or_else(|| self.kind.empty())
            }
        }
    }
}

fn stored(fields: &Fields, index: usize, kind: &FieldKind) -> Value {
    fields.values.get(index).cloned().unwrap_or_else(|| kind.empty())
}

fn field(form: &FormMeta, index: usize, of_entry: bool) -> Option<&FieldMeta> {
    if of_entry { form.entity.as_ref()?.fields.get(index) } else { form.header.get(index) }
}

fn virtual_key(form: &FormMeta, key: &str) -> Option<Place> {
    let (entity, tail) = key.rsplit_once('_')?;
    if !entity.eq_ignore_ascii_case(&form.entity.as_ref()?.key) {
        return None;
    }
    match tail {
        _ if tail.eq_ignore_ascii_case("FEntryID") => Some(Place::EntryId),
        _ if tail.eq_ignore_ascii_case("FSeq") => Some(Place::EntrySeq),
        _ => None,
    }
}

/// Follows one level of reference; a second level does not exist in this language.
fn target(data: &Dataset, kind: &FieldKind, property: &str) -> Option<(Option<Target>, FieldKind)> {
    match kind {
        FieldKind::Assistant => {
            let known = ["FDataValue", "FNumber"];
            let found = known.iter().any(|name| property.eq_ignore_ascii_case(name));
            found.then_some((None, FieldKind::Text))
        }
        FieldKind::Base(form) => {
            let meta = &data.form(form)?.meta;
            if property.eq_ignore_ascii_case(&meta.pk) {
                let target = Target { form: form.clone(), field: None };
                return Some((Some(target), FieldKind::Int));
            }
            let index = meta.header_index(property)?;
            let kind = meta.header.get(index)?.kind.clone();
            Some((Some(Target { form: form.clone(), field: Some(index) }), kind))
        }
        _ => None,
    }
}
