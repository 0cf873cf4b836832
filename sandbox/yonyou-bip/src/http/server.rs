//! Starting, reaching into and stopping the server.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value as Json;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::route;
use crate::auth::{self, Credentials, Query, Tokens};
use crate::clock::Clock;
use crate::data::{Dataset, Object};
use crate::fault::{Fault, Faults};
use crate::options::{BipOptions, Throttle};

/// Largest request body taken.
const BODY_BYTES_MAX: usize = 16 << 20;
/// How long a shutdown waits for calls under way.
const SHUTDOWN_MAX: Duration = Duration::from_secs(5);
/// Ids of documents that are saved begin above those of the made-up company.
const SAVED_ID_FIRST: i64 = 1_990_000_000_000_000_000;
/// China time, which every written time is in.
const CHINA: TimeDelta = TimeDelta::hours(8);

/// The server could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port cannot be listened on.
    #[error("cannot listen on 127.0.0.1:{port}; choose another port, or 0 for any free one")]
    Listen {
        /// The port asked for.
        port: u16,
        /// Why.
        source: std::io::Error,
    },
}

/// What calls change.
pub(super) struct State {
    pub(super) dataset: Dataset,
    pub(super) tokens: Tokens,
    pub(super) saved_keys: BTreeMap<String, DateTime<Utc>>,
    pub(super) last_id: i64,
    pub(super) save_calls: u64,
    pub(super) loses_next_save: bool,
    list_calls: u64,
    faults: Faults,
    /// Calls by path in the minute that began there.
    calls: BTreeMap<String, (i64, u32)>,
}

/// What every request sees.
#[derive(Clone)]
pub(super) struct Server(Arc<Inner>);

struct Inner {
    state: Mutex<State>,
    options: BipOptions,
    address: SocketAddr,
}

impl Server {
    /// The state, locked; never held across an await.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn options(&self) -> &BipOptions {
        &self.0.options
    }

    pub(super) fn base_url(&self) -> String {
        format!("http://{}", self.0.address)
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.0.options.clock.now()
    }

    /// Now as rows write it.
    pub(super) fn wall_clock(&self) -> String {
        (self.now() + CHINA).format("%Y-%m-%d %H:%M:%S").to_string()
    }

    pub(super) fn grant(&self, query: &Query, is_suite: bool) -> Json {
        let options = self.options();
        let time = (self.now(), options.token_life_s);
        auth::answer(query, is_suite, &options.credentials, &mut self.state().tokens, time)
    }

    pub(super) fn accepts(&self, token: &str) -> bool {
        let now = self.now();
        self.state().tokens.accepts(token, now)
    }

    /// Counts a list call and takes the fault that strikes it.
    pub(super) fn take_fault(&self) -> Option<Fault> {
        let mut state = self.state();
        state.list_calls += 1;
        let call = state.list_calls;
        state.faults.take(call)
    }

    /// Counts a call of a path; the limit if it is over it.
    pub(super) fn is_over_limit(&self, path: &str) -> Option<Throttle> {
        let throttle = self.options().throttle?;
        let minute = self.now().timestamp().div_euclid(60);
        let mut state = self.state();
        let calls = state.calls.entry(path.to_owned()).or_insert((minute, 0));
        if calls.0 != minute {
            *calls = (minute, 0);
        }
        calls.1 += 1;
        (calls.1 > throttle.calls_per_minute).then_some(throttle)
    }
}

/// The sandbox: a server that speaks the Yonyou BIP OpenAPI.
#[derive(Debug)]
pub struct BipSandbox;

