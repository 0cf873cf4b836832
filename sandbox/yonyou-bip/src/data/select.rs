//! Rows of a list call: flattened, filtered, ordered, one page of them.

use std::cmp::Ordering;

use serde_json::{Map, Value as Json, json};

use super::condition::{compare, holds};
use super::dataset::Document;
use super::object::Named;
use super::{Dataset, Object, text};

/// Page size of a request that gives none.
const PAGE_ROWS_DEFAULT: usize = 10;

/// One page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selected {
    pub(crate) rows: Vec<Map<String, Json>>,
    pub(crate) page_index: usize,
    pub(crate) page_rows: usize,
    pub(crate) rows_in_all: usize,
}

/// Answers a list call, or says in the system's words what is wrong with it.
pub(crate) fn select(
    dataset: &Dataset,
    object: Object,
    body: &Json,
    page_rows_max: usize,
    is_unordered: bool,
) -> Result<Selected, String> {
    let is_sum = body["isSum"].as_bool().unwrap_or(false);
    let no_entries = Vec::new();
    let entries = match body["simpleVOs"].as_array() {
        Some(entries) if object.takes_conditions() && !is_unordered => entries,
        Some(entries) if object.takes_conditions() => &without_id(entries),
        _ => &no_entries,
    };
    let mut rows = Vec::new();
    for document in dataset.documents(object) {
        for row in flatten(document, object, body, is_sum) {
            if is_named(body, &row, object) && holds(entries, &row, object)? {
                rows.push(row);
            }
        }
    }
    let orders = body["queryOrders"].as_array().filter(|_| !is_unordered);
    for order in orders.into_iter().flatten().rev() {
        let field = order["field"].as_str().unwrap_or("id");
        let is_falling = order["order"].as_str() == Some("desc");
        rows.sort_by(|one, other| by(field, is_falling, one, other));
    }
    if is_unordered {
        rows.sort_by(|one, other| by("pubts", true, one, other));
    }
    let number = |key: &str| body[key].as_u64().or_else(|| text(body.get(key)).parse().ok());
    let number = |key: &str| number(key).and_then(|number| usize::try_from(number).ok());
    let page_rows = number("pageSize").unwrap_or(PAGE_ROWS_DEFAULT).clamp(1, page_rows_max.max(1));
    // Starting at 0 repeats the first page.
    let page_index = number("pageIndex").unwrap_or(1).max(1);
    let rows_in_all = rows.len();
    let before = (page_index - 1).saturating_mul(page_rows);
    let rows = rows.into_iter().skip(before).take(page_rows).collect();
    Ok(Selected { rows, page_index, page_rows, rows_in_all })
}

/// One row per line with the header's fields; headers only if sums are asked for.
fn flatten(
    document: &Document,
    object: Object,
    body: &Json,
    is_sum: bool,
) -> Vec<Map<String, Json>> {
    if is_sum || !object.has_lines() {
        return vec![document.header.clone()];
    }
    let joined = document.lines.iter().map(|line| {
        let mut row = document.header.clone();
        row.extend(line.iter().map(|(key, value)| (key.clone(), value.clone())));
        if object == Object::ProductionOrder && body["isShowMaterial"] != json!(true) {
            row.remove("orderMaterial");
        }
        row
    });
    joined.collect()
}

fn without_id(entries: &[Json]) -> Vec<Json> {
    let is_other = |entry: &&Json| entry["field"] != json!("id");
    let mut kept = Vec::new();
    for entry in entries.iter().filter(is_other) {
        let mut entry = entry.clone();
        if let Some(conditions) = entry["conditions"].as_array() {
            entry["conditions"] = conditions.iter().filter(is_other).cloned().collect();
        }
        kept.push(entry);
    }
    kept
}

fn is_named(body: &Json, row: &Map<String, Json>, object: Object) -> bool {
    object.named().iter().all(|(key, field, named)| {
        let wanted = match body.get(*key) {
            Some(wanted) => wanted,
            None => key.split('.').fold(body, |value, part| &value[part]),
        };
        if wanted.is_null() {
            return true;
        }
        let (held, wanted_text) = (text(row.get(*field)), text(Some(wanted)));
        let is_from = |from: &str| compare(&held, from) != Ordering::Less;
        let is_to = |to: &str| compare(&held, to) != Ordering::Greater;
        match named {
            Named::Equal => held == wanted_text,
            Named::From => !held.is_empty() && is_from(&wanted_text),
            Named::To => !held.is_empty() && is_to(&wanted_text),
            Named::Range => {
                let (from, to) = wanted_text.split_once('|').unwrap_or((&wanted_text, ""));
                is_from(from) && (to.is_empty() || is_to(&format!("{to}~")))
            }
            Named::OneOf => wanted
                .as_array()
                .is_none_or(|items| items.iter().any(|item| text(Some(item)) == held)),
        }
    })
}

fn by(
    field: &str,
    is_falling: bool,
    one: &Map<String, Json>,
    other: &Map<String, Json>,
) -> Ordering {
    let order = compare(&text(one.get(field)), &text(other.get(field)));
    if is_falling { order.reverse() } else { order }
}
