//! A file as keys and values: `sync.look_back_s`, `job.build.after`, `stream.order.key`.

use std::collections::BTreeMap;

use toml::de::DeTable;
use toml::{Table, Value};

/// Tables in a list go by this key of theirs, so that moving one changes nothing.
const NAMES: [&str; 2] = ["name", "kind"];

/// Values by key, in the order of the keys.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Flat {
    pub(crate) values: BTreeMap<String, Value>,
}

impl Flat {
    /// Reads a text; or the line of the mistake and what it is.
    pub(crate) fn parse(text: &str) -> Result<Self, (usize, String)> {
        // The messages of this parser quote nothing of the text, which may hold a secret.
        if let Err(error) = DeTable::parse(text) {
            let start = error.span().unwrap_or_default().start;
            let before = text.as_bytes().get(..start).unwrap_or_default();
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            return Err((line, error.message().to_owned()));
        }
        let table: Table = text.parse().map_err(|_| (1, "it has no form".to_owned()))?;
        let mut flat = Self::default();
        flat.take_table("", &table);
        Ok(flat)
    }

    /// A text under a key.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.values.get(key).and_then(Value::as_str)
    }

    fn take_table(&mut self, prefix: &str, table: &Table) {
        for (key, value) in table {
            let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
            self.take(name, value);
        }
    }

    fn take(&mut self, key: String, value: &Value) {
        match value {
            Value::Table(table) => self.take_table(&key, table),
            Value::Array(list) if !list.is_empty() && names(list).is_some() => {
                let names = names(list).unwrap_or_default();
                for (name, item) in names.iter().zip(list) {
                    self.take(format!("{key}.{name}"), item);
                }
            }
            other => drop(self.values.insert(key, other.clone())),
        }
    }
}

/// The names of the tables in a list; none if one has none or two have the same.
fn names(list: &[Value]) -> Option<Vec<&str>> {
    NAMES.iter().find_map(|key| {
        let name = |item: &'_ Value| item.as_table().and_then(|t| t.get(*key)).is_some();
        if !list.iter().all(name) {
            return None;
        }
        let found: Option<Vec<_>> =
            list.iter().map(|item| item.as_table()?.get(*key)?.as_str()).collect();
        let found = found?;
        let distinct: std::collections::BTreeSet<_> = found.iter().collect();
        (distinct.len() == found.len()).then_some(found)
    })
}
