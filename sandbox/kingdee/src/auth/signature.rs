//! The two request signatures and the login signature (reference: kingdee.md 1.3, 1.4).

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::credentials::Credentials;

/// The vendor's published obfuscation mask; its first 24 bytes are used.
const MASK: &[u8; 32] = b"0054f397c6234378b09ca7d3e5debce7";
const SECRET_CHARS: usize = 32;

/// Headers of a signed request, as received.
#[derive(Debug, Default)]
pub(crate) struct SignedHeaders<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) timestamp: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) api_signature: &'a str,
    pub(crate) app_key: &'a str,
    pub(crate) app_data: &'a str,
    pub(crate) kd_signature: &'a str,
}

/// Makes an app id from a client id and a 24-byte gateway secret.
#[must_use]
pub fn mint_app_id(client_id: &str, secret: &[u8; 24]) -> String {
    format!("{client_id}_{}", STANDARD.encode(masked(secret)))
}

/// Checks both signatures of a request over the path as it was received.
pub(crate) fn verify(headers: &SignedHeaders<'_>, path: &str, account: &Credentials) -> bool {
    let Some(app_data) = STANDARD.decode(headers.app_data).ok() else { return false };
    let Ok(app_data) = String::from_utf8(app_data) else { return false };
    let mut parts = app_data.split(',');
    let (client_id, key) = split_app_id(headers.app_key);
    parts.next() == Some(&account.acct_id)
        && parts.next() == Some(&account.user)
        && headers.app_key == account.app_id
        && headers.client_id == client_id
        && is_unix_time(headers.timestamp)
        && headers.api_signature == api_signature(&key, path, headers.timestamp, headers.nonce)
        && headers.kd_signature
            == signed(account.app_secret.as_bytes(), &format!("{}{app_data}", headers.app_key))
}

/// The gateway signature of a POST to `path`.
fn api_signature(key: &str, path: &str, timestamp: &str, nonce: &str) -> String {
    let path = percent_encoded(path);
    let text = format!("POST\n{path}\n\nx-api-nonce:{nonce}\nx-api-timestamp:{timestamp}\n");
    signed(key.as_bytes(), &text)
}

/// Whether `sign` is the login signature, SHA-256 or the SHA-1 of old servers.
pub(crate) fn verify_login(sign: &str, timestamp: &str, account: &Credentials) -> bool {
    let mut parts =
        [&*account.acct_id, &account.user, &account.app_id, &account.app_secret, timestamp];
    parts.sort_unstable();
    let text = parts.concat();
    let sign = sign.to_ascii_lowercase();
    is_unix_time(timestamp)
        && (sign == hex::encode(Sha256::digest(&text)) || sign == hex::encode(Sha1::digest(&text)))
}

/// Splits an app id into client id and gateway key; a malformed one gives two empty texts.
fn split_app_id(app_id: &str) -> (String, String) {
    let parts: Vec<&str> = app_id.split('_').collect();
    match parts[..] {
        [client_id, secret] => (client_id.to_owned(), gateway_key(secret)),
        _ => (String::new(), String::new()),
    }
}

fn gateway_key(secret: &str) -> String {
    if secret.len() != SECRET_CHARS {
        return String::new();
    }
    STANDARD.decode(secret).map(|bytes| STANDARD.encode(masked(&bytes))).unwrap_or_default()
}

fn masked(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().zip(MASK).map(|(byte, mask)| byte ^ mask).collect()
}

/// Seconds or milliseconds: the official clients differ.
fn is_unix_time(text: &str) -> bool {
    (9..=13).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Base64 of the lower-case hex text of the HMAC, as the vendor does it.
fn signed(key: &[u8], text: &str) -> String {
    // A HMAC takes a key of any length, so the error cannot occur; no signature equals "".
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    mac.update(text.as_bytes());
    STANDARD.encode(hex::encode(mac.finalize().into_bytes()))
}

fn percent_encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len() + 16);
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str =
        "/k3cloud/Kingdee.BOS.WebApi.ServicesStub.DynamicFormService.ExecuteBillQuery.common.kdsvc";
    const APP_ID: &str = "900001_Q1FbUARcQRoQU1FBUUcaClYdWxoVUhcS";

    #[test]
    fn agrees_with_the_reference_vectors() {
        assert_eq!(mint_app_id("900001", b"sandbox-secret-24-bytes!"), APP_ID);
        let (client_id, key) = split_app_id(APP_ID);
        assert_eq!(
            (client_id.as_str(), key.as_str()),
            ("900001", "c2FuZGJveC1zZWNyZXQtMjQtYnl0ZXMh")
        );
        assert_eq!(
            api_signature(&key, PATH, "1767225600", "1767225600"),
            "NDdhNGM3MDQ4MzA0NGY1OTVhZDRkMTI1ZjQ4NzRhYzY0OTExNTJhN2JlMTc4MTMzMWEzMjQzMGFiOTA4M2ExNw=="
        );
        assert_eq!(
            api_signature(&key, &PATH.replace("k3cloud", "K3Cloud"), "1767225600", "1767225600"),
            "OTA3Y2U0YjMzMTc1N2I5MzhhMjI1M2U3YzczNDk5YTg5M2EyNDQ4ZmU5ZGI1NzM1NzdiMWQwYzgxNDEwZWZjNQ=="
        );
        assert_eq!(
            api_signature("", PATH, "1767225600", "1767225600"),
            "ODc3M2JmNmI2OGJjZDc1Zjk3ZjM0MWZkY2U5Y2ExNDgxNzY1ZjkzOTAzYjNlYjA1NzEzODE5MzNlNzcyODk2Mg=="
        );
        assert_eq!(split_app_id("900001"), (String::new(), String::new()));
        assert_eq!(
            signed(b"abc123", "abc"),
            "ZDljMTI3NGIyNTE1MTRkYzlkNjc1MDNhYjUzMzgzNWMyY2M4YTdjMzdmNmM3YTVlNDkxMTkzNjdiOTFjNzUyZQ=="
        );
    }

    #[test]
    fn verifies_a_whole_request() {
        let account = Credentials { user: "张三".to_owned(), ..Credentials::default() };
        let headers = SignedHeaders {
            client_id: "900001",
            timestamp: "1767225600",
            nonce: "1767225600",
            api_signature: "NDdhNGM3MDQ4MzA0NGY1OTVhZDRkMTI1ZjQ4NzRhYzY0OTExNTJhN2JlMTc4MTMzMWEzMjQzMGFiOTA4M2ExNw==",
            app_key: APP_ID,
            app_data: "NjVhMWIyYzNkNGU1ZjYs5byg5LiJLDIwNTIsMTAw",
            kd_signature: "YzAzNzJlZTg5MTg4YWRkYzkyNjFhMDFmMmRjZWQ1ZDY3ODQzZDk5ZjY5YWUxOWY2M2RkMmQxY2E5M2M2YTI0NA==",
        };
        assert!(verify(&headers, PATH, &account));
        assert!(!verify(&headers, &PATH.to_lowercase(), &account));
        assert!(!verify(&headers, PATH, &Credentials::default()));
        assert!(!verify(&SignedHeaders::default(), PATH, &account));
    }

    #[test]
    fn login_signature_is_either_hash() {
        let account = Credentials { user: "张三".to_owned(), ..Credentials::default() };
        for sign in [
            "4657a8065609c8a01f487cc855766393dbfc873077c001673f02b26df0b0f1e3",
            "4f7c0463680bbd328c244767b1495bf7cdce175f",
        ] {
            assert!(verify_login(sign, "1767225600", &account));
            assert!(!verify_login(sign, "1767225601", &account));
        }
    }
}
