//! Configuration fields as data, and the checked values.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;
use toml::Value;

use crate::secret::Secret;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "type", content = "of")]
pub enum FieldKind {
    /// Any text that is not empty.
    Text,
    /// A reference to a secret: `env:NAME` or `file:PATH`; a value in clear is refused.
    Secret,
    /// A whole number within bounds, both inclusive.
    Integer {
        /// The smallest.
        min: i64,
        /// The largest.
        max: i64,
    },
    /// A fraction within bounds, both inclusive; for thresholds, never for money.
    Fraction {
        /// The smallest.
        min: f64,
        /// The largest.
        max: f64,
    },
    /// `true` or `false`.
    Boolean,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// An http or https address.
    Url,
    /// A file or folder, relative to the configuration folder.
    Path,
    /// A list of texts.
    TextList,
    /// A table of lists of texts, for instance extra fields by stream.
    TextListTable,
    /// A table of whole numbers that are not negative, for instance seconds by event type.
    IntegerTable,
    /// A table of any content that the connector checks itself, for instance fixed fields of a
    /// document as the system names them.
    Table,
    /// A list of tables, checked by the connector, for instance the streams of a database.
    TableList,
    /// An IANA time zone name.
    TimeZone,
}

/// One configuration field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldSpec {
    /// As written in the file.
    pub name: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether it must be given.
    pub required: bool,
    /// The value in TOML form if it is left out.
    pub default: Option<&'static str>,
    /// One sentence for a person: Chinese, then English.
    pub help: &'static str,
}

/// All fields of one kind of system.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConfigSpec {
    /// The fields in the order of a form.
    pub fields: Vec<FieldSpec>,
}

/// One thing wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConfigProblem {
    /// Where: `systems/erp-main.toml: base_url`.
    pub path: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl ConfigProblem {
    /// A problem at `path`.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into() }
    }
}

/// Resolves what only the composition root may read.
pub trait SecretSource {
    /// The value behind `env:NAME` or `file:PATH`, or why there is none.
    fn resolve(&self, reference: &str) -> std::result::Result<String, String>;

    /// A configured path made absolute.
    fn path(&self, written: &str) -> PathBuf;
}

/// Checked values of one system. Defaults are filled in; every field has its kind.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The system's name, which is part of its raw tables' names.
    pub system: String,
    values: BTreeMap<&'static str, Value>,
    secrets: BTreeMap<&'static str, Secret>,
    paths: BTreeMap<&'static str, PathBuf>,
}

impl Settings {
    /// Checks a table against a spec and returns every problem at once.
    ///
    /// Keys in `reserved` belong to the hub (`kind`, `streams`, …) and are passed over.
    pub fn check(
        system: &str,
        spec: &ConfigSpec,
        table: &toml::Table,
        reserved: &[&str],
        secrets: &dyn SecretSource,
    ) -> std::result::Result<Self, Vec<ConfigProblem>> {
        let mut settings = Self {
            system: system.to_owned(),
            values: BTreeMap::new(),
            secrets: BTreeMap::new(),
            paths: BTreeMap::new(),
        };
        let mut problems = Vec::new();
        for key in table.keys() {
            let is_known = spec.fields.iter().any(|field| field.name == key);
            if !is_known && !reserved.contains(&key.as_str()) {
                let known: Vec<_> = spec.fields.iter().map(|field| field.name).collect();
                problems.push(ConfigProblem::new(
                    key,
                    format!("unknown key; known keys are {}", known.join(", ")),
                ));
            }
        }
        for field in &spec.fields {
            if let Err(message) = settings.take(field, table.get(field.name), secrets) {
                problems.push(ConfigProblem::new(field.name, message));
            }
        }
        if problems.is_empty() { Ok(settings) } else { Err(problems) }
    }

    fn take(
        &mut self,
        field: &FieldSpec,
        given: Option<&Value>,
        secrets: &dyn SecretSource,
    ) -> std::result::Result<(), String> {
        let value = match (given, field.default) {
            (Some(value), _) => value.clone(),
            (None, Some(text)) => parse_default(text)?,
            (None, None) if field.required => return Err(format!("is required: {}", field.help)),
            (None, None) => return Ok(()),
        };
        check_kind(field.kind, &value)?;
        let text = value.as_str().unwrap_or_default();
        match field.kind {
            FieldKind::Secret => {
                self.secrets.insert(field.name, Secret::new(secrets.resolve(text)?));
            }
            FieldKind::Path => {
                self.paths.insert(field.name, secrets.path(text));
            }
            _ => {
                self.values.insert(field.name, value);
            }
        }
        Ok(())
    }

