//! 飞书 custom bots of a group.
//!
//! <https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot> (messages, 签名校验, 100 a
//! minute and 5 a second, 20 KB a request, error codes).

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::channels::answer::{self, MINUTE, vendor_code};
use crate::channels::markup::cut;
use crate::channels::sign::hmac_sha256;
use crate::channels::{Message, SendError};
use crate::secret::Secret;
use crate::severity::Severity;
use crate::transport::{HttpAnswer, HttpPost};

/// Leaves room for the card around it.
const TEXT_BYTES_MAX: usize = 15_000;

pub(crate) fn request(webhook: &Secret, secret: Option<&Secret>, message: &Message) -> HttpPost {
    let mut text = cut(&message.text, TEXT_BYTES_MAX);
    if !message.recipient.is_empty() {
        text.push_str(&format!("\n<at id={}></at>", message.recipient));
    }
    let colour = match message.severity {
        Severity::Info => "blue",
        Severity::Warning => "orange",
        Severity::Critical => "red",
    };
    let mut body = json!({
        "msg_type": "interactive",
        "card": {
            "config": { "wide_screen_mode": true },
            "header": {
                "title": { "tag": "plain_text", "content": message.title },
                "template": colour,
            },
            "elements": [{ "tag": "markdown", "content": text }],
        },
    });
    if let (Some(key), Some(fields)) = (secret, body.as_object_mut()) {
        let timestamp = message.at.timestamp().to_string();
        // Unlike elsewhere the text is the key of the signature, and what is signed is empty.
        let text = format!("{timestamp}\n{}", key.reveal());
        fields.insert("sign".to_owned(), hmac_sha256(text.as_bytes(), b"").into());
        fields.insert("timestamp".to_owned(), timestamp.into());
    }
    HttpPost { url: webhook.clone(), headers: Vec::new(), body: body.to_string() }
}

/// Errors come as `code`, inside HTTP 200 and with it.
pub(crate) fn judge(answer: &HttpAnswer, now: DateTime<Utc>) -> Result<(), SendError> {
    let told = vendor_code(answer, "code", "msg");
    if told.is_err() {
        answer::status(answer, now)?;
    }
    let (code, text) = told?;
    let why = format!("Feishu answered {code}: {text}");
    match code {
        0 => answer::status(answer, now),
        11232 | 11233 => Err(SendError::Limited { why, wait: MINUTE }),
        19021 => {
            let hint = "check the key (签名校验) and this machine's clock";
            Err(SendError::Refused { why: format!("{why}; {hint}") })
        }
        19022 => Err(SendError::Refused { why: format!("{why}; allow this machine's address") }),
        19024 => Err(SendError::Refused { why: format!("{why}; put a keyword into the text") }),
        _ if answer.status >= 500 => Err(SendError::Failed { why, wait: None }),
        _ => Err(SendError::Refused { why }),
    }
}
