//! The two digests the vendor uses, in the vendor's own encodings.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// Base64 of the lower-case hexadecimal text of HMAC-SHA256: of the text, not of the bytes.
pub(super) fn hmac_text(key: &[u8], message: &str) -> String {
    // HMAC takes keys of every length, so the error cannot occur; an empty text fails the login.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    mac.update(message.as_bytes());
    STANDARD.encode(hex::encode(mac.finalize().into_bytes()))
}

/// Lower-case hexadecimal SHA-256.
pub(super) fn sha256_hex(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// Lower-case hexadecimal SHA-1.
pub(super) fn sha1_hex(text: &str) -> String {
    hex::encode(Sha1::digest(text.as_bytes()))
}
