//! All forms of one data centre.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use super::document::Document;
use super::meta::{FieldMeta, FormMeta};
use super::value::Value;
use crate::forms;

/// First primary key handed out; real tenants start well above zero too.
const PK_FIRST: i64 = 100_001;

/// One form with its rows, in primary key order.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    pub(crate) meta: FormMeta,
    pub(crate) documents: BTreeMap<i64, Document>,
}

/// What the server holds.
///
/// [`Dataset::empty`] knows the standard forms and has no rows; `Dataset::from_company` is filled
/// from a made-up company. Rows are added with [`Dataset::put`].
#[derive(Debug, Clone)]
pub struct Dataset {
    forms: BTreeMap<String, Form>,
    next_pk: i64,
}

impl Dataset {
    /// The standard forms, without rows.
    #[must_use]
    pub fn empty() -> Self {
        let form = |meta: FormMeta| {
            (meta.id.to_ascii_uppercase(), Form { meta, documents: BTreeMap::new() })
        };
        Self { forms: forms::standard().into_iter().map(form).collect(), next_pk: PK_FIRST }
    }

    /// Adds a form that the standard set lacks, or replaces its description and drops its rows.
    pub fn add_form(&mut self, meta: FormMeta) {
        let form = Form { meta, documents: BTreeMap::new() };
        self.forms.insert(form.meta.id.to_ascii_uppercase(), form);
    }

    /// Makes a form unknown. Answers whether it was known.
    pub fn remove_form(&mut self, form: &str) -> bool {
        self.forms.remove(&form.to_ascii_uppercase()).is_some()
    }

    /// Adds a field to a form, or replaces the one of that key. Answers whether the form is known.
    pub fn add_field(&mut self, form: &str, in_entry: bool, field: FieldMeta) -> bool {
        self.form_mut(form).map(|form| form.meta.add_field(in_entry, field)).is_some()
    }

    /// Makes a field vanish. Answers whether it was there.
    pub fn remove_field(&mut self, form: &str, key: &str) -> bool {
        self.form_mut(form).is_some_and(|form| form.meta.remove_field(key))
    }

    /// Physically deletes a row, leaving no trace. Answers whether it was there.
    pub fn delete(&mut self, form: &str, pk: i64) -> bool {
        self.form_mut(form).is_some_and(|form| form.documents.remove(&pk).is_some())
    }

    /// Number of rows of a form, or `None` when the form is unknown.
    #[must_use]
    pub fn rows(&self, form: &str) -> Option<usize> {
        self.form(form).map(|form| form.documents.len())
    }

    /// Sets the change time of a row that has one. Answers whether it did.
    pub fn touch(&mut self, form: &str, pk: i64, at: NaiveDateTime) -> bool {
        let Some(form) = self.form_mut(form) else { return false };
        let Some(index) = form.meta.header_index("FModifyDate") else { return false };
        let Some(document) = form.documents.get_mut(&pk) else { return false };
        match document.header.values.get_mut(index) {
            Some(value) => {
                *value = Value::Moment(at);
                true
            }
            None => false,
        }
    }

    pub(crate) fn form(&self, id: &str) -> Option<&Form> {
        self.forms.get(&id.to_ascii_uppercase())
    }

    pub(crate) fn form_mut(&mut self, id: &str) -> Option<&mut Form> {
        self.forms.get_mut(&id.to_ascii_uppercase())
    }

    /// A key never handed out before.
    pub(crate) fn take_pk(&mut self) -> i64 {
        let pk = self.next_pk;
        self.next_pk += 1;
        pk
    }

    /// Keeps later keys above one that was chosen by the caller.
    pub(crate) fn reserve_pk(&mut self, pk: i64) {
        self.next_pk = self.next_pk.max(pk.saturating_add(1));
    }
}
