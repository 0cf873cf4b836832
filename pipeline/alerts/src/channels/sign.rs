//! HMAC-SHA256 in base64, as all signed channels have it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The signature of a text under a key, in base64.
pub(crate) fn hmac_sha256(key: &[u8], text: &[u8]) -> String {
    // A key of any length is one; the error exists for other algorithms.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    mac.update(text);
    STANDARD.encode(mac.finalize().into_bytes())
}
