//! Documents of every object.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::Object;

/// A master, or a document with its lines as they stand in flattened rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Document {
    pub(crate) header: Map<String, Json>,
    pub(crate) lines: Vec<Map<String, Json>>,
}

/// What the server holds.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    objects: BTreeMap<Object, Vec<Document>>,
}

impl Dataset {
    /// Inserts or replaces a document by its `id`, of vendors by `id` and `org`. Keys are those of
    /// rows; anything but an object counts as an empty one.
    pub fn put(&mut self, object: Object, header: Json, lines: Vec<Json>) {
        let map = |value: Json| match value {
            Json::Object(map) => map,
            _ => Map::new(),
        };
        let lines = lines.into_iter().map(map).collect();
        let document = Document { header: map(header), lines };
        let documents = self.objects.entry(object).or_default();
        match documents.binary_search_by(|known| order(known, &document)) {
            Ok(at) => {
                if let Some(known) = documents.get_mut(at) {
                    *known = document;
                }
            }
            Err(at) => documents.insert(at, document),
        }
    }

    /// Physically deletes every row of an id, leaving no trace. Answers whether it was there.
    pub fn delete(&mut self, object: Object, id: &str) -> bool {
        let documents = self.objects.entry(object).or_default();
        let before = documents.len();
        documents.retain(|document| text(document.header.get("id")) != id);
        documents.len() < before
    }

    /// Sets one field of a document's header. Answers whether the document was there.
    pub fn set(&mut self, object: Object, id: &str, field: &str, value: Json) -> bool {
        let mut documents = self.objects.entry(object).or_default().iter_mut();
        match documents.find(|document| text(document.header.get("id")) == id) {
            Some(document) => {
                document.header.insert(field.to_owned(), value);
                true
            }
            None => false,
        }
    }

    /// Number of documents of an object.
    #[must_use]
    pub fn len(&self, object: Object) -> usize {
        self.documents(object).len()
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.objects.values().all(Vec::is_empty)
    }

    /// The documents in the order of their ids.
    pub(crate) fn documents(&self, object: Object) -> &[Document] {
        self.objects.get(&object).map_or(&[], Vec::as_slice)
    }
}

fn order(one: &Document, other: &Document) -> Ordering {
    let key = |document: &Document| {
        let id = text(document.header.get("id"));
        (id.len(), id, text(document.header.get("org")))
    };
    key(one).cmp(&key(other))
}

/// A scalar as text; nothing for null and what is not there.
pub(crate) fn text(value: Option<&Json>) -> String {
    match value {
        Some(Json::String(text)) => text.clone(),
        None | Some(Json::Null) => String::new(),
        Some(value) => value.to_string(),
    }
}
