//! A row as it came: texts by tag in lower case, a document's line under `entry`.

use serde_json::{Map, Value};

use crate::catalog::{ENTRY, POSITION};
use crate::xml::Element;

/// Texts by tag in lower case.
pub(crate) type Row = Map<String, Value>;

/// The text of a cell; a blank is none.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        _ => None,
    }
}

/// The rows of a record: one, or for a document one per line with the header repeated.
///
/// Archives have flat children; documents have `header` and `body` with `entry` elements; an
/// inventory has a header and a body that is no list of lines (reference: yonyou.md 3.1).
pub(crate) fn rows(record: &Element, has_lines: bool) -> Vec<Row> {
    let header = record.child("header").unwrap_or(record);
    let header = texts(header);
    let lines: Vec<_> = record.child("body").into_iter().flat_map(|body| body.all(ENTRY)).collect();
    if !has_lines || lines.is_empty() {
        return vec![header];
    }
    let row = |(at, line): (usize, &Element)| {
        let mut row = header.clone();
        row.insert(ENTRY.to_owned(), Value::Object(texts(line)));
        row.insert(POSITION.to_owned(), Value::from(at + 1));
        row
    };
    lines.into_iter().enumerate().map(row).collect()
}

/// The texts of an element's leaves, by tag in lower case.
pub(crate) fn texts(element: &Element) -> Row {
    let leaves = element.children.iter().filter(|child| child.children.is_empty());
    leaves
        .map(|leaf| (leaf.name.to_ascii_lowercase(), Value::String(leaf.text.trim().to_owned())))
        .collect()
}
