//! The array form of a filter, turned into the text form.

use serde_json::Value as Json;

use super::QueryError;

/// Turns `[{Left, FieldName, Compare, Value, Right, Logic}, …]` into filter text.
///
/// Only the operator ids whose meaning is published are taken: 67 is equals. Operator names that
/// are SQL operators are taken as they stand.
pub(super) fn text(items: &[Json]) -> Result<String, QueryError> {
    let mut text = String::new();
    let mut logic = "and";
    for (position, item) in items.iter().enumerate() {
        let get = |name: &str| {
            let found = item.as_object().and_then(|object| {
                object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, v)| v)
            });
            match found {
                Some(Json::String(text)) => text.clone(),
                Some(Json::Number(number)) => number.to_string(),
                _ => String::new(),
            }
        };
        if position > 0 {
            text.push_str(&format!(" {logic} "));
        }
        let compare = get("Compare");
        let operator = match compare.as_str() {
            "67" | "=" => "=",
            "<>" | "!=" | ">" | ">=" | "<" | "<=" | "like" => compare.as_str(),
            _ => return Err(QueryError::Parameter(format!("不支持的比较符“{compare}”"))),
        };
        let value = get("Value").replace('\'', "''");
        let (left, field, right) = (get("Left"), get("FieldName"), get("Right"));
        text.push_str(&format!("{left}{field} {operator} '{value}'{right}"));
        logic = if get("Logic") == "1" { "or" } else { "and" };
    }
    Ok(text)
}
