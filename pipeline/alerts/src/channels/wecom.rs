//! 企业微信 robots of a group.
//!
//! <https://developer.work.weixin.qq.com/document/path/91770> (message types, their lengths, 20 a
//! minute), <https://developer.work.weixin.qq.com/document/path/90313> (error codes).

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::channels::answer::{self, MINUTE, vendor_code};
use crate::channels::markup::cut;
use crate::channels::{Message, SendError};
use crate::secret::Secret;
use crate::transport::{HttpAnswer, HttpPost};

/// `markdown.content` may have 4096 bytes.
const MARKDOWN_BYTES_MAX: usize = 4096;
/// `text.content` may have 2048 bytes.
const TEXT_BYTES_MAX: usize = 2048;

pub(crate) fn request(webhook: &Secret, message: &Message) -> HttpPost {
    let text = format!("{}\n{}", message.title, message.text);
    let body = if message.recipient.is_empty() {
        let content = cut(&format!("### {text}"), MARKDOWN_BYTES_MAX);
        json!({ "msgtype": "markdown", "markdown": { "content": content } })
    } else {
        // Only `text` has the lists of whom to mention.
        let is_number = message.recipient.bytes().all(|byte| byte.is_ascii_digit() || byte == b'+');
        let list = if is_number { "mentioned_mobile_list" } else { "mentioned_list" };
        let content = cut(&text, TEXT_BYTES_MAX);
        json!({ "msgtype": "text", "text": { "content": content, list: [message.recipient] } })
    };
    HttpPost { url: webhook.clone(), headers: Vec::new(), body: body.to_string() }
}

/// Errors come inside HTTP 200, as `errcode`.
pub(crate) fn judge(answer: &HttpAnswer, now: DateTime<Utc>) -> Result<(), SendError> {
    answer::status(answer, now)?;
    let (code, text) = vendor_code(answer, "errcode", "errmsg")?;
    let why = format!("WeCom answered {code}: {text}");
    match code {
        0 => Ok(()),
        -1 => Err(SendError::Failed { why, wait: None }),
        45009 | 45033 => Err(SendError::Limited { why, wait: MINUTE }),
        93000 => {
            Err(SendError::Refused { why: format!("{why}; the robot's address is not valid") })
        }
        _ => Err(SendError::Refused { why }),
    }
}
