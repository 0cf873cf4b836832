//! How the object behind a stream differs from what it was: schema drift.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use yuanliu_contract::DiscoveredObject;

/// A field as it matters to the hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShapeField {
    /// The system's own word for its type.
    pub data_type: String,
    /// Whether the hub reads it.
    pub is_read: bool,
}

/// The fields of the object behind a stream, by name.
pub type Shape = BTreeMap<String, ShapeField>;

/// The shape of an object that was discovered.
pub fn shape_of(object: &DiscoveredObject) -> Shape {
    let field = |field: &yuanliu_contract::DiscoveredField| {
        let shape = ShapeField { data_type: field.data_type.clone(), is_read: field.is_read };
        (field.name.clone(), shape)
    };
    object.fields.iter().map(field).collect()
}

/// What became of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It was not there.
    New,
    /// It is not there any more.
    Vanished,
    /// It has another type.
    Retyped,
}

impl ChangeKind {
    /// The word of the JSON form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Vanished => "vanished",
            Self::Retyped => "retyped",
        }
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// The field.
    pub field: String,
    /// What became of it.
    pub change: ChangeKind,
    /// Its type before.
    pub was: Option<String>,
    /// Its type now.
    pub now: Option<String>,
    /// Whether the hub reads it, or read it.
    pub is_read: bool,
}

impl FieldChange {
    /// Whether rows read now may mean something else than rows read before.
    pub fn is_breaking(&self) -> bool {
        self.is_read && self.change != ChangeKind::New
    }
}

/// The differences, in the order of field names.
///
/// A configuration that reads more or fewer fields changes nothing in the system and is no difference.
pub fn changes(before: &Shape, now: &Shape) -> Vec<FieldChange> {
    let names: BTreeSet<_> = before.keys().chain(now.keys()).collect();
    let change = |name: &String| {
        let (was, is) = (before.get(name), now.get(name));
        let change = match (was, is) {
            (None, Some(_)) => ChangeKind::New,
            (Some(_), None) => ChangeKind::Vanished,
            (Some(was), Some(is)) if was.data_type != is.data_type => ChangeKind::Retyped,
            _ => return None,
        };
        Some(FieldChange {
            field: name.clone(),
            change,
            was: was.map(|field| field.data_type.clone()),
            now: is.map(|field| field.data_type.clone()),
            is_read: [was, is].into_iter().flatten().any(|field| field.is_read),
        })
    };
    names.into_iter().filter_map(change).collect()
}

/// What a run does with a stream whose object has breaking differences that nobody has accepted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftPolicy {
    /// Reads on: what can be typed lands, what cannot is rejected.
    #[default]
    Evolve,
    /// Does not read; the position stays.
    Freeze,
    /// Lands the rows in `quarantine`, where no model reads them; the position stays, so that they are read
    /// again once the difference is accepted.
    Quarantine,
}

impl DriftPolicy {
    /// Every policy with the word it is configured by.
    pub const ALL: [(&'static str, Self); 3] =
        [("evolve", Self::Evolve), ("freeze", Self::Freeze), ("quarantine", Self::Quarantine)];

    /// The word it is configured by.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, policy)| *policy == self).map_or("", |(word, _)| word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(fields: &[(&str, &str, bool)]) -> Shape {
        let field = |(name, data_type, is_read): &(&str, &str, bool)| {
            let shape = ShapeField { data_type: (*data_type).to_owned(), is_read: *is_read };
            ((*name).to_owned(), shape)
        };
        fields.iter().map(field).collect()
    }

    #[test]
    fn differences_are_named_and_only_those_that_are_read_break() {
        let before =
            shape(&[("qty", "int", true), ("memo", "text", false), ("price", "money", true)]);
        let now =
            shape(&[("qty", "text", true), ("F_X", "text", false), ("price", "money", false)]);
        let found = changes(&before, &now);
        let told: Vec<_> = found
            .iter()
            .map(|c| (c.field.as_str(), c.change.as_str(), c.is_read, c.is_breaking()))
            .collect();
        assert_eq!(
            told,
            [
                ("F_X", "new", false, false),
                ("memo", "vanished", false, false),
                ("qty", "retyped", true, true),
            ]
        );
        assert!(changes(&now, &now).is_empty());
    }
}
