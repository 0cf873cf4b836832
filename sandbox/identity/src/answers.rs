//! What the provider answers over HTTP.

use std::collections::HashMap;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rsa::RsaPublicKey;
use rsa::sha2::{Digest, Sha256};
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};

use crate::fault::Fault;
use crate::keys::signing_key;
use crate::provider::{Arrival, Asked, Inner, Shared};
use crate::token::id_token;
use crate::{CLIENT_ID, CLIENT_SECRET};

fn json_answer(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

fn refuse(error: &str) -> Response {
    (StatusCode::BAD_REQUEST, json_answer(&json!({"error": error}))).into_response()
}

fn form(text: &str) -> HashMap<String, String> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

pub(crate) async fn configuration(State(shared): State<Shared>) -> Response {
    let (issuer, faults) = {
        let inner = shared.lock();
        (inner.issuer.clone(), inner.faults.clone())
    };
    if faults.contains(&Fault::Silent) {
        std::future::pending::<()>().await;
    }
    if faults.contains(&Fault::ServerError) {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    if faults.contains(&Fault::NotJson) {
        return "<html>maintenance</html>".into_response();
    }
    if faults.contains(&Fault::Endless) {
        return "x".repeat(3 << 20).into_response();
    }
    json_answer(&json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
    }))
}

/// Somebody logs in, and is remembered by the code they come back with.
pub(crate) fn arrive(inner: &mut Inner, query: &str) -> Result<Arrival, String> {
    let query = form(query);
    let given = |name: &str| query.get(name).cloned().ok_or_else(|| format!("{name} is missing"));
    for (name, wanted) in [
        ("response_type", "code"),
        ("client_id", CLIENT_ID),
        ("scope", "openid profile"),
        ("code_challenge_method", "S256"),
    ] {
        let is = given(name)?;
        if is != wanted {
            return Err(format!("{name} is {is}, not {wanted}"));
        }
    }
    let asked = Asked {
        nonce: given("nonce")?,
        challenge: given("code_challenge")?,
        redirect: given("redirect_uri")?,
    };
    let (redirect, code) = (asked.redirect.clone(), format!("code-{}", inner.codes.len()));
    let state = given("state")?;
    inner.codes.insert(code.clone(), asked);
    Ok(Arrival { redirect, code, state })
}

pub(crate) async fn authorize(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    match arrive(&mut shared.lock(), &query.unwrap_or_default()) {
        Ok(Arrival { redirect, code, state }) => {
            let back = form_urlencoded::Serializer::new(String::new())
                .append_pair("code", &code)
                .append_pair("state", &state)
                .finish();
            Redirect::to(&format!("{redirect}?{back}")).into_response()
        }
        Err(told) => (StatusCode::BAD_REQUEST, told).into_response(),
    }
}

pub(crate) async fn keys(State(shared): State<Shared>) -> Response {
    let kid = {
        let mut inner = shared.lock();
        inner.key_reads += 1;
        inner.kid
    };
    let Ok(key) = signing_key(kid) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let public = RsaPublicKey::from(key);
    let part = |bytes: Vec<u8>| URL_SAFE_NO_PAD.encode(bytes);
    json_answer(&json!({"keys": [{
        "kty": "RSA", "use": "sig", "alg": "RS256", "kid": format!("k{kid}"),
        "n": part(public.n().to_bytes_be()), "e": part(public.e().to_bytes_be()),
    }]}))
}

pub(crate) async fn token(
    State(shared): State<Shared>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let form = form(&body);
    let mut inner = shared.lock();
    let secret: String = form_urlencoded::byte_serialize(CLIENT_SECRET.as_bytes()).collect();
    let expected = format!("Basic {}", STANDARD.encode(format!("{CLIENT_ID}:{secret}")));
    if headers.get(header::AUTHORIZATION).is_none_or(|sent| sent != expected.as_str()) {
        return refuse("invalid_client");
    }
    // A code works once, and only for who can show what the challenge was made of.
    let Some(asked) = form.get("code").and_then(|code| inner.codes.remove(code)) else {
        return refuse("invalid_grant");
    };
    let verifier = form.get("code_verifier").map(String::as_str).unwrap_or_default();
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    if challenge != asked.challenge || form.get("redirect_uri") != Some(&asked.redirect) {
        return refuse("invalid_grant");
    }
    let mut answer = json!({"access_token": "unused", "token_type": "Bearer", "expires_in": 300});
    if !inner.faults.contains(&Fault::NoIdToken) {
        match id_token(&inner, &asked) {
            Ok(token) => answer["id_token"] = json!(token),
            Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
    json_answer(&answer)
}