impl BipSandbox {
    /// Starts a server on 127.0.0.1 as a task of the current tokio runtime.
    ///
    /// It is ready for requests on return, and stops when the handle is shut down or dropped.
    pub async fn start(options: BipOptions) -> Result<BipHandle, StartError> {
        let port = options.port;
        let refuse = |source| StartError::Listen { port, source };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = TcpListener::bind(address).await.map_err(refuse)?;
        let address = listener.local_addr().map_err(refuse)?;
        let state = State {
            dataset: options.dataset.clone(),
            tokens: Tokens::default(),
            saved_keys: BTreeMap::new(),
            last_id: SAVED_ID_FIRST,
            save_calls: 0,
            loses_next_save: false,
            list_calls: 0,
            faults: options.faults.clone(),
            calls: BTreeMap::new(),
        };
        let server = Server(Arc::new(Inner { state: Mutex::new(state), options, address }));
        let router = Router::new()
            .fallback(route::answer)
            .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
            .with_state(server.clone());
        let (stop, stopped) = oneshot::channel::<()>();
        let serve = axum::serve(listener, router).with_graceful_shutdown(async move {
            // A dropped sender asks for the stop as much as a sent message does.
            let _ = stopped.await;
        });
        let task = tokio::spawn(async move {
            // Serving ends with the stop and has no failure of its own to tell.
            let _ = serve.await;
        });
        Ok(BipHandle { server, stop: Some(stop), task: Some(task) })
    }
}

/// A running sandbox. Everything here acts at once on the server that clients talk to.
pub struct BipHandle {
    server: Server,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for BipHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BipHandle").field("address", &self.address()).finish_non_exhaustive()
    }
}

impl BipHandle {
    /// The host to ask for the tenant's gateway, without a path.
    #[must_use]
    pub fn discovery_url(&self) -> String {
        self.server.base_url()
    }

    /// Address the server listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.server.0.address
    }

    /// The tenant and its app.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.server.options().credentials
    }

    /// The server's clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.server.options().clock
    }

    /// Lets `fault` strike the next list call that has none yet.
    pub fn inject(&self, fault: Fault) {
        self.inject_at(1, fault);
    }

    /// Lets `fault` strike the `nth` list call from now (1 is the next), or the first free one
    /// after it.
    pub fn inject_at(&self, nth: u64, fault: Fault) {
        let mut state = self.server.state();
        let call = state.list_calls + nth.max(1);
        state.faults.push(call, fault);
    }

    /// Number of faults that have not struck yet.
    #[must_use]
    pub fn faults_waiting(&self) -> usize {
        self.server.state().faults.len()
    }

    /// Lets the next save happen without an answer: the connection breaks.
    pub fn lose_next_save(&self) {
        self.server.state().loses_next_save = true;
    }

    /// Stores a document; see [`Dataset::put`].
    pub fn put(&self, object: Object, header: Json, lines: Vec<Json>) {
        self.server.state().dataset.put(object, header, lines);
    }

    /// Physically deletes a document, leaving no trace. Answers whether it was there.
    pub fn delete(&self, object: Object, id: &str) -> bool {
        self.server.state().dataset.delete(object, id)
    }

    /// Runs `change` on the data between two calls.
    pub fn change<T>(&self, change: impl FnOnce(&mut Dataset) -> T) -> T {
        change(&mut self.server.state().dataset)
    }

    /// Ends every token, so that the next call of each client finds its own refused.
    pub fn revoke_tokens(&self) {
        self.server.state().tokens.revoke_all();
    }

    /// Number of tokens granted so far.
    #[must_use]
    pub fn tokens_granted(&self) -> u64 {
        self.server.state().tokens.granted()
    }

    /// Number of list calls answered so far, faulty answers included.
    #[must_use]
    pub fn list_calls(&self) -> u64 {
        self.server.state().list_calls
    }

    /// Number of saves tried so far.
    #[must_use]
    pub fn save_calls(&self) -> u64 {
        self.server.state().save_calls
    }

    /// Stops the server: idle connections close, calls under way get a few seconds to finish.
    pub async fn shutdown(mut self) {
        self.stop.take();
        if let Some(task) = self.task.take() {
            // Calls still under way after that end with their client or with the runtime.
            let _ = tokio::time::timeout(SHUTDOWN_MAX, task).await;
        }
    }
}
