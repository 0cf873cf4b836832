//! A document from its fields: key and content hash.

use serde_json::Value;
use xxhash_rust::xxh3::xxh3_128;
use yuanliu_contract::{OutgoingDocument, OutgoingKind};

use super::body::{BodyProblem, checked};

/// The most characters of a key, by the contract of [`OutgoingDocument`].
const KEY_CHARS_MAX: usize = 32;

/// Checks the fields of a document and names it by its own number, or says everything that is wrong.
///
/// Texts are trimmed and nulls left out, so that the same document gives the same content. The key
/// is `DR-` or `IR-` and the number; a number with other characters than a key may have, or too
/// many, is hashed.
pub fn outgoing_document(
    kind: OutgoingKind,
    body: &Value,
) -> Result<OutgoingDocument, Vec<BodyProblem>> {
    let body = checked(kind, body)?;
    let (prefix, number) = match kind {
        OutgoingKind::DeliveryResult => ("DR-", &body["delivery_no"]),
        OutgoingKind::InspectionResult => ("IR-", &body["inspection_no"]),
    };
    let key = key(prefix, number.as_str().unwrap_or_default());
    Ok(OutgoingDocument { kind, key, body })
}

/// A hash of kind and fields as 32 hexadecimal digits; the order of fields takes no part.
pub fn content_hash(document: &OutgoingDocument) -> String {
    let mut text = format!("{:?}", document.kind);
    write_sorted(&document.body, &mut text);
    format!("{:032x}", xxh3_128(text.as_bytes()))
}

fn key(prefix: &str, number: &str) -> String {
    let room = KEY_CHARS_MAX - prefix.len();
    let is_plain = number.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if is_plain && number.len() <= room {
        return format!("{prefix}{number}");
    }
    let hash = format!("{:032x}", xxh3_128(number.as_bytes()));
    format!("{prefix}{}", hash.get(..room).unwrap_or(&hash))
}

fn write_sorted(value: &Value, text: &mut String) {
    match value {
        Value::Object(object) => {
            let mut pairs: Vec<_> = object.iter().collect();
            pairs.sort_by_key(|(name, _)| name.as_str());
            text.push('{');
            for (name, value) in pairs {
                text.push_str(&Value::from(name.as_str()).to_string());
                write_sorted(value, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            items.iter().for_each(|item| write_sorted(item, text));
            text.push(']');
        }
        plain => {
            text.push_str(&plain.to_string());
            text.push(' ');
        }
    }
}
