//! Which keys change.

use std::collections::BTreeSet;

use crate::flat::Flat;
use crate::secret::shown;
use crate::{HIDDEN, Surroundings};

/// How a key changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has another value.
    Changed,
}

impl ChangeKind {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// One key that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The file.
    pub path: String,
    /// How.
    pub kind: ChangeKind,
    /// The key with its sections: `sync.look_back_s`.
    pub key: String,
    /// The value before, as it may be shown.
    pub from: Option<String>,
    /// The value after, as it may be shown.
    pub to: Option<String>,
}

/// Compares two states of one file; none: there is no file.
pub(crate) fn compare(
    path: &str,
    before: Option<&Flat>,
    after: Option<&Flat>,
    surroundings: &Surroundings,
) -> Vec<Change> {
    let none = Flat::default();
    let mut hidden = surroundings.secret_fields.clone();
    if path == "alerts.toml" {
        // The address of a robot lets anybody speak through it.
        hidden.push("url".to_owned());
    }
    let (old, new) = (before.unwrap_or(&none), after.unwrap_or(&none));
    let keys: BTreeSet<_> = old.values.keys().chain(new.values.keys()).collect();
    let mut changes = Vec::new();
    for key in keys {
        let (from, to) = (old.values.get(key), new.values.get(key));
        let kind = match (from, to) {
            (None, Some(_)) => ChangeKind::Added,
            (Some(_), None) => ChangeKind::Removed,
            (Some(from), Some(to)) if from != to => ChangeKind::Changed,
            _ => continue,
        };
        changes.push(Change {
            path: path.to_owned(),
            kind,
            key: key.clone(),
            from: from.map(|value| shown(key, value, &hidden)),
            to: to.map(|value| shown(key, value, &hidden)),
        });
    }
    // Two secrets that differ look alike; that they differ is no secret.
    for change in &mut changes {
        if change.from.is_some() && change.from == change.to {
            change.to = Some(format!("{HIDDEN} ≠"));
        }
    }
    changes
}
