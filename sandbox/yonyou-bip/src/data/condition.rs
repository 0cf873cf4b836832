//! Conditions of `simpleVOs` on a flattened row (reference: yonyou.md 1.4).

use std::cmp::Ordering;

use serde_json::{Map, Value as Json};

use super::{Object, text};

/// Whether a row meets every entry, flat or grouped. An unknown operator is refused by the text.
pub(super) fn holds(
    entries: &[Json],
    row: &Map<String, Json>,
    object: Object,
) -> Result<bool, String> {
    for entry in entries {
        if !entry_holds(entry, row, object)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn entry_holds(entry: &Json, row: &Map<String, Json>, object: Object) -> Result<bool, String> {
    let Some(conditions) = entry["conditions"].as_array() else {
        return condition_holds(entry, row, object);
    };
    let is_or = entry["logicOp"].as_str().is_some_and(|op| op.eq_ignore_ascii_case("or"));
    for condition in conditions {
        let holds = entry_holds(condition, row, object)?;
        if holds == is_or {
            return Ok(is_or);
        }
    }
    Ok(!is_or)
}

fn condition_holds(
    condition: &Json,
    row: &Map<String, Json>,
    object: Object,
) -> Result<bool, String> {
    let field = condition["field"].as_str().ok_or("simpleVOs缺少field")?;
    let op = condition["op"].as_str().ok_or("simpleVOs缺少op")?;
    let value = field_of(row, field, object);
    let is_null = value.is_none_or(Json::is_null);
    if op == "is_null" || op == "is_not_null" {
        return Ok(is_null == (op == "is_null"));
    }
    if is_null {
        return Ok(false);
    }
    let held = text(value);
    let (one, two) = (&condition["value1"], &condition["value2"]);
    let against = |other: &Json| compare(&held, &text(Some(other)));
    let is_in = || match one {
        Json::Array(items) => items.iter().any(|item| against(item) == Ordering::Equal),
        other => text(Some(other)).split(',').any(|item| item.trim() == held),
    };
    Ok(match op {
        "eq" => against(one) == Ordering::Equal,
        "neq" => against(one) != Ordering::Equal,
        "lt" => against(one) == Ordering::Less,
        "gt" => against(one) == Ordering::Greater,
        "elt" => against(one) != Ordering::Greater,
        "egt" => against(one) != Ordering::Less,
        "between" => against(one) != Ordering::Less && against(two) != Ordering::Greater,
        "in" => is_in(),
        "nin" => !is_in(),
        "like" => held.contains(&text(Some(one))),
        "leftlike" => held.ends_with(&text(Some(one))),
        "rightlike" => held.starts_with(&text(Some(one))),
        _ => return Err(format!("不支持的操作符{op}")),
    })
}

/// A field of the row; of a line by its entity (`orderDetails.qty`), bare or with its prefix.
fn field_of<'r>(row: &'r Map<String, Json>, field: &str, object: Object) -> Option<&'r Json> {
    let Some((outer, inner)) = field.split_once('.') else { return row.get(field) };
    if object.child() == Some(outer) {
        let line_id = object.line_id().filter(|_| inner == "id");
        let prefixed = format!("{outer}_{inner}");
        return line_id.and_then(|key| row.get(key)).or(row.get(&prefixed)).or(row.get(inner));
    }
    row.get(outer).and_then(|object| object.get(inner))
}

/// Numbers by value, everything else as text, which orders times.
pub(super) fn compare(one: &str, other: &str) -> Ordering {
    if let (Ok(one), Ok(other)) = (one.parse::<i64>(), other.parse::<i64>()) {
        return one.cmp(&other);
    }
    if let (Ok(one), Ok(other)) = (one.parse::<f64>(), other.parse::<f64>()) {
        return one.total_cmp(&other);
    }
    one.cmp(other)
}
