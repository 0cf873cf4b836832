//! Connections of BI tools.

use std::sync::Arc;
use std::time::Duration;

use datafusion_postgres::DfSessionService;
use datafusion_postgres::hooks::cursor::CursorStatementHook;
use datafusion_postgres::hooks::set_show::SetShowHook;
use datafusion_postgres::hooks::transactions::TransactionStatementHook;
use datafusion_postgres::pgwire::api::PgWireServerHandlers;
use datafusion_postgres::pgwire::api::auth::StartupHandler;
use datafusion_postgres::pgwire::api::query::{ExtendedQueryHandler, SimpleQueryHandler};
use datafusion_postgres::pgwire::tokio::process_socket;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::bounded::Bounded;
use crate::door::Door;
use crate::error::BiError;
use crate::read_only::ReadOnly;
use crate::session::Session;
use crate::startup::Startup;
use crate::tls::Acceptor;

/// What the endpoint takes at most.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Connections at a time; more are closed at once.
    pub connections: usize,
    /// Statements that run at a time; more wait.
    pub statements: usize,
    /// How long a statement may take from its beginning to its last row.
    pub statement_time: Duration,
}

/// The endpoint.
pub struct BiServer {
    door: Arc<dyn Door>,
    tls: Option<Acceptor>,
    bounds: Bounds,
}

impl BiServer {
    /// An endpoint that is not listened to yet. Without TLS passwords travel as they are.
    pub fn new(door: Arc<dyn Door>, tls: Option<Acceptor>, bounds: Bounds) -> Self {
        Self { door, tls, bounds }
    }

    /// Takes connections until `stop` says true, then closes them.
    ///
    /// # Errors
    ///
    /// [`BiError::Accept`] if the listener itself fails.
    pub async fn run(
        self,
        listener: TcpListener,
        mut stop: watch::Receiver<bool>,
    ) -> Result<(), BiError> {
        let connections = Arc::new(Semaphore::new(self.bounds.connections));
        let statements = Arc::new(Semaphore::new(self.bounds.statements));
        // Dropping it closes what is still open.
        let mut open = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                Some(_) = open.join_next() => continue,
                _ = stop.wait_for(|is_asked| *is_asked) => return Ok(()),
            };
            let (socket, peer) = match accepted {
                Ok(accepted) => accepted,
                // A caller that is gone, or a moment without file handles.
                Err(error) if is_passing(&error) => {
                    tracing::warn!(%error, "taking a connection of a BI tool");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
                Err(error) => return Err(BiError::Accept(error)),
            };
            let Ok(room) = Arc::clone(&connections).try_acquire_owned() else {
                tracing::warn!(%peer, "a connection of a BI tool was closed: too many are open");
                continue;
            };
            let handlers = Arc::new(self.handlers(&statements));
            let tls = self.tls.clone();
            open.spawn(async move {
                if let Err(error) = process_socket(socket, tls, handlers).await {
                    tracing::debug!(%peer, %error, "a connection of a BI tool ended");
                }
                drop(room);
            });
        }
    }

    fn handlers(&self, statements: &Arc<Semaphore>) -> Handlers {
        let session = Arc::new(Session::empty(&self.door.lobby()));
        let answers = DfSessionService::new_with_hooks(
            Arc::clone(&session.context),
            vec![
                Arc::new(ReadOnly),
                Arc::new(CursorStatementHook),
                Arc::new(SetShowHook),
                Arc::new(TransactionStatementHook),
            ],
        );
        Handlers {
            startup: Arc::new(Startup { door: Arc::clone(&self.door), session }),
            answers: Arc::new(Bounded {
                answers,
                statements: Arc::clone(statements),
                time: self.bounds.statement_time,
            }),
        }
    }
}

fn is_passing(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    const NO_FILE_HANDLES: [i32; 2] = [23, 24];
    matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted)
        || error.raw_os_error().is_some_and(|code| NO_FILE_HANDLES.contains(&code))
}

/// What answers one connection.
struct Handlers {
    startup: Arc<Startup>,
    answers: Arc<Bounded>,
}

impl PgWireServerHandlers for Handlers {
    fn simple_query_handler(&self) -> Arc<impl SimpleQueryHandler> {
        Arc::clone(&self.answers)
    }

    fn extended_query_handler(&self) -> Arc<impl ExtendedQueryHandler> {
        Arc::clone(&self.answers)
    }

    fn startup_handler(&self) -> Arc<impl StartupHandler> {
        Arc::clone(&self.startup)
    }
}
