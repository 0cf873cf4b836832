//! The provider and what its tests say to it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::routing::{get, post};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::answers;
use crate::fault::Fault;
use crate::keys::signing_key;

/// Why a provider did not start.
pub type ProviderError = Box<dyn std::error::Error + Send + Sync>;

/// What it knows.
pub(crate) struct Inner {
    pub(crate) issuer: String,
    /// The time of its tokens; none: that of the machine.
    pub(crate) now: Option<DateTime<Utc>>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) codes: HashMap<String, Asked>,
    pub(crate) claims: Value,
    pub(crate) kid: usize,
    pub(crate) key_reads: usize,
}

/// What somebody came with to the authorization endpoint.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) nonce: String,
    pub(crate) challenge: String,
    pub(crate) redirect: String,
}

/// What a browser comes back with.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// Where it is sent.
    pub redirect: String,
    /// The code to redeem.
    pub code: String,
    /// The state it came with.
    pub state: String,
}

/// What a request shares with the provider's value.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Mutex<Inner>>);

impl Shared {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A provider that serves; it ends with the value.
pub struct IdentityProvider {
    inner: Shared,
    server: JoinHandle<std::io::Result<()>>,
}

impl Drop for IdentityProvider {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl IdentityProvider {
    /// Starts one on a port it picks. Its tokens are of `now`, or of the machine's time where that is none.
    ///
    /// # Errors
    ///
    /// No key can be made, or no port is free.
    pub async fn start(now: Option<DateTime<Utc>>) -> Result<Self, ProviderError> {
        // Before anybody waits for an answer.
        signing_key(0)?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let inner = Shared(Arc::new(Mutex::new(Inner {
            issuer: format!("http://{}", listener.local_addr()?),
            now,
            faults: Vec::new(),
            codes: HashMap::new(),
            claims: json!({"sub": "u-1", "name": "王伟", "preferred_username": "wang.wei",
                "groups": ["everybody", "hub-operations"]}),
            kid: 0,
            key_reads: 0,
        })));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(answers::configuration))
            .route("/authorize", get(answers::authorize))
            .route("/keys", get(answers::keys))
            .route("/token", post(answers::token))
            .with_state(inner.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { inner, server })
    }

    /// Its address and name.
    pub fn issuer(&self) -> String {
        self.inner.lock().issuer.clone()
    }

    /// It does this wrong from now on.
    pub fn misbehave(&self, fault: Fault) {
        self.inner.lock().faults = vec![fault];
    }

    /// It says this of the person from now on.
    pub fn claim(&self, name: &str, value: Value) {
        self.inner.lock().claims[name] = value;
    }

    /// The time of its tokens.
    pub fn set_now(&self, now: DateTime<Utc>) {
        self.inner.lock().now = Some(now);
    }

    /// Signs with another key from now on, as providers do from time to time.
    pub fn rotate_keys(&self) {
        self.inner.lock().kid = 1;
    }

    /// How often its keys were read.
    pub fn key_reads(&self) -> usize {
        self.inner.lock().key_reads
    }

    /// The person logs in at the address a browser was sent to.
    ///
    /// # Errors
    ///
    /// Says what the address lacks.
    pub fn authorize(&self, address: &str) -> Result<Arrival, String> {
        let mut inner = self.inner.lock();
        let (place, query) = address.split_once('?').ok_or("the address has no query")?;
        if place != format!("{}/authorize", inner.issuer) {
            return Err(format!("{place} is not where one logs in"));
        }
        answers::arrive(&mut inner, query)
    }
}
