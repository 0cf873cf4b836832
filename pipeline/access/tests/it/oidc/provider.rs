//! An identity provider on this machine that can be told to misbehave.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use rsa::pkcs1v15::SigningKey;
use rsa::rand_core::OsRng;
use rsa::sha2::Sha256;
use rsa::signature::{SignatureEncoding, Signer};
use rsa::traits::PublicKeyParts;
use rsa::{RsaPrivateKey, RsaPublicKey};
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use yuanliu_access::{OidcClient, OidcConfig, OidcReturn, OidcStart, Role, Secret};

pub const CLIENT_ID: &str = "yuanliu";
pub const CLIENT_SECRET: &str = "the client's secret";
pub const REDIRECT: &str = "http://127.0.0.1:8080/api/v1/session/oidc/callback";

/// What the provider does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    WrongNonce,
    WrongAudience,
    WrongIssuer,
    Expired,
    SignedByAnother,
    Unsigned,
    SignedWithSecret,
    Tampered,
    NoIdToken,
    NotJson,
    ServerError,
    Silent,
    Endless,
}

struct Inner {
    issuer: String,
    now: DateTime<Utc>,
    faults: Vec<Fault>,
    codes: HashMap<String, Asked>,
    claims: Value,
    kid: usize,
    key_reads: usize,
}

/// What somebody came with to the authorization endpoint.
#[derive(Clone)]
struct Asked {
    nonce: String,
    challenge: String,
    redirect: String,
}

/// The provider; it ends with the value.
pub struct Provider {
    inner: Arc<Mutex<Inner>>,
    server: JoinHandle<()>,
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Provider {
    pub async fn start(now: DateTime<Utc>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let inner = Arc::new(Mutex::new(Inner {
            issuer,
            now,
            faults: Vec::new(),
            codes: HashMap::new(),
            claims: json!({"sub": "u-1", "name": "王伟", "preferred_username": "wang.wei",
                "groups": ["everybody", "hub-operations"]}),
            kid: 0,
            key_reads: 0,
        }));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(configuration))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(inner.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { inner, server }
    }

    pub fn config(&self) -> OidcConfig {
        let roles = [("hub-admins", Role::Admin), ("hub-operations", Role::Operations)];
        OidcConfig {
            name: "统一登录".to_owned(),
            issuer: self.inner.lock().unwrap().issuer.clone(),
            client_id: CLIENT_ID.to_owned(),
            client_secret: Some("env:SECRET".to_owned()),
            redirect_url: REDIRECT.to_owned(),
            scopes: vec!["profile".to_owned()],
            role_claim: "groups".to_owned(),
            roles: roles.map(|(claim, role)| mapping(claim, role, &[])).to_vec(),
            locale: yuanliu_access::Locale::English,
            timeout_s: 2,
        }
    }

    pub fn client(&self) -> OidcClient {
        OidcClient::new(self.config(), Some(Secret::new(CLIENT_SECRET))).unwrap()
    }

    pub fn misbehave(&self, fault: Fault) {
        self.inner.lock().unwrap().faults = vec![fault];
    }

    pub fn claim(&self, name: &str, value: Value) {
        self.inner.lock().unwrap().claims[name] = value;
    }

    pub fn set_now(&self, now: DateTime<Utc>) {
        self.inner.lock().unwrap().now = now;
    }

    /// Signs with another key from now on, as providers do from time to time.
    pub fn rotate_keys(&self) {
        self.inner.lock().unwrap().kid = 1;
    }

    pub fn key_reads(&self) -> usize {
        self.inner.lock().unwrap().key_reads
    }

    /// Somebody logs in over there, and their browser comes back.
    pub fn authorize(&self, start: &OidcStart) -> OidcReturn {
        let (address, query) = start.url.split_once('?').unwrap();
        let query: HashMap<String, String> =
            form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let mut inner = self.inner.lock().unwrap();
        assert_eq!(address, format!("{}/authorize", inner.issuer));
        assert_eq!(query["response_type"], "code");
        assert_eq!(query["client_id"], CLIENT_ID);
        assert_eq!(query["scope"], "openid profile");
        assert_eq!(query["code_challenge_method"], "S256");
        let asked = Asked {
            nonce: query["nonce"].clone(),
            challenge: query["code_challenge"].clone(),
            redirect: query["redirect_uri"].clone(),
        };
        let code = format!("code-{}", inner.codes.len());
        inner.codes.insert(code.clone(), asked);
        OidcReturn {
            state: query["state"].clone(),
            code: Some(code),
            error: None,
            cookie: Some(start.state.clone()),
        }
    }
}

pub fn mapping(claim: &str, role: Role, regions: &[&str]) -> yuanliu_access::oidc::RoleMapping {
    let regions = regions.iter().map(|code| (*code).to_owned()).collect();
    yuanliu_access::oidc::RoleMapping { claim: claim.to_owned(), role, regions }
}

/// Three keys: two that the provider shows, one that it does not. They are made once.
fn signing_key(n: usize) -> &'static RsaPrivateKey {
    static KEYS: OnceLock<Vec<RsaPrivateKey>> = OnceLock::new();
    &KEYS.get_or_init(|| (0..3).map(|_| RsaPrivateKey::new(&mut OsRng, 2048).unwrap()).collect())[n]
}

