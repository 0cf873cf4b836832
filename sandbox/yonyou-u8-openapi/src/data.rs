//! What the server holds: rows of texts by resource.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// A row: texts by column, and for a document an array of lines under `entry`.
pub type Row = Map<String, Value>;

/// Resources of which a list gives headers under a name of its own, and the key `/get` takes.
pub(crate) const DOCUMENTS: &[(&str, &str)] = &[
    ("saleorder", "code"),
    ("consignment", "code"),
    ("saleout", "id"),
    ("materialout", "id"),
    ("productin", "id"),
];

/// Resources that are listed whole.
const MASTERS: &[&str] = &[
    "inventory",
    "inventoryclass",
    "customer",
    "customerclass",
    "vendor",
    "person",
    "department",
    "warehouse",
    "unit",
];

/// Resources a real relay documents `add` for (reference: yonyou.md 2.4), and the generic verb for
/// the sales outbound document.
const ADDABLE: &[&str] = &["inventory", "customer", "vendor", "saleorder", "saleout"];

/// What the server holds.
///
/// [`Dataset::empty`] knows the resources and has no rows; `Dataset::from_company` is filled from a
/// made-up company.
#[derive(Debug, Clone)]
pub struct Dataset {
    resources: BTreeMap<&'static str, BTreeMap<String, Row>>,
    next_id: u64,
}

impl Dataset {
    /// The resources, without rows.
    #[must_use]
    pub fn empty() -> Self {
        let names = MASTERS.iter().copied().chain(DOCUMENTS.iter().map(|(name, _)| *name));
        Self {
            resources: names.map(|name| (name, BTreeMap::new())).collect(),
            next_id: 1_000_000_001,
        }
    }

    /// Stores a row under its key, replacing one that has it. A row without `id` gets one if its
    /// resource is asked for by id. Answers the key; none if the resource is unknown or the row has
    /// no key.
    pub fn put(&mut self, resource: &str, mut row: Row) -> Option<String> {
        let field = key_field(resource);
        if field == "id" && !row.contains_key("id") {
            row.insert("id".to_owned(), Value::String(self.next_id.to_string()));
            self.next_id += 1;
        }
        let key = row.get(field)?.as_str()?.to_owned();
        self.resources.get_mut(resource)?.insert(key.clone(), row);
        Some(key)
    }

    /// Physically deletes a row, leaving no trace. Answers whether it was there.
    pub fn delete(&mut self, resource: &str, key: &str) -> bool {
        self.resources.get_mut(resource).is_some_and(|rows| rows.remove(key).is_some())
    }

    /// Number of rows, none if the resource is unknown.
    #[must_use]
    pub fn rows(&self, resource: &str) -> Option<usize> {
        self.resources.get(resource).map(BTreeMap::len)
    }

    /// The row of a key.
    #[must_use]
    pub fn get(&self, resource: &str, key: &str) -> Option<&Row> {
        self.resources.get(resource)?.get(key)
    }

    /// The rows of a resource in the order of their keys.
    pub(crate) fn all(&self, resource: &str) -> Option<impl Iterator<Item = &Row> + Clone> {
        self.resources.get(resource).map(BTreeMap::values)
    }

    /// Whether another row of the resource has this number.
    pub(crate) fn has_code(&self, resource: &str, code: &str) -> bool {
        let mut rows = self.resources.get(resource).into_iter().flat_map(BTreeMap::values);
        rows.any(|row| row.get("code").and_then(Value::as_str) == Some(code))
    }
}

/// The column `/get` names a row by.
pub(crate) fn key_field(resource: &str) -> &'static str {
    DOCUMENTS.iter().find(|(name, _)| *name == resource).map_or("code", |(_, field)| field)
}

/// Whether rows of the resource can be added.
pub(crate) fn is_addable(resource: &str) -> bool {
    ADDABLE.contains(&resource)
}

/// The resource whose rows a list gives, and whether it gives headers only: `saleorderlist` lists
/// `saleorder`.
pub(crate) fn listed(name: &str) -> Option<(&str, bool)> {
    match name.strip_suffix("list") {
        Some(document) => {
            DOCUMENTS.iter().any(|(known, _)| *known == document).then_some((document, true))
        }
        None => MASTERS.contains(&name).then_some((name, false)),
    }
}