    /// A text, choice, address or time zone; none if it was left out.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).and_then(Value::as_str)
    }

    /// A whole number; none if it was left out.
    pub fn integer(&self, name: &str) -> Option<i64> {
        self.values.get(name).and_then(Value::as_integer)
    }

    /// A fraction; none if it was left out.
    pub fn fraction(&self, name: &str) -> Option<f64> {
        let value = self.values.get(name)?;
        value.as_float().or(value.as_integer().map(|n| n as f64))
    }

    /// A yes or no; none if it was left out.
    pub fn boolean(&self, name: &str) -> Option<bool> {
        self.values.get(name).and_then(Value::as_bool)
    }

    /// A path made absolute; none if it was left out.
    pub fn path(&self, name: &str) -> Option<&PathBuf> {
        self.paths.get(name)
    }

    /// A resolved secret; none if it was left out.
    pub fn secret(&self, name: &str) -> Option<&Secret> {
        self.secrets.get(name)
    }

    /// A list of texts; empty if it was left out.
    pub fn text_list(&self, name: &str) -> Vec<String> {
        self.values.get(name).map(texts).unwrap_or_default()
    }

    /// A table of lists of texts; empty if it was left out.
    pub fn text_list_table(&self, name: &str) -> BTreeMap<String, Vec<String>> {
        let table = self.values.get(name).and_then(Value::as_table);
        table.into_iter().flatten().map(|(key, list)| (key.clone(), texts(list))).collect()
    }

    /// A table of whole numbers; empty if it was left out.
    pub fn integer_table(&self, name: &str) -> BTreeMap<String, i64> {
        let table = self.values.get(name).and_then(Value::as_table);
        table.map(|table| numbers(table).collect()).unwrap_or_default()
    }

    /// A table of any content; empty if it was left out.
    pub fn table(&self, name: &str) -> toml::Table {
        self.values.get(name).and_then(Value::as_table).cloned().unwrap_or_default()
    }

    /// A list of tables; empty if it was left out.
    pub fn tables(&self, name: &str) -> Vec<toml::Table> {
        let items = self.values.get(name).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_table).cloned().collect()
    }
}

fn numbers(table: &toml::Table) -> impl Iterator<Item = (String, i64)> + '_ {
    table.iter().filter_map(|(key, value)| Some((key.clone(), value.as_integer()?)))
}

fn texts(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn parse_default(text: &str) -> std::result::Result<Value, String> {
    let table: toml::Table =
        toml::from_str(&format!("v = {text}")).map_err(|e| format!("default {text}: {e}"))?;
    table.get("v").cloned().ok_or_else(|| format!("default {text} holds no value"))
}

fn check_kind(kind: FieldKind, value: &Value) -> std::result::Result<(), String> {
    let is_texts = |v: &Value| v.as_array().is_some_and(|a| a.iter().all(Value::is_str));
    let wrong = |wanted: &str| Err(format!("is {}, should be {wanted}", value.type_str()));
    match kind {
        FieldKind::Integer { min, max } => match value.as_integer() {
            Some(n) if (min..=max).contains(&n) => Ok(()),
            Some(n) => Err(format!("is {n}, should be between {min} and {max}")),
            None => wrong("a whole number"),
        },
        FieldKind::Fraction { min, max } => {
            match value.as_float().or(value.as_integer().map(|n| n as f64)) {
                Some(n) if (min..=max).contains(&n) => Ok(()),
                Some(n) => Err(format!("is {n}, should be between {min} and {max}")),
                None => wrong("a number"),
            }
        }
        FieldKind::IntegerTable => match value.as_table() {
            Some(t) if t.values().all(|v| v.as_integer().is_some_and(|n| n >= 0)) => Ok(()),
            _ => wrong("a table of whole numbers that are not negative"),
        },
        FieldKind::Table if !value.is_table() => wrong("a table"),
        FieldKind::Boolean if !value.is_bool() => wrong("true or false"),
        FieldKind::TextList if !is_texts(value) => wrong("a list of texts"),
        FieldKind::TextListTable => match value.as_table() {
            Some(table) if table.values().all(is_texts) => Ok(()),
            _ => wrong("a table of lists of texts"),
        },
        FieldKind::TableList => match value.as_array() {
            Some(list) if list.iter().all(Value::is_table) => Ok(()),
            _ => wrong("a list of tables"),
        },
        FieldKind::Boolean | FieldKind::TextList | FieldKind::Table => Ok(()),
        _ => match value.as_str().map(str::trim) {
            None => wrong("a text"),
            Some("") => Err("is empty".to_owned()),
            Some(text) => check_text(kind, text),
        },
    }
}

fn check_text(kind: FieldKind, text: &str) -> std::result::Result<(), String> {
    match kind {
        FieldKind::Choice(words) if !words.contains(&text) => {
            Err(format!("is `{text}`, should be one of {}", words.join(", ")))
        }
        FieldKind::Secret if !text.starts_with("env:") && !text.starts_with("file:") => {
            Err("holds a secret in clear; write env:NAME or file:PATH instead".to_owned())
        }
        FieldKind::Url if !text.starts_with("http://") && !text.starts_with("https://") => {
            Err(format!("is `{text}`, should start with http:// or https://"))
        }
        FieldKind::TimeZone if text.parse::<chrono_tz::Tz>().is_err() => {
            Err(format!("is `{text}`, should be an IANA time zone such as Asia/Shanghai"))
        }
        _ => Ok(()),
    }
}
