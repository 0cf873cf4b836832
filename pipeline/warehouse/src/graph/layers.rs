//! Which layer may read which: never upward, and mappings of systems only through staging.

use crate::lake::TableName;

/// Folders whose files are no models but queries with parameters.
pub(super) const QUERY_FOLDERS: [&str; 4] = ["lookup", "recall", "reports", "trace"];

/// Layers that hold models.
pub(super) const LAYERS: [&str; 4] = ["staging", "core", "marts", "audits"];

/// The one raw table whose shape is ours, so that no staging model is needed for it.
const SCAN_EVENTS: (&str, &str) = ("raw", "scans__event");

/// Why a model of `layer` may not read `table`, if it may not.
pub(super) fn refusal(layer: &str, table: &TableName) -> Option<String> {
    let is_events = (table.schema(), table.table()) == SCAN_EVENTS;
    let allowed: &[&str] = match layer {
        "staging" => &["current"],
        "core" => &["staging", "core", "reference", "rules"],
        "marts" => &["core", "marts", "reference", "rules"],
        "audits" => &["current", "staging", "core", "marts", "reference", "rules"],
        _ => return None,
    };
    let is_allowed =
        allowed.contains(&table.schema()) || (is_events && matches!(layer, "core" | "audits"));
    (!is_allowed).then(|| {
        let allowed = allowed.join(", ");
        format!("{layer} may not read {table}: it reads {allowed}")
    })
}
