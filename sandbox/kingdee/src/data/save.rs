//! Save: a document from the model of a write call (reference: kingdee.md 1.14).

use std::collections::HashSet;

use chrono::NaiveDateTime;
use serde_json::{Map, Value as Json};

use super::dataset::Dataset;
use super::document::{Document, Entry, Fields};
use super::meta::{FieldKind, FieldMeta, FormMeta};
use super::put::virtual_key;
use super::status::EDITABLE;
use super::value::Value;

/// Lots are made with the document that first names them.
const LOT_FORM: &str = "BD_BatchMainFile";

/// The members of a Save's `data` that change what is stored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SaveOptions {
    /// Lines that the model leaves out are deleted; the server's default.
    pub(crate) deletes_entries: bool,
    /// Base data that does not exist is refused rather than left empty.
    pub(crate) verifies_base_data: bool,
}

/// One reason why a document was not saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SaveError {
    pub(crate) field: String,
    pub(crate) message: String,
}

impl SaveError {
    fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

impl Dataset {
    /// Stores a model and answers its primary key, or every reason why it is refused.
    ///
    /// A primary key of 0 or none makes a new document, with the number it brings or a fresh one.
    /// Keys the form does not have are passed over, as no source says that they are refused.
    pub(crate) fn save(
        &mut self,
        form: &str,
        model: &Map<String, Json>,
        options: SaveOptions,
        now: NaiveDateTime,
    ) -> Result<i64, Vec<SaveError>> {
        let Some(found) = self.form(form) else {
            return Err(vec![SaveError::new("", format!("业务对象标识“{form}”不存在"))]);
        };
        let meta = found.meta.clone();
        let pk = integer(model, &meta.pk).unwrap_or(0);
        let known = found.documents.get(&pk).cloned();
        if pk != 0 && known.is_none() {
            return Err(vec![SaveError::new(&meta.pk, "要修改的单据不存在")]);
        }
        let is_new = known.is_none();
        let mut document = known.unwrap_or_else(|| Document {
            pk: self.take_pk(),
            header: Fields::empty(&meta.header),
            entries: Vec::new(),
        });
        let mut errors = Vec::new();
        if !is_new && !document.is_in(&meta, EDITABLE) {
            errors.push(SaveError::new("FDocumentStatus", "单据已提交或已审核，不允许修改"));
        }
        self.take(&meta, &meta.header, model, options, &mut document.header, &mut errors);
        check_required(&meta.header, &document.header, &mut errors);
        self.take_lines(&meta, model, options, &mut document, &mut errors);
        self.number(&meta, &mut document, &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        if is_new {
            document.put(&meta, "FDocumentStatus", Value::text("A"));
            document.put(&meta, "FCancelStatus", Value::text("A"));
            document.put(&meta, "FCreateDate", Value::Moment(now));
        }
        document.put(&meta, "FModifyDate", Value::Moment(now));
        let pk = document.pk;
        if let Some(form) = self.form_mut(form) {
            form.documents.insert(pk, document);
        }
        Ok(pk)
    }

    fn take(
        &self,
        meta: &FormMeta,
        known: &[FieldMeta],
        given: &Map<String, Json>,
        options: SaveOptions,
        fields: &mut Fields,
        errors: &mut Vec<SaveError>,
    ) {
        for field in known.iter().filter(|field| !field.removed) {
            let found = given.iter().find(|(key, _)| key.eq_ignore_ascii_case(&field.key));
            let Some((_, value)) = found else { continue };
            let pair = match value.as_object().and_then(|object| object.iter().next()) {
                Some((property, value)) => (format!("{}.{property}", field.key), value),
                None => (field.key.clone(), value),
            };
            if !self.may_refer(field, &pair.0, pair.1) {
                if options.verifies_base_data {
                    let message = format!("字段“{}”的值{}不存在", field.caption, pair.1);
                    errors.push(SaveError::new(&field.key, message));
                }
                continue;
            }
            if let Some(at) = known.iter().position(|k| std::ptr::eq(k, field)) {
                fields.given.retain(|(index, ..)| *index != at);
                if matches!(field.kind, FieldKind::Base(_)) {
                    fields.set(at, Value::Int(0));
                }
            }
            if self.fill(meta, known, &[(pair.0.as_str(), pair.1)], fields).is_err() {
                let message = format!("字段“{}”的值{}格式不正确", field.caption, pair.1);
                errors.push(SaveError::new(&field.key, message));
            }
        }
    }

    /// Whether a reference leads somewhere; one given by another property than the number does.
    fn may_refer(&self, field: &FieldMeta, key: &str, value: &Json) -> bool {
        let FieldKind::Base(form) = &field.kind else { return true };
        let Some((_, property)) = key.split_once('.') else { return true };
        let Some(target) = self.form(form) else { return true };
        if form == LOT_FORM || !property.eq_ignore_ascii_case(&target.meta.number) {
            return true;
        }
        let number = Value::text(value.as_str().unwrap_or_default());
        self.referenced(&field.kind, property, &number).is_some()
    }

    fn take_lines(
        &mut self,
        meta: &FormMeta,
        model: &Map<String, Json>,
        options: SaveOptions,
        document: &mut Document,
        errors: &mut Vec<SaveError>,
    ) {
        let Some(entity) = &meta.entity else { return };
        let found = model.iter().find(|(key, _)| key.eq_ignore_ascii_case(&entity.key));
        let Some(lines) = found.and_then(|(_, lines)| lines.as_array()) else { return };
        let mut named = HashSet::new();
        for line in lines.iter().filter_map(Json::as_object) {
            let id = line.iter().find(|(key, _)| virtual_key(meta, key) == Some("id"));
            let id = id.and_then(|(_, id)| id.as_i64()).unwrap_or(0);
            let at = match document.entries.iter().position(|entry| entry.id == id) {
                Some(at) => at,
                None => {
                    let seq = document.entries.iter().map(|entry| entry.seq).max().unwrap_or(0) + 1;
                    let fields = Fields::empty(&entity.fields);
                    document.entries.push(Entry { id: self.take_pk(), seq, fields });
                    document.entries.len() - 1
                }
            };
            let Some(entry) = document.entries.get_mut(at) else { continue };
            named.insert(entry.id);
            self.take(meta, &entity.fields, line, options, &mut entry.fields, errors);
            check_required(&entity.fields, &entry.fields, errors);
        }
        if options.deletes_entries {
            document.entries.retain(|entry| named.contains(&entry.id));
        }
    }

    /// Checks the document's number against the others, or gives it one.
    fn number(&self, meta: &FormMeta, document: &mut Document, errors: &mut Vec<SaveError>) {
        let (Some(form), Some(at)) = (self.form(&meta.id), meta.header_index(&meta.number)) else {
            return;
        };
        let others = form.documents.values().filter(|other| other.pk != document.pk);
        let taken = |number: &Value| {
            others.clone().any(|other| other.header.values.get(at) == Some(number))
        };
        match document.header.values.get(at) {
            Some(Value::Text(given)) if !given.trim().is_empty() => {
                if taken(&Value::text(given)) {
                    let message = format!("单据编号“{given}”已存在，不能重复");
                    errors.push(SaveError::new(&meta.number, message));
                }
            }
            _ => {
                let prefix = prefix(&meta.id);
                let first = form.documents.len() + 1;
                let fresh = (first..).map(|n| Value::text(format!("{prefix}{n:06}")));
                if let Some(number) = fresh.into_iter().find(|number| !taken(number)) {
                    document.header.set(at, number);
                }
            }
        }
    }
}

fn check_required(known: &[FieldMeta], fields: &Fields, errors: &mut Vec<SaveError>) {
    for (at, field) in known.iter().enumerate().filter(|(_, f)| f.must_input && !f.removed) {
        let is_empty = fields.values.get(at).is_none_or(|value| *value == field.kind.empty());
        if is_empty && !fields.given.iter().any(|(index, ..)| *index == at) {
            let message = format!("字段“{}”是必录字段", field.caption);
            errors.push(SaveError::new(&field.key, message));
        }
    }
}

fn integer(object: &Map<String, Json>, key: &str) -> Option<i64> {
    let (_, value) = object.iter().find(|(name, _)| name.eq_ignore_ascii_case(key))?;
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// The prefixes the made-up tenant's numbering rules give.
fn prefix(form: &str) -> &str {
    match form {
        "SAL_OUTSTOCK" => "XSCKD",
        "QM_InspectBill" => "JYD",
        "PRD_INSTOCK" => "SCRK",
        other => other.rsplit('_').next().unwrap_or(other),
    }
}
