//! Change Tracking: which keys changed, and how.

use crate::values::{Row, Value, compare};

/// Changes of one table since tracking began or was cleaned up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tracked {
    /// Version, operation (`I`, `U`, `D`) and the row as it stood.
    pub(crate) log: Vec<(i64, char, Row)>,
    /// The oldest version a client may ask changes after.
    pub(crate) min_valid: i64,
}

/// The net change of one key.
pub(crate) struct Net {
    pub(crate) version: i64,
    pub(crate) created: Option<i64>,
    pub(crate) operation: char,
    pub(crate) row: Row,
}

impl Tracked {
    /// One net change for each key that changed after `last`, in the order of the last change.
    pub(crate) fn net(&self, last: i64, key: &[usize]) -> Vec<Net> {
        let mut sorted: Vec<_> = self.log.iter().filter(|(version, ..)| *version > last).collect();
        let order = |a: &[Value], b: &[Value]| {
            key.iter()
                .map(|&at| compare(&a[at], &b[at]))
                .find(|order| order.is_ne())
                .unwrap_or(std::cmp::Ordering::Equal)
        };
        // Stable: changes of a key stay in their order.
        sorted.sort_by(|a, b| order(&a.2, &b.2));
        let mut net: Vec<Net> = Vec::new();
        for changes in sorted.chunk_by(|a, b| order(&a.2, &b.2).is_eq()) {
            let Some((version, operation, row)) = changes.last() else { continue };
            let created = changes
                .iter()
                .rev()
                .find(|(_, operation, _)| *operation == 'I')
                .map(|(version, ..)| *version);
            let operation = match (operation, created) {
                ('D', _) => 'D',
                (_, Some(_)) => 'I',
                _ => 'U',
            };
            net.push(Net { version: *version, created, operation, row: row.clone() });
        }
        net.sort_by_key(|change| change.version);
        net
    }
}
