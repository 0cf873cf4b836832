//! 钉钉 custom robots of a group.
//!
//! <https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages> (messages, limit of
//! 20 a minute, then ten minutes of silence) and
//! <https://open.dingtalk.com/document/robots/customize-robot-security-settings> (加签).

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::channels::answer::{self, vendor_code};
use crate::channels::markup::cut;
use crate::channels::sign::hmac_sha256;
use crate::channels::{Message, SendError};
use crate::secret::Secret;
use crate::transport::{HttpAnswer, HttpPost};

/// Longer ones are refused.
const TEXT_BYTES_MAX: usize = 15_000;
/// A robot that sent too fast is not heard for ten minutes.
const LIMITED_FOR: Duration = Duration::from_secs(600);

pub(crate) fn request(webhook: &Secret, secret: Option<&Secret>, message: &Message) -> HttpPost {
    let mut text = format!("### {}\n\n{}", message.title, message.text);
    let mut at = json!({ "isAtAll": false });
    if !message.recipient.is_empty() {
        // A mention is shown only if the number stands in the text as well.
        text = format!("{}\n\n@{}", cut(&text, TEXT_BYTES_MAX), message.recipient);
        at = json!({ "atMobiles": [message.recipient], "isAtAll": false });
    }
    let body = json!({
        "msgtype": "markdown",
        "markdown": { "title": message.title, "text": cut(&text, TEXT_BYTES_MAX + 100) },
        "at": at,
    });
    let url = secret.map_or_else(|| webhook.clone(), |key| signed(webhook, key, message.at));
    HttpPost { url, headers: Vec::new(), body: body.to_string() }
}

/// The address with `timestamp` in milliseconds and `sign` over it and the key, under the key.
fn signed(webhook: &Secret, key: &Secret, at: DateTime<Utc>) -> Secret {
    let timestamp = at.timestamp_millis().to_string();
    let text = format!("{timestamp}\n{}", key.reveal());
    let sign = hmac_sha256(key.reveal().as_bytes(), text.as_bytes());
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("timestamp", &timestamp)
        .append_pair("sign", &sign)
        .finish();
    let joint = if webhook.reveal().contains('?') { '&' } else { '?' };
    Secret::new(format!("{}{joint}{query}", webhook.reveal()))
}

/// Errors come inside HTTP 200, as `errcode`.
pub(crate) fn judge(answer: &HttpAnswer, now: DateTime<Utc>) -> Result<(), SendError> {
    answer::status(answer, now)?;
    let (code, text) = vendor_code(answer, "errcode", "errmsg")?;
    let why = format!("DingTalk answered {code}: {text}");
    match code {
        0 => Ok(()),
        -1 => Err(SendError::Failed { why, wait: None }),
        130101 | 410100 | 90030 => Err(SendError::Limited { why, wait: LIMITED_FOR }),
        310000 => {
            let hint = "check the key (加签), keywords and IP addresses in the robot's settings, \
                        and this machine's clock";
            Err(SendError::Refused { why: format!("{why}; {hint}") })
        }
        _ => Err(SendError::Refused { why }),
    }
}
