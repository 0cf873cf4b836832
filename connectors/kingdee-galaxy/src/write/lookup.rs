//! The document a form holds under a key.

use serde_json::{Value as Json, json};
use yuanliu_contract::{ErrorKind, OutgoingDocument, Result, WriteReceipt};

use super::config::WriteConfig;
use super::form;
use crate::client::Client;
use crate::envelope::parse;

/// A receipt keeps at most this much of an answer.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Rows asked for: the server's text comparison does not tell case, so one key may match several.
const ROWS_MAX: usize = 100;

/// A document that the system holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) id: String,
    pub(super) number: String,
    /// `FDocumentStatus`: Z 暂存, A 创建, B 审核中, C 已审核, D 重新审核.
    pub(super) status: String,
}

impl Held {
    /// The receipt, with what the system answered to each step.
    pub(super) fn receipt(
        &self,
        was_known: bool,
        answers: Vec<(&'static str, String)>,
    ) -> WriteReceipt {
        let mut answer = serde_json::Map::new();
        if was_known {
            answer.insert("FDocumentStatus".to_owned(), json!(self.status));
        }
        for (step, text) in answers {
            let value = serde_json::from_str(&text).unwrap_or(Json::String(text));
            answer.insert(step.to_owned(), value);
        }
        let mut answer = Json::Object(answer).to_string();
        let mut end = answer.len().min(ANSWER_BYTES_MAX);
        while !answer.is_char_boundary(end) {
            end -= 1;
        }
        answer.truncate(end);
        WriteReceipt {
            number: Some(self.number.clone()),
            id: Some(self.id.clone()),
            was_known,
            answer,
        }
    }
}

/// Asks for the document of a key; more than one is an error that a person must look at.
pub(super) async fn held(
    client: &Client,
    write: &WriteConfig,
    document: &OutgoingDocument,
) -> Result<Option<Held>> {
    let form = form(document.kind).id;
    let data = json!({
        "FormId": form,
        // Header fields only: one row per document.
        "FieldKeys": format!("FID,FBillNo,FDocumentStatus,{}", write.key_field),
        // A key has no character that would need care within quotes.
        "FilterString": format!("{} = '{}'", write.key_field, document.key),
        "OrderString": "FID ASC",
        "TopRowCount": 0,
        "StartRow": 0,
        "Limit": ROWS_MAX,
        "SubSystemId": "",
    });
    let action = format!("looking for {} in {form}", document.key);
    let answer = client.call("ExecuteBillQuery", action, data).await.map_err(|mut error| {
        if error.kind == ErrorKind::NotFound {
            error.hint = Some(format!(
                "add the text field {} to the header of {form}, or correct key_field in [write]",
                write.key_field
            ));
        }
        error
    })?;
    let rows: Vec<[Json; 4]> = parse(answer.reply(), answer.text()?)?;
    let text = |value: &Json| match value {
        Json::String(text) => text.trim().to_owned(),
        Json::Null => String::new(),
        other => other.to_string(),
    };
    let mut found = rows.iter().filter(|[.., key]| text(key) == document.key);
    let Some([id, number, status, _]) = found.next() else { return Ok(None) };
    if let Some([_, second, ..]) = found.next() {
        let detail = format!("{} and {} both carry the key", text(number), text(second));
        return Err(answer.malformed(detail).with_hint("cancel one of them in the ERP"));
    }
    Ok(Some(Held { id: text(id), number: text(number), status: text(status) }))
}
