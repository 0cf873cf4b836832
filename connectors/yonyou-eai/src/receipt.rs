//! What both writers share: reading a document's fields, and answers fit for a receipt.

use serde_json::Value;
use yuanliu_contract::{ConfigProblem, Settings};

use crate::row::scalar;

/// As much of an answer as a receipt keeps.
const ANSWER_CHARS_MAX: usize = 16_000;

/// A field as text; empty if it is missing.
pub(crate) fn field(body: &Value, name: &str) -> String {
    body.get(name).and_then(scalar).unwrap_or_default()
}

/// The lines of a document.
pub(crate) fn lines(body: &Value) -> &[Value] {
    body.get("lines").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// An answer short enough for a receipt.
pub(crate) fn shorten(text: &str) -> String {
    text.chars().take(ANSWER_CHARS_MAX).collect()
}

/// A configured table of tags and texts, in the order of the tags.
pub(crate) fn tags(
    write: &Settings,
    name: &str,
    problems: &mut Vec<ConfigProblem>,
) -> Vec<(String, String)> {
    let mut tags = Vec::new();
    for (tag, value) in write.table(name) {
        let text = match value {
            toml::Value::String(text) => Some(text),
            toml::Value::Integer(number) => Some(number.to_string()),
            _ => None,
        };
        match text.filter(|_| is_tag(&tag)) {
            Some(text) => tags.push((tag, text)),
            None => {
                let path = format!("[write] {name}.{tag}");
                let message = "should be a tag and a text or a whole number";
                problems.push(ConfigProblem::new(path, message));
            }
        }
    }
    tags
}

/// Whether a text may be the name of an element.
pub(crate) fn is_tag(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}
