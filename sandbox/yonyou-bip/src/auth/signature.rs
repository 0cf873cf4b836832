//! The signature of a token request (reference: yonyou.md 1.2).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Base64 of HMAC-SHA256 over names and values in the byte order of the names.
#[must_use]
pub fn sign(parameters: &[(&str, &str)], secret: &str) -> String {
    let mut sorted = parameters.to_vec();
    sorted.sort_unstable();
    let text: String = sorted.into_iter().flat_map(|(name, value)| [name, value]).collect();
    // HMAC takes keys of every length, so the error cannot occur; an empty text matches nothing.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}
