//! ID tokens, sound and otherwise.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{TimeDelta, Utc};
use rsa::pkcs1v15::SigningKey;
use rsa::sha2::{Digest, Sha256};
use rsa::signature::{SignatureEncoding, Signer};
use serde_json::{Value, json};

use crate::fault::Fault;
use crate::keys::{HIDDEN, signing_key};
use crate::provider::{Asked, Inner};
use crate::{CLIENT_ID, CLIENT_SECRET};

/// The token for who asked, with what the provider does wrong.
pub(crate) fn id_token(inner: &Inner, asked: &Asked) -> Result<String, rsa::Error> {
    let has = |fault| inner.faults.contains(&fault);
    let now = inner.now.unwrap_or_else(Utc::now);
    let lasts = TimeDelta::minutes(if has(Fault::Expired) { -1 } else { 5 });
    let mut claims = inner.claims.clone();
    claims["iss"] =
        json!(if has(Fault::WrongIssuer) { "https://evil.example" } else { &inner.issuer });
    claims["aud"] = json!(if has(Fault::WrongAudience) { "another client" } else { CLIENT_ID });
    claims["nonce"] = json!(if has(Fault::WrongNonce) { "another" } else { &asked.nonce });
    claims["iat"] = json!((now - TimeDelta::minutes(10)).timestamp());
    claims["exp"] = json!((now + lasts).timestamp());
    let algorithm = match () {
        () if has(Fault::Unsigned) => "none",
        () if has(Fault::SignedWithSecret) => "HS256",
        () => "RS256",
    };
    let head = json!({"alg": algorithm, "typ": "JWT", "kid": format!("k{}", inner.kid)});
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&head), part(&claims));
    let signature = match algorithm {
        "none" => Vec::new(),
        "HS256" => hmac_sha256(CLIENT_SECRET.as_bytes(), signed.as_bytes()),
        _ => {
            let key = signing_key(if has(Fault::SignedByAnother) { HIDDEN } else { inner.kid })?;
            SigningKey::<Sha256>::new(key.clone()).sign(signed.as_bytes()).to_vec()
        }
    };
    let signature = URL_SAFE_NO_PAD.encode(signature);
    if has(Fault::Tampered) {
        claims["groups"] = json!(["hub-admins"]);
        return Ok(format!("{}.{}.{signature}", part(&head), part(&claims)));
    }
    Ok(format!("{signed}.{signature}"))
}

/// RFC 2104, for the one token that must be refused in spite of it; keys of at most a block.
fn hmac_sha256(key: &[u8], message: &[u8]) -> Vec<u8> {
    const BLOCK: usize = 64;
    let mut padded = [0_u8; BLOCK];
    for (to, from) in padded.iter_mut().zip(key) {
        *to = *from;
    }
    let with = |pad: u8| padded.map(|byte| byte ^ pad);
    let inner = Sha256::new().chain_update(with(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(with(0x5c)).chain_update(inner).finalize().to_vec()
}