type Shared = State<Arc<Mutex<Inner>>>;

fn json_answer(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

async fn configuration(State(inner): Shared) -> Response {
    let (issuer, faults) = {
        let inner = inner.lock().unwrap();
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

async fn keys(State(inner): Shared) -> Response {
    let kid = {
        let mut inner = inner.lock().unwrap();
        inner.key_reads += 1;
        inner.kid
    };
    let public = RsaPublicKey::from(signing_key(kid));
    let part = |bytes: Vec<u8>| URL_SAFE_NO_PAD.encode(bytes);
    json_answer(&json!({"keys": [{
        "kty": "RSA", "use": "sig", "alg": "RS256", "kid": format!("k{kid}"),
        "n": part(public.n().to_bytes_be()), "e": part(public.e().to_bytes_be()),
    }]}))
}

async fn token(State(inner): Shared, headers: HeaderMap, body: String) -> Response {
    let form: HashMap<String, String> =
        form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let mut inner = inner.lock().unwrap();
    let refuse = |error: &str| {
        let body = json!({"error": error}).to_string();
        (StatusCode::BAD_REQUEST, [(header::CONTENT_TYPE, "application/json")], body)
            .into_response()
    };
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
    let challenge = {
        use rsa::sha2::Digest;
        URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
    };
    if challenge != asked.challenge || form.get("redirect_uri") != Some(&asked.redirect) {
        return refuse("invalid_grant");
    }
    let mut answer = json!({"access_token": "unused", "token_type": "Bearer", "expires_in": 300});
    if !inner.faults.contains(&Fault::NoIdToken) {
        answer["id_token"] = json!(id_token(&inner, &asked));
    }
    json_answer(&answer)
}

fn id_token(inner: &Inner, asked: &Asked) -> String {
    let has = |fault| inner.faults.contains(&fault);
    let lasts = TimeDelta::minutes(if has(Fault::Expired) { -1 } else { 5 });
    let mut claims = inner.claims.clone();
    claims["iss"] =
        json!(if has(Fault::WrongIssuer) { "https://evil.example" } else { &inner.issuer });
    claims["aud"] = json!(if has(Fault::WrongAudience) { "another client" } else { CLIENT_ID });
    claims["nonce"] = json!(if has(Fault::WrongNonce) { "another" } else { &asked.nonce });
    claims["iat"] = json!((inner.now - TimeDelta::minutes(10)).timestamp());
    claims["exp"] = json!((inner.now + lasts).timestamp());
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
            let key = signing_key(if has(Fault::SignedByAnother) { 2 } else { inner.kid });
            SigningKey::<Sha256>::new(key.clone()).sign(signed.as_bytes()).to_vec()
        }
    };
    if has(Fault::Tampered) {
        claims["groups"] = json!(["hub-admins"]);
        let tampered = format!("{}.{}", part(&head), part(&claims));
        return format!("{tampered}.{}", URL_SAFE_NO_PAD.encode(signature));
    }
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// RFC 2104, for the one token that must be refused in spite of it.
fn hmac_sha256(key: &[u8], message: &[u8]) -> Vec<u8> {
    use rsa::sha2::Digest;
    const BLOCK: usize = 64;
    let mut padded = [0_u8; BLOCK];
    padded[..key.len()].copy_from_slice(key);
    let with = |pad: u8| padded.map(|byte| byte ^ pad);
    let inner = Sha256::new().chain_update(with(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(with(0x5c)).chain_update(inner).finalize().to_vec()
}
