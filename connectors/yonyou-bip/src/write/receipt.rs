//! What the platform answers to a save or shows of a saved document.

use serde_json::Value;
use yuanliu_contract::{ErrorKind, Result, WriteReceipt};
use yuanliu_http_kit::reply::excerpt;

use super::mapping::Mapping;
use crate::client::Answer;
use crate::envelope::{integer, text};

/// As much of an answer as a receipt keeps.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// The receipt of an accepted save. A batch answer counts what it saved, and its spelling is the
/// platform's: `sucessCount`.
pub(super) fn saved(answer: &Answer) -> Result<WriteReceipt> {
    let data = data(answer)?;
    let count = |name: &str| integer(&data[name]);
    let failed = count("failCount").is_some_and(|failed| failed > 0);
    let saved_none = count("sucessCount").or(count("successCount")).is_some_and(|saved| saved < 1);
    if failed || saved_none {
        let said = match &data["messages"] {
            Value::Array(messages) => {
                let texts: Vec<_> =
                    messages.iter().map(|m| text(m).unwrap_or(m.to_string())).collect();
                excerpt(&texts.join("; "))
            }
            _ => "refused without a message".to_owned(),
        };
        return Err(answer.error(ErrorKind::Refused).with_detail(said));
    }
    let document = match &data["infos"] {
        Value::Array(infos) => infos.first().unwrap_or(&data),
        _ => &data,
    };
    Ok(receipt(answer, document, false))
}

/// The receipt of a document that a list shows, none if it shows none. A list that does not honour
/// the filter shows others, which are no proof.
pub(super) fn found(answer: &Answer, mapping: &Mapping, key: &str) -> Result<Option<WriteReceipt>> {
    let data = data(answer)?;
    let rows = data["recordList"].as_array().or(data.as_array());
    let Some(row) = rows.and_then(|rows| rows.first()) else { return Ok(None) };
    let carried = mapping.find_field.split('.').fold(row, |value, part| &value[part]);
    let shown = text(carried).or_else(|| text(&row[mapping.find_field.as_str()]));
    match shown {
        Some(shown) if shown == key => Ok(Some(receipt(answer, row, true))),
        _ => Err(answer
            .error(ErrorKind::Config)
            .with_detail(format!("the list does not filter by {} or show it", mapping.find_field))
            .with_hint("set find_field to a field of the list that carries the document's key")),
    }
}

fn receipt(answer: &Answer, document: &Value, was_known: bool) -> WriteReceipt {
    let mut kept = answer.text();
    let end = (0..=ANSWER_BYTES_MAX.min(kept.len())).rev().find(|&at| kept.is_char_boundary(at));
    kept.truncate(end.unwrap_or_default());
    WriteReceipt {
        number: text(&document["code"]),
        id: text(&document["id"]),
        was_known,
        answer: kept,
    }
}

fn data(answer: &Answer) -> Result<Value> {
    let text = answer.data()?.map_or("null", |data| data.get());
    serde_json::from_str(text)
        .map_err(|_| answer.malformed("the answer is not what a save answers"))
}
