//! What the server holds: records of texts by root tag.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// A record: texts by tag, and for a document an array of lines under `entry`. A tag that begins with
/// `_` is a database column that no document shows.
pub type Record = Map<String, Value>;

/// A root tag and its database columns with the tags they are written as.
type Root = (&'static str, &'static [(&'static str, &'static str)]);

/// Root tags, and the columns a query may name (reference: yonyou.md 3.1, 4.2).
const ROOTS: &[Root] = &[
    ("inventory", &[("cInvCode", "code"), ("dSDate", "start_date"), ("dModifyDate", "modifydate")]),
    (
        "customer",
        &[("cCusCode", "code"), ("dCusDevDate", "seed_date"), ("dModifyDate", "modifydate")],
    ),
    (
        "vendor",
        &[("cVenCode", "code"), ("dVenDevDate", "seed_date"), ("dModifyDate", "modifydate")],
    ),
    ("person", &[("cPersonCode", "code")]),
    ("department", &[("cDepCode", "code")]),
    (
        "saleorder",
        &[
            ("ID", "id"),
            ("cSOCode", "code"),
            ("dDate", "date"),
            ("dmoddate", "_dmoddate"),
            ("dverifydate", "_dverifydate"),
            ("dclosedate", "_dclosedate"),
        ],
    ),
    (
        "consignment",
        &[
            ("DLID", "id"),
            ("cDLCode", "code"),
            ("dDate", "date"),
            ("dmoddate", "_dmoddate"),
            ("dverifydate", "_dverifydate"),
        ],
    ),
    ("storeout", STOCK),
    ("storein", STOCK),
];

const STOCK: &[(&str, &str)] = &[
    ("ID", "id"),
    ("cCode", "code"),
    ("cVouchType", "vouchtype"),
    ("dDate", "date"),
    ("dModifyDate", "_dmodifydate"),
    ("dVeriDate", "auditdate"),
];

/// What the server holds.
///
/// [`Dataset::empty`] knows the root tags and has no records; `Dataset::from_company` is filled from a
/// made-up company.
#[derive(Debug, Clone)]
pub struct Dataset {
    roots: BTreeMap<&'static str, BTreeMap<String, Record>>,
    next_id: u64,
    /// Bills of NC by their id.
    pub(crate) bills: BTreeMap<String, String>,
}

impl Dataset {
    /// The root tags, without records.
    #[must_use]
    pub fn empty() -> Self {
        let roots = ROOTS.iter().map(|(root, _)| (*root, BTreeMap::new())).collect();
        Self { roots, next_id: 1_000_000_001, bills: BTreeMap::new() }
    }

    /// Stores a record under its id, or its code if its root tag has none, replacing one that has it.
    /// A document without id gets one. Answers the key; none if the root tag is unknown or the record
    /// has no key.
    pub fn put(&mut self, root: &str, mut record: Record) -> Option<String> {
        let has_id = columns(root)?.iter().any(|(_, tag)| *tag == "id");
        if has_id && !record.contains_key("id") {
            record.insert("id".to_owned(), Value::String(self.next_id.to_string()));
            self.next_id += 1;
        }
        let key = record.get(if has_id { "id" } else { "code" })?.as_str()?.to_owned();
        self.roots.get_mut(root)?.insert(key.clone(), record);
        Some(key)
    }

    /// Physically deletes a record. Answers whether it was there.
    pub fn delete(&mut self, root: &str, key: &str) -> bool {
        self.roots.get_mut(root).is_some_and(|records| records.remove(key).is_some())
    }

    /// The records of a root tag.
    pub fn records(&self, root: &str) -> impl Iterator<Item = &Record> {
        self.roots.get(root).into_iter().flat_map(BTreeMap::values)
    }

    /// Number of bills NC has taken.
    #[must_use]
    pub fn bills(&self) -> usize {
        self.bills.len()
    }
}

/// The columns of a root tag, none if it is unknown.
pub(crate) fn columns(root: &str) -> Option<&'static [(&'static str, &'static str)]> {
    ROOTS.iter().find(|(known, _)| *known == root).map(|(_, columns)| *columns)
}

/// The text of a tag.
pub(crate) fn text<'r>(record: &'r Record, tag: &str) -> &'r str {
    record.get(tag).and_then(Value::as_str).unwrap_or_default()
}
