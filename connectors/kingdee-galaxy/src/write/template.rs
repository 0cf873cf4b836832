//! What a site adds to a document: fixed fields, and fields for what has no documented place.

use serde_json::{Map, Value as Json};
use toml::Value as Toml;
use yuanliu_contract::OutgoingKind;

use super::config::is_field_key;

/// Fields of each kind that have no documented place on the form; `lines.` marks those of a line.
const DELIVERY_FIELDS: &[&str] =
    &["delivery_no", "order_no", "lines.line_no", "lines.order_line_no"];
const INSPECTION_FIELDS: &[&str] =
    &["inspection_no", "subject", "stage", "inspector", "report_ref"];

/// Fixed fields of header and lines, and where further fields of a document go.
pub(super) struct Template {
    entity: &'static str,
    pub(super) header: Map<String, Json>,
    pub(super) line: Map<String, Json>,
    /// Field of a document to field key, with a property where the field is base data.
    mapping: Vec<(String, String)>,
}

impl Template {
    pub(super) fn new(entity: &'static str) -> Self {
        Self { entity, header: Map::new(), line: Map::new(), mapping: Vec::new() }
    }

    /// Takes fixed fields as the form names them; the entity's key holds those of every line.
    pub(super) fn take_defaults(
        &mut self,
        given: Option<&Toml>,
        owned: &[String],
        owned_by_line: &[String],
        problem: &mut dyn FnMut(String, String),
    ) {
        let Some(given) = given else { return };
        let Some(table) = given.as_table() else {
            return problem(String::new(), "should be a table".to_owned());
        };
        for (key, value) in table {
            match value.as_table() {
                Some(line) if key.eq_ignore_ascii_case(self.entity) => {
                    for (field, value) in line {
                        let path = format!(".{key}.{field}");
                        take(&mut self.line, path, field, value, owned_by_line, problem);
                    }
                }
                _ => take(&mut self.header, format!(".{key}"), key, value, owned, problem),
            }
        }
    }

    /// Takes where further fields of a document go.
    pub(super) fn take_mapping(
        &mut self,
        kind: OutgoingKind,
        given: Option<&Toml>,
        problem: &mut dyn FnMut(String, String),
    ) {
        let Some(given) = given else { return };
        let Some(table) = given.as_table() else {
            return problem(String::new(), "should be a table".to_owned());
        };
        let known = match kind {
            OutgoingKind::DeliveryResult => DELIVERY_FIELDS,
            OutgoingKind::InspectionResult => INSPECTION_FIELDS,
        };
        for (field, key) in table {
            let path = format!(".{field}");
            let key = key.as_str().unwrap_or_default();
            let is_key = key.split('.').count() <= 2 && key.split('.').all(is_field_key);
            if !known.contains(&field.as_str()) {
                let message = format!("cannot be sent elsewhere; fields are {}", known.join(", "));
                problem(path, message);
            } else if !is_key {
                let message = format!(
                    "is `{key}`, should be a field key such as F_SITE_Text or FInspectorId.FNumber"
                );
                problem(path, message);
            } else {
                self.mapping.push((field.clone(), key.to_owned()));
            }
        }
    }

    /// Adds the further fields of a document's header to a model.
    pub(super) fn map_header(&self, body: &Json, model: &mut Map<String, Json>) {
        for (field, key) in self.mapping.iter().filter(|(field, _)| !field.starts_with("lines.")) {
            put(model, key, &body[field]);
        }
    }

    /// Adds the further fields of one line to an entry.
    pub(super) fn map_line(&self, line: &Json, entry: &mut Map<String, Json>) {
        for (field, key) in &self.mapping {
            if let Some(field) = field.strip_prefix("lines.") {
                put(entry, key, &line[field]);
            }
        }
    }
}

fn put(object: &mut Map<String, Json>, key: &str, value: &Json) {
    if value.is_null() {
        return;
    }
    match key.split_once('.') {
        Some((key, property)) => {
            let reference = Map::from_iter([(property.to_owned(), value.clone())]);
            object.insert(key.to_owned(), Json::Object(reference));
        }
        None => {
            object.insert(key.to_owned(), value.clone());
        }
    }
}

fn take(
    fields: &mut Map<String, Json>,
    path: String,
    key: &str,
    value: &Toml,
    owned: &[String],
    problem: &mut dyn FnMut(String, String),
) {
    if owned.iter().any(|name| name.eq_ignore_ascii_case(key)) {
        return problem(path, "is filled from the document and cannot be fixed".to_owned());
    }
    if !is_field_key(key) {
        return problem(path, "should be a field key, which begins with F".to_owned());
    }
    match json(value) {
        Some(value) => {
            fields.insert(key.to_owned(), value);
        }
        None => problem(path, "write fractions and dates as text, to keep them exact".to_owned()),
    }
}

/// A value without fractions and dates, which TOML would not hand over as they were written.
fn json(value: &Toml) -> Option<Json> {
    Some(match value {
        Toml::String(text) => Json::from(text.as_str()),
        Toml::Integer(number) => Json::from(*number),
        Toml::Boolean(flag) => Json::from(*flag),
        Toml::Array(items) => Json::Array(items.iter().map(json).collect::<Option<_>>()?),
        Toml::Table(table) => {
            let pairs = table.iter().map(|(key, value)| Some((key.clone(), json(value)?)));
            Json::Object(pairs.collect::<Option<_>>()?)
        }
        Toml::Float(_) | Toml::Datetime(_) => return None,
    })
}
