//! Reads one table of the file: kinds, bounds, unknown keys; every problem is kept, none ends it.

use std::collections::BTreeSet;

use toml::{Table, Value};

use crate::config::Problem;
use crate::secret::{Secret, SecretSource};

/// One table, with the problems found so far.
pub(crate) struct Section<'p> {
    table: Table,
    path: String,
    asked: BTreeSet<&'static str>,
    problems: &'p mut Vec<Problem>,
}

impl<'p> Section<'p> {
    pub(crate) fn new(path: String, table: Table, problems: &'p mut Vec<Problem>) -> Self {
        Self { table, path, asked: BTreeSet::new(), problems }
    }

    /// Notes a problem of a key.
    pub(crate) fn problem(&mut self, key: &str, message: impl Into<String>) {
        let path = if key.is_empty() { self.path.clone() } else { format!("{} {key}", self.path) };
        self.problems.push(Problem { path, message: message.into() });
    }

    /// The value of a key, taken out; what is left at the end is unknown.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<Value> {
        self.asked.insert(key);
        self.table.remove(key)
    }

    /// A text that is not empty.
    pub(crate) fn text(&mut self, key: &'static str) -> Option<String> {
        match self.take(key)? {
            Value::String(text) if !text.trim().is_empty() => Some(text),
            _ => {
                self.problem(key, "should be a text that is not empty");
                None
            }
        }
    }

    /// A text that must be there.
    pub(crate) fn needed_text(&mut self, key: &'static str) -> Option<String> {
        if !self.table.contains_key(key) {
            self.asked.insert(key);
            self.problem(key, "is missing");
            return None;
        }
        self.text(key)
    }

    /// One of some words, by what parses them.
    pub(crate) fn word<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Option<T>,
        known: &[&str],
    ) -> Option<T> {
        let text = self.text(key)?;
        let parsed = parse(&text);
        if parsed.is_none() {
            self.problem(key, format!("`{text}` should be one of {}", known.join(", ")));
        }
        parsed
    }

    /// One of some words, which must be there.
    pub(crate) fn needed_word<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Option<T>,
        known: &[&str],
    ) -> Option<T> {
        if !self.table.contains_key(key) {
            self.asked.insert(key);
            self.problem(key, format!("is missing; it is one of {}", known.join(", ")));
            return None;
        }
        self.word(key, parse, known)
    }

    /// A whole number within bounds, or the default.
    pub(crate) fn integer(&mut self, key: &'static str, min: i64, max: i64, default: i64) -> i64 {
        match self.take(key) {
            None => default,
            Some(Value::Integer(number)) if (min..=max).contains(&number) => number,
            Some(_) => {
                self.problem(key, format!("should be a whole number from {min} to {max}"));
                default
            }
        }
    }

    /// A list of texts; a single text is a list of one.
    pub(crate) fn texts(&mut self, key: &'static str) -> Vec<String> {
        let Some(value) = self.take(key) else { return Vec::new() };
        texts(&value).unwrap_or_else(|| {
            self.problem(key, "should be a list of texts");
            Vec::new()
        })
    }

    /// A reference to a secret, resolved.
    pub(crate) fn secret(
        &mut self,
        key: &'static str,
        secrets: &dyn SecretSource,
    ) -> Option<Secret> {
        let reference = self.text(key)?;
        if !reference.starts_with("env:") && !reference.starts_with("file:") {
            // The value is not repeated: it may be the secret itself.
            self.problem(key, "is a secret: write env:NAME or file:PATH instead of its value");
            return None;
        }
        match secrets.resolve(&reference) {
            Ok(value) if !value.trim().is_empty() => Some(Secret::new(value.trim())),
            Ok(_) => {
                self.problem(key, format!("{reference} is empty"));
                None
            }
            Err(why) => {
                self.problem(key, why);
                None
            }
        }
    }

    /// A secret that must be there.
    pub(crate) fn needed_secret(
        &mut self,
        key: &'static str,
        secrets: &dyn SecretSource,
    ) -> Option<Secret> {
        if !self.table.contains_key(key) {
            self.asked.insert(key);
            self.problem(key, "is missing: write env:NAME or file:PATH");
            return None;
        }
        self.secret(key, secrets)
    }

    /// A table of tables or values under a key.
    pub(crate) fn table(&mut self, key: &'static str) -> Table {
        match self.take(key) {
            None => Table::new(),
            Some(Value::Table(table)) => table,
            Some(_) => {
                self.problem(key, "should be a table");
                Table::new()
            }
        }
    }

    /// A list of tables, written `[[key]]`.
    pub(crate) fn tables(&mut self, key: &'static str) -> Vec<Table> {
        let Some(value) = self.take(key) else { return Vec::new() };
        let list = match value {
            Value::Array(list) => list.into_iter().map(|v| match v {
                Value::Table(table) => Some(table),
                _ => None,
            }),
            _ => {
                self.problem(key, format!("should be a list, written [[{key}]]"));
                return Vec::new();
            }
        };
        let tables: Option<Vec<_>> = list.collect();
        tables.unwrap_or_else(|| {
            self.problem(key, format!("should be a list of tables, written [[{key}]]"));
            Vec::new()
        })
    }

    /// Reports every key that nobody asked for.
    pub(crate) fn finish(self) {
        let known: Vec<_> = self.asked.iter().copied().collect();
        for key in self.table.keys() {
            self.problems.push(Problem {
                path: format!("{} {key}", self.path),
                message: format!("unknown key; known keys are {}", known.join(", ")),
            });
        }
    }
}

/// A value as a list of texts that are not empty.
pub(crate) fn texts(value: &Value) -> Option<Vec<String>> {
    let text = |value: &Value| match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        _ => None,
    };
    match value {
        Value::Array(list) => list.iter().map(text).collect(),
        one => text(one).map(|text| vec![text]),
    }
}
