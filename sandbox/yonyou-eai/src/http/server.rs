//! Starting, reaching into and stopping the server.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::route;
use crate::clock::Clock;
use crate::data::{Dataset, Record};
use crate::fault::{Fault, Faults};

/// Largest request body taken.
const BODY_BYTES_MAX: usize = 1 << 20;
/// How long a shutdown waits for calls under way.
const SHUTDOWN_MAX: Duration = Duration::from_secs(5);

/// The code of the registered external system.
pub const SENDER: &str = "001";

/// The code of NC's account.
pub const ACCOUNT: &str = "develop";

/// Options of [`EaiSandbox::start`].
#[derive(Debug, Clone)]
pub struct EaiOptions {
    /// Port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// What the account holds.
    pub dataset: Dataset,
    /// Whether answers are GBK, and say so, as those of older installations.
    pub is_gbk: bool,
    /// Faults of posts to come.
    pub faults: Faults,
    /// The server's clock.
    pub clock: Clock,
}

impl Default for EaiOptions {
    fn default() -> Self {
        Self {
            port: 0,
            dataset: Dataset::empty(),
            is_gbk: false,
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
    pub(super) faults: Faults,
    pub(super) posts: u64,
}

/// What every request sees.
#[derive(Clone)]
pub(super) struct Server(Arc<Inner>);

struct Inner {
    state: Mutex<State>,
    is_gbk: bool,
    clock: Clock,
}

impl Server {
    /// The state, locked; never held across an await.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_gbk(&self) -> bool {
        self.0.is_gbk
    }
}

/// The sandbox: a server that speaks U8 EAI and NC XChange.
#[derive(Debug)]
pub struct EaiSandbox;

impl EaiSandbox {
    /// Starts a server on 127.0.0.1 as a task of the current tokio runtime.
    ///
    /// It is ready for requests on return, and stops when the handle is shut down or dropped.
    pub async fn start(options: EaiOptions) -> Result<EaiHandle, StartError> {
        let port = options.port;
        let refuse = |source| StartError { port, source };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = TcpListener::bind(address).await.map_err(refuse)?;
        let address = listener.local_addr().map_err(refuse)?;
        let server = Server(Arc::new(Inner {
            state: Mutex::new(State { dataset: options.dataset, faults: options.faults, posts: 0 }),
            is_gbk: options.is_gbk,
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
        Ok(EaiHandle { address, server, stop: Some(stop), task: Some(task) })
    }
}

/// A running sandbox. Everything here acts at once on the server that clients talk to.
pub struct EaiHandle {
    address: SocketAddr,
    server: Server,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for EaiHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EaiHandle").field("address", &self.address).finish_non_exhaustive()
    }
}

impl EaiHandle {
    /// The address of EAI.
    #[must_use]
    pub fn eai_url(&self) -> String {
        format!("http://{}/U8EAI/import.asp", self.address)
    }

    /// The address of NC's servlet, without a query.
    #[must_use]
    pub fn xchange_url(&self) -> String {
        format!("http://{}/service/XChangeServlet", self.address)
    }

    /// The server's clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.server.0.clock
    }

    /// Lets `fault` strike the next post that has none yet.
    pub fn inject(&self, fault: Fault) {
        self.server.state().faults.push(fault);
    }

    /// Stores a record; see [`Dataset::put`].
    pub fn put(&self, root: &str, record: Record) -> Option<String> {
        self.server.state().dataset.put(root, record)
    }

    /// Physically deletes a record. Answers whether it was there.
    pub fn delete(&self, root: &str, key: &str) -> bool {
        self.server.state().dataset.delete(root, key)
    }

    /// Looks at the data between two calls.
    pub fn look<T>(&self, look: impl FnOnce(&Dataset) -> T) -> T {
        look(&self.server.state().dataset)
    }

    /// Number of posts so far.
    #[must_use]
    pub fn posts(&self) -> u64 {
        self.server.state().posts
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
