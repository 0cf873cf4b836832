//! Starting, reaching into and stopping the server.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use chrono::NaiveDateTime;
use serde_json::Value as Json;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::route;
use crate::auth::{Credentials, Sessions};
use crate::clock::Clock;
use crate::data::{Dataset, FieldMeta, PutError};
use crate::fault::{Fault, Faults};
use crate::options::KingdeeOptions;
use crate::query::{QueryError, QueryRequest, RowShape, select};

/// Largest request body taken.
const BODY_BYTES_MAX: usize = 16 << 20;
/// How long a shutdown waits for calls under way.
const SHUTDOWN_MAX: Duration = Duration::from_secs(5);

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
    pub(super) sessions: Sessions,
    pub(super) login_calls: u64,
    query_calls: u64,
    faults: Faults,
    write_calls: u64,
    write_faults: Faults,
}

impl State {
    /// Counts a query call and takes the fault that strikes it.
    pub(super) fn take_fault(&mut self) -> Option<Fault> {
        self.query_calls += 1;
        self.faults.take(self.query_calls)
    }

    /// Counts a write call and takes the fault that strikes it.
    pub(super) fn take_write_fault(&mut self) -> Option<Fault> {
        self.write_calls += 1;
        self.write_faults.take(self.write_calls)
    }
}

/// What every request sees.
#[derive(Clone)]
pub(super) struct Server(Arc<Inner>);

struct Inner {
    state: Mutex<State>,
    credentials: Credentials,
    row_cap: usize,
    refuse_above_cap: bool,
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

    pub(super) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(super) fn row_cap(&self) -> usize {
        self.0.row_cap
    }

    pub(super) fn check_cap(&self, limit: usize) -> Result<(), QueryError> {
        if self.0.refuse_above_cap && limit > self.0.row_cap {
            return Err(QueryError::OverCap(self.0.row_cap));
        }
        Ok(())
    }

    /// Now on the wall of the server room, which the vendor's times are written in.
    pub(super) fn wall_clock(&self) -> NaiveDateTime {
        self.0.clock.now().with_timezone(&chrono_tz::Asia::Shanghai).naive_local()
    }
}

/// The sandbox: a server that speaks the Kingdee Galaxy WebAPI.
#[derive(Debug)]
pub struct KingdeeSandbox;

impl KingdeeSandbox {
    /// Starts a server on 127.0.0.1 as a task of the current tokio runtime.
    ///
    /// It is ready for requests on return, and stops when the handle is shut down or dropped.
    pub async fn start(options: KingdeeOptions) -> Result<KingdeeHandle, StartError> {
        let port = options.port;
        let refuse = |source| StartError::Listen { port, source };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = TcpListener::bind(address).await.map_err(refuse)?;
        let address = listener.local_addr().map_err(refuse)?;
        let server = Server(Arc::new(Inner {
            state: Mutex::new(State {
                dataset: options.dataset,
                sessions: Sessions::new(options.session_idle),
                login_calls: 0,
                query_calls: 0,
                faults: options.faults,
                write_calls: 0,
                write_faults: options.write_faults,
            }),
            credentials: options.credentials,
            row_cap: options.row_cap.max(1),
            refuse_above_cap: options.refuse_above_cap,
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
        Ok(KingdeeHandle { address, server, stop: Some(stop), task: Some(task) })
    }
}

/// A running sandbox. Everything here acts at once on the server that clients talk to.
pub struct KingdeeHandle {
    address: SocketAddr,
    server: Server,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for KingdeeHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KingdeeHandle").field("address", &self.address).finish_non_exhaustive()
    }
}

impl KingdeeHandle {
    /// Base URL, which ends in `/k3cloud/`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/k3cloud/", self.address)
    }

    /// Address the server listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The account.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        self.server.credentials()
    }

    /// The server's clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        self.server.clock()
    }

    /// Lets `fault` strike the next query call that has none yet.
    pub fn inject(&self, fault: Fault) {
        self.inject_at(1, fault);
    }

    /// Lets `fault` strike the `nth` query call from now (1 is the next), or the first free one
    /// after it.
    pub fn inject_at(&self, nth: u64, fault: Fault) {
        let mut state = self.server.state();
        let call = state.query_calls + nth.max(1);
        state.faults.push(call, fault);
    }

    /// Lets `fault` strike the next write call that has none yet.
    pub fn inject_write(&self, fault: Fault) {
        self.inject_write_at(1, fault);
    }

    /// Lets `fault` strike the `nth` write call from now (1 is the next), or the first free one
    /// after it.
    pub fn inject_write_at(&self, nth: u64, fault: Fault) {
        let mut state = self.server.state();
        let call = state.write_calls + nth.max(1);
        state.write_faults.push(call, fault);
    }

    /// What ExecuteBillQuery would answer for these keys, or none if it would refuse.
    #[must_use]
    pub fn select(&self, form: &str, field_keys: &str) -> Option<String> {
        let data = serde_json::json!({"FormId": form, "FieldKeys": field_keys});
        let request = QueryRequest::read(&data).ok()?;
        let state = self.server.state();
        let selection = select(&state.dataset, &request, self.server.row_cap(), RowShape::Arrays);
        selection.ok().map(|selection| selection.json)
    }

    /// Number of faults that have not struck yet.
    #[must_use]
    pub fn faults_waiting(&self) -> usize {
        let state = self.server.state();
        state.faults.len() + state.write_faults.len()
    }

    /// Stores a row; see [`Dataset::put`].
    pub fn put(&self, form: &str, row: &Json) -> Result<i64, PutError> {
        self.server.state().dataset.put(form, row)
    }

    /// Physically deletes a row, leaving no trace. Answers whether it was there.
    pub fn delete(&self, form: &str, pk: i64) -> bool {
        self.server.state().dataset.delete(form, pk)
    }

    /// Adds a field to a form's header or entry list. Answers whether the form is known.
    pub fn add_field(&self, form: &str, in_entry: bool, field: FieldMeta) -> bool {
        self.server.state().dataset.add_field(form, in_entry, field)
    }

    /// Makes a field vanish. Answers whether it was there.
    pub fn remove_field(&self, form: &str, key: &str) -> bool {
        self.server.state().dataset.remove_field(form, key)
    }

    /// Makes a form unknown. Answers whether it was known.
    pub fn remove_form(&self, form: &str) -> bool {
        self.server.state().dataset.remove_form(form)
    }

    /// Runs `change` on the data between two calls.
    pub fn change<T>(&self, change: impl FnOnce(&mut Dataset) -> T) -> T {
        change(&mut self.server.state().dataset)
    }

    /// Drops every session, so that the next call of each client finds its session lost.
    pub fn drop_sessions(&self) {
        self.server.state().sessions.close_all();
    }

    /// Number of query calls answered so far, faulty answers included.
    #[must_use]
    pub fn query_calls(&self) -> u64 {
        self.server.state().query_calls
    }

    /// Number of write calls answered so far, faulty answers included.
    #[must_use]
    pub fn write_calls(&self) -> u64 {
        self.server.state().write_calls
    }

    /// Number of login calls answered so far.
    #[must_use]
    pub fn login_calls(&self) -> u64 {
        self.server.state().login_calls
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
