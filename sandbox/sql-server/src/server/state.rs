//! What sessions and the handle share.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::world::World;
use crate::fault::{Fault, Faults};
use crate::options::SqlServerOptions;
use crate::values::Collation;
use crate::wire::Certificate;

/// Statements remembered for tests.
const LOG_MAX: usize = 1_000;

pub(crate) struct State {
    pub(crate) world: World,
    pub(crate) faults: Faults,
    pub(crate) statements: u64,
    pub(crate) logins: u64,
    pub(crate) log: VecDeque<String>,
    pub(crate) transactions: u64,
    pub(crate) last_login: Option<SeenLogin>,
}

/// What the last successful login said of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenLogin {
    /// `program_name()`
    pub application: String,
    /// The database asked for; empty for the default one.
    pub database: String,
    /// `ApplicationIntent=ReadOnly`
    pub read_only: bool,
}

impl State {
    /// Counts a statement on a user table and takes the fault that strikes it.
    pub(crate) fn take_fault(&mut self, sql: &str) -> Option<Fault> {
        self.statements += 1;
        if self.log.len() == LOG_MAX {
            self.log.pop_front();
        }
        self.log.push_back(sql.to_owned());
        self.faults.take(self.statements)
    }

    /// Counts a login; whether it fails.
    pub(crate) fn take_login_fault(&mut self) -> bool {
        self.logins += 1;
        self.faults.take_login(self.logins)
    }
}

/// The server, shared by its tasks.
pub(crate) struct Server {
    pub(crate) options: SqlServerOptions,
    pub(crate) certificate: Certificate,
    pub(crate) kills: watch::Sender<u64>,
    state: Mutex<State>,
}

impl Server {
    pub(super) fn new(options: SqlServerOptions, certificate: Certificate, state: State) -> Self {
        Self { options, certificate, kills: watch::Sender::new(0), state: Mutex::new(state) }
    }

    /// The state, locked; never held across an await.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn collation(&self, database: &str) -> Collation {
        self.state()
            .world
            .database(database)
            .map_or_else(Collation::default, |database| database.collation)
    }
}
