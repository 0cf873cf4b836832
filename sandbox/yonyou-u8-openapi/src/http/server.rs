//! Starting, reaching into and stopping the server.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::route;
use crate::clock::Clock;
use crate::data::{Dataset, Row};
use crate::fault::{Fault, Faults};

/// Largest request body taken.
const BODY_BYTES_MAX: usize = 1 << 20;
/// How long a shutdown waits for calls under way.
const SHUTDOWN_MAX: Duration = Duration::from_secs(5);

/// The one account, which is public.
#[derive(Debug, Clone, Serialize)]
pub struct Credentials {
    /// The caller's enterprise account.
    pub from_account: String,
    /// The account of the U8's owner.
    pub to_account: String,
    /// The app.
    pub app_key: String,
    /// Its secret.
    pub app_secret: String,
}

impl Default for Credentials {
    fn default() -> Self {
        Self {
            from_account: "demo".to_owned(),
            to_account: "demo".to_owned(),
            app_key: "opa0000000000001".to_owned(),
            app_secret: "sandbox-secret-0001".to_owned(),
        }
    }
}

/// Options of [`U8Sandbox::start`].
#[derive(Debug, Clone)]
pub struct U8Options {
    /// Port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// What the first data source holds.
    pub dataset: Dataset,
    /// The account.
    pub credentials: Credentials,
    /// Faults of business calls to come.
    pub faults: Faults,
    /// The server's clock.
    pub clock: Clock,
}

impl Default for U8Options {
    fn default() -> Self {
        Self {
            port: 0,
            dataset: Dataset::empty(),
            credentials: Credentials::default(),
            faults: Faults::default(),
            clock: Clock::System,
        }
    }
}

/// The server could not be started.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on 127.0.0.1:{port}; choose another port, or 0 for any free one")]
pub struct StartError {
    /// The port asked for.
    pub port: u16,
    /// Why.
    pub source: std::io::Error,
}

/// What calls change.
pub(super) struct State {
    pub(super) dataset: Dataset,
    /// Tokens with the end of their life.
    pub(super) tokens: BTreeMap<String, DateTime<Utc>>,
    /// Adds done, by `tradeid` or `biz_id`, with what was answered.
    pub(super) trades: BTreeMap<String, Option<String>>,
    pub(super) faults: Faults,
    pub(super) is_agent_online: bool,
    pub(super) issued: u64,
    pub(super) token_calls: u64,
    pub(super) calls: u64,
}

/// What every request sees.
#[derive(Clone)]
pub(super) struct Server(Arc<Inner>);

struct Inner {
    state: Mutex<State>,
    credentials: Credentials,
    clock: Clock,
}

impl Server {
    /// The state, locked; never held across an await.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn credentials(&self) -> &Credentials {
        &self.0.credentials
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }
}

/// The sandbox: a server that speaks the U8 OpenAPI.
#[derive(Debug)]
pub struct U8Sandbox;

impl U8Sandbox {
    /// Starts a server on 127.0.0.1 as a task of the current tokio runtime.
    ///
    /// It is ready for requests on return, and stops when the handle is shut down or dropped.
    pub async fn start(options: U8Options) -> Result<U8Handle, StartError> {
        let port = options.port;
        let refuse = |source| StartError { port, source };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = TcpListener::bind(address).await.map_err(refuse)?;
        let address = listener.local_addr().map_err(refuse)?;
        let server = Server(Arc::new(Inner {
            state: Mutex::new(State {
                dataset: options.dataset,
                tokens: BTreeMap::new(),
                trades: BTreeMap::new(),
                faults: options.faults,
                is_agent_online: true,
                issued: 0,
                token_calls: 0,
                calls: 0,
            }),
            credentials: options.credentials,
            clock: options.clock,
        }));
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
        Ok(U8Handle { address, server, stop: Some(stop), task: Some(task) })
    }
}

/// A running sandbox. Everything here acts at once on the server that clients talk to.
pub struct U8Handle {
    address: SocketAddr,
    server: Server,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for U8Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("U8Handle").field("address", &self.address).finish_non_exhaustive()
    }
}

impl U8Handle {
    /// The address of the relay, without a path.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// The account.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        self.server.credentials()
    }

    /// The server's clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.server.0.clock
    }

    /// Lets `fault` strike the next business call that has none yet.
    pub fn inject(&self, fault: Fault) {
        self.server.state().faults.push(fault);
    }

    /// Stores a row; see [`Dataset::put`].
    pub fn put(&self, resource: &str, row: Row) -> Option<String> {
        self.server.state().dataset.put(resource, row)
    }

    /// Physically deletes a row. Answers whether it was there.
    pub fn delete(&self, resource: &str, key: &str) -> bool {
        self.server.state().dataset.delete(resource, key)
    }

    /// Looks at the data between two calls.
    pub fn look<T>(&self, look: impl FnOnce(&Dataset) -> T) -> T {
        look(&self.server.state().dataset)
    }

    /// Takes the agent beside the U8 server offline, or brings it back.
    pub fn set_agent_online(&self, is_online: bool) {
        self.server.state().is_agent_online = is_online;
    }

    /// Number of business calls so far.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.server.state().calls
    }

    /// Number of token calls so far.
    #[must_use]
    pub fn token_calls(&self) -> u64 {
        self.server.state().token_calls
    }

    /// Stops the server: calls under way get a few seconds to finish.
    pub async fn shutdown(mut self) {
        self.stop.take();
        if let Some(task) = self.task.take() {
            // Calls still under way after that end with their client or with the runtime.
            let _ = tokio::time::timeout(SHUTDOWN_MAX, task).await;
        }
    }
}
