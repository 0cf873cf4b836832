//! The handle through which a test reaches into a running server.

use std::net::SocketAddr;
use std::sync::Arc;

use serde_json::Value as Json;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::listen::{self, StartError};
use super::state::{SeenLogin, Server, State};
use super::transaction::Transaction;
use super::world::World;
use crate::clock::Clock;
use crate::data::{Database, Op, PutError};
use crate::fault::{Fault, Faults};
use crate::options::SqlServerOptions;
use crate::wire::Certificate;

/// The sandbox: a server that speaks TDS 7.4.
#[derive(Debug)]
pub struct SqlServerSandbox;

impl SqlServerSandbox {
    /// Starts a server on 127.0.0.1 as a task of the current tokio runtime.
    ///
    /// It is ready for logins on return, and stops when the handle is shut down or dropped.
    pub async fn start(mut options: SqlServerOptions) -> Result<SqlServerHandle, StartError> {
        let certificate =
            Certificate::make().map_err(|error| StartError::Certificate(Box::new(error)))?;
        let (listener, address) = listen::bind(options.port).await?;
        let world = World {
            databases: std::mem::take(&mut options.databases),
            master: Database::new("master"),
            clock: options.clock.clone(),
            utc_offset_minutes: options.utc_offset_minutes,
            view_database_state: options.view_database_state,
            denied: Default::default(),
        };
        let faults = std::mem::take(&mut options.faults);
        let state = State {
            world,
            faults,
            statements: 0,
            logins: 0,
            log: Default::default(),
            transactions: 0,
            last_login: None,
        };
        let server = Arc::new(Server::new(options, certificate, state));
        let stop = CancellationToken::new();
        let task = tokio::spawn(listen::accept(server.clone(), listener, stop.clone()));
        Ok(SqlServerHandle { server, address, stop, task: Some(task) })
    }
}

/// A running sandbox. Dropping it stops the server.
pub struct SqlServerHandle {
    server: Arc<Server>,
    address: SocketAddr,
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
}

impl SqlServerHandle {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The port it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The account's name.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.server.options.login.user
    }

    /// The account's password.
    #[must_use]
    pub fn password(&self) -> &str {
        &self.server.options.login.password
    }

    /// The server's certificate as PEM, for clients that check it against a file.
    #[must_use]
    pub fn certificate_pem(&self) -> &str {
        &self.server.certificate.pem
    }

    /// Its clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.server.options.clock
    }

    /// Stores a row at once, as [`Database::put`] does; a rowversion is given out and the change tracked.
    pub fn put(&self, database: &str, table: &str, row: &Json) -> Result<(), PutError> {
        let mut transaction = self.begin(database);
        transaction.put(table, row)?;
        transaction.commit();
        Ok(())
    }

    /// Removes the row with the key that `key` names; nothing happens if there is none.
    pub fn delete(&self, database: &str, table: &str, key: &Json) -> Result<(), PutError> {
        let mut transaction = self.begin(database);
        transaction.delete(table, key)?;
        transaction.commit();
        Ok(())
    }

    /// Begins a transaction, which holds `MIN_ACTIVE_ROWVERSION()` back once it changed something.
    #[must_use]
    pub fn begin(&self, database: &str) -> Transaction {
        Transaction::begin(self.server.clone(), database)
    }

    /// Works out a change in a database; used by transactions.
    pub(super) fn change(
        server: &Server,
        database: &str,
        table: &str,
        op: &Op<'_>,
    ) -> Result<crate::data::Change, PutError> {
        let mut state = server.state();
        let held = state
            .world
            .database_mut(database)
            .ok_or_else(|| PutError::Database(database.to_owned()))?;
        held.change(table, op)
    }

    /// A fault for the next statement, or login, that has none.
    pub fn inject(&self, fault: Fault) {
        let mut state = self.server.state();
        let next =
            if fault == Fault::LoginFailed { state.logins + 1 } else { state.statements + 1 };
        state.faults.push(next, fault);
    }

    /// Replaces the faults that wait.
    pub fn set_faults(&self, faults: Faults) {
        self.server.state().faults = faults;
    }

    /// Whether faults are still waiting.
    #[must_use]
    pub fn has_faults(&self) -> bool {
        !self.server.state().faults.is_empty()
    }

    /// What the last successful login said of itself.
    #[must_use]
    pub fn last_login(&self) -> Option<SeenLogin> {
        self.server.state().last_login.clone()
    }

    /// Number of statements on user tables so far.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.server.state().statements
    }

    /// The texts of the last statements on user tables, at most 1,000, oldest first.
    #[must_use]
    pub fn statement_texts(&self) -> Vec<String> {
        self.server.state().log.iter().cloned().collect()
    }

    /// Takes the right to read an object away: `deny("UFDATA_001_2026", "dbo.SO_SOMain")`.
    pub fn deny(&self, database: &str, object: &str) {
        self.server.state().world.denied.insert(format!("{database}.{object}").to_lowercase());
    }

    /// Gives it back.
    pub fn grant(&self, database: &str, object: &str) {
        self.server.state().world.denied.remove(&format!("{database}.{object}").to_lowercase());
    }

    /// Sets whether the login has VIEW DATABASE STATE.
    pub fn set_view_database_state(&self, held: bool) {
        self.server.state().world.view_database_state = held;
    }

    /// Forgets tracked changes of a table up to a version, as the clean-up does after the retention period.
    pub fn clean_up_changes(
        &self,
        database: &str,
        table: &str,
        up_to: i64,
    ) -> Result<(), PutError> {
        let mut state = self.server.state();
        let held = state
            .world
            .database_mut(database)
            .ok_or_else(|| PutError::Database(database.to_owned()))?;
        let at = held.position(table)?;
        let tracked = Arc::make_mut(&mut held.tables[at].tracked);
        tracked.log.retain(|(version, ..)| *version > up_to);
        tracked.min_valid = up_to;
        Ok(())
    }

    /// Number of rows of a table.
    #[must_use]
    pub fn row_count(&self, database: &str, table: &str) -> usize {
        self.server.state().world.database(database).map_or(0, |database| database.row_count(table))
    }

    /// Closes every connection.
    pub fn kill_sessions(&self) {
        self.server.kills.send_modify(|kills| *kills += 1);
    }

    /// Stops the server.
    pub async fn shutdown(mut self) {
        self.stop.cancel();
        if let Some(task) = self.task.take() {
            let _ = task.await;
        }
    }
}

impl Drop for SqlServerHandle {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl std::fmt::Debug for SqlServerHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqlServerHandle").field("address", &self.address).finish_non_exhaustive()
    }
}
