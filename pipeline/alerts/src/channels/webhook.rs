//! A POST to whatever takes it, signed as Standard Webhooks 1.0 has it.
//!
//! <https://www.standardwebhooks.com>: `webhook-id` is the same for every attempt, so that the other
//! side can tell a repeat; `v1,` and the HMAC-SHA256 of `id.timestamp.body` is the signature.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::channels::sign::hmac_sha256;
use crate::channels::{Message, SendError};
use crate::secret::Secret;
use crate::transport::HttpPost;

pub(crate) fn request(
    url: &Secret,
    secret: &Secret,
    message: &Message,
) -> Result<HttpPost, SendError> {
    let body = json!({
        "type": "alert",
        "timestamp": message.at.to_rfc3339(),
        "data": {
            "title": message.title,
            "text": message.text,
            "severity": message.severity.as_str(),
            "alerts": message.alerts,
        },
    })
    .to_string();
    let key = match secret.reveal().strip_prefix("whsec_") {
        None => secret.reveal().as_bytes().to_vec(),
        Some(encoded) => STANDARD.decode(encoded).map_err(|_| SendError::Refused {
            why: "the key begins with whsec_ but is no base64".to_owned(),
        })?,
    };
    let timestamp = message.at.timestamp().to_string();
    let signed = format!("{}.{timestamp}.{body}", message.message_id);
    let headers = vec![
        ("webhook-id", message.message_id.clone()),
        ("webhook-signature", format!("v1,{}", hmac_sha256(&key, signed.as_bytes()))),
        ("webhook-timestamp", timestamp),
    ];
    Ok(HttpPost { url: url.clone(), headers, body })
}
