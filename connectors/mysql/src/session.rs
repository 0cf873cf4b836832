//! Sessions: read-only, in UTC, with limits that the server itself keeps where it can.
//!
//! A session goes back only after its statement has been read to the end. One whose statement failed, took
//! too long or was dropped half-read is closed.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::FutureExt;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use yuanliu_contract::{CallBudget, ConnectorError, ErrorKind, Result};

use crate::error::{self, Failure};
use crate::page::texts_of;
use crate::product::Product;

/// How much longer than the server we wait ourselves: the server's own limit names the reason.
const GRACE: Duration = Duration::from_secs(1);

/// A session that nobody used for longer is not trusted: firewalls forget connections silently.
const IDLE_MAX: Duration = Duration::from_secs(60);

/// How long things may take, and how much of the server is used at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) statement: Duration,
    pub(crate) connect: Duration,
    pub(crate) connections: usize,
}

/// Sessions of one system.
pub(crate) struct Sessions {
    options: MySqlConnectOptions,
    limits: Limits,
    /// Asked before a login; whoever asks for a page has asked for leave before.
    budget: Arc<dyn CallBudget>,
    permits: Semaphore,
    idle: Mutex<Vec<Idle>>,
}

struct Idle {
    session: MySqlConnection,
    since: Instant,
}

impl Sessions {
    /// Contacts nothing.
    pub(crate) fn new(
        options: MySqlConnectOptions,
        limits: Limits,
        budget: Arc<dyn CallBudget>,
    ) -> Self {
        let permits = Semaphore::new(limits.connections);
        Self { options, limits, budget, permits, idle: Mutex::new(Vec::new()) }
    }

    /// Does some work on a session within the limit; a session that failed is not used again.
    pub(crate) async fn with<T>(
        &self,
        action: &str,
        work: impl AsyncFnOnce(&mut MySqlConnection) -> std::result::Result<T, Failure>,
    ) -> Result<T> {
        let _permit = self.permits.acquire().await.map_err(|source| {
            ConnectorError::new(ErrorKind::Internal, "waiting for a session").with_source(source)
        })?;
        let idle = self.take();
        let is_reused = idle.is_some();
        let mut session = match idle {
            Some(session) => session,
            None => self.log_in().await?,
        };
        // The driver slices packets without looking at their length; a broken server must not end us.
        let working = AssertUnwindSafe(work(&mut session)).catch_unwind();
        match timeout(self.limits.statement + GRACE, working).await {
            Ok(Ok(Ok(value))) => {
                self.give_back(session);
                Ok(value)
            }
            Ok(Ok(Err(failure))) => Err(failure.explain(action, is_reused)),
            Ok(Err(_)) => Err(error::malformed(action)),
            Err(_) => Err(error::too_late(action)),
        }
    }

    async fn log_in(&self) -> Result<MySqlConnection> {
        const ACTION: &str = "logging in";
        self.budget.acquire().await;
        let connecting = AssertUnwindSafe(self.connect()).catch_unwind();
        match timeout(self.limits.connect, connecting).await {
            Ok(Ok(Ok(session))) => Ok(session),
            Ok(Ok(Err(error))) => Err(error::explain(ACTION, error, false)),
            Ok(Err(_)) => Err(error::malformed(ACTION)),
            Err(_) => Err(error::unanswered(ACTION)),
        }
    }

    async fn connect(&self) -> std::result::Result<MySqlConnection, sqlx::Error> {
        let mut session = self.options.connect().await?;
        let version = session.fetch_one(sqlx::raw_sql("select version()")).await?;
        let version = texts_of(&version).into_iter().next().flatten().unwrap_or_default();
        let setup = setup(Product::of(&version), self.limits.statement);
        session.execute(sqlx::raw_sql(AssertSqlSafe(setup))).await?;
        Ok(session)
    }

    fn take(&self) -> Option<MySqlConnection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|idle| idle.since.elapsed() < IDLE_MAX);
        idle.pop().map(|idle| idle.session)
    }

    fn give_back(&self, session: MySqlConnection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(Idle { session, since: Instant::now() });
    }
}

/// What every session starts with. The mode is set so that quoting and zero dates mean the same everywhere
/// (MySQL 8.0 manual, "Server SQL Modes"); locks are waited for in whole seconds, one at least
/// (`lock_wait_timeout`).
fn setup(product: Product, limit: Duration) -> String {
    let lock_wait = (limit.as_secs() / 2).max(1);
    let mut assignments = vec![
        "sql_mode = ''".to_owned(),
        "time_zone = '+00:00'".to_owned(),
        format!("lock_wait_timeout = {lock_wait}"),
        format!("innodb_lock_wait_timeout = {lock_wait}"),
    ];
    assignments.extend(product.statement_limit(limit));
    format!("set session transaction read only; set {}", assignments.join(", "))
}
