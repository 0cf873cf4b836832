//! A few connections, kept between statements.
//!
//! A connection goes back only after its statement has been read to the end. One whose statement
//! failed, took too long or was dropped half-read is closed: the server stops the statement then,
//! and nobody reads what is left of it.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};
use yuanliu_contract::{CallBudget, ConnectorError, ErrorKind, Result};

use crate::config::Config;
use crate::connect::{Connection, connect};

/// Connections of one system.
pub(crate) struct Pool {
    pub(crate) config: Config,
    /// Asked before a login; whoever asks for a page has asked for leave before.
    budget: Arc<dyn CallBudget>,
    permits: Semaphore,
    /// With the database each is logged in to; never more than there are permits.
    idle: Mutex<Vec<(String, Connection)>>,
}

/// A connection in use.
pub(crate) struct Lease<'p> {
    pool: &'p Pool,
    database: String,
    connection: Option<Connection>,
    _permit: SemaphorePermit<'p>,
}

impl Pool {
    pub(crate) fn new(config: Config, budget: Arc<dyn CallBudget>) -> Self {
        let permits = Semaphore::new(config.connections);
        Self { config, budget, permits, idle: Mutex::new(Vec::new()) }
    }

    /// A connection to a database, the configured one if none is given, for one statement.
    pub(crate) async fn lease(&self, database: Option<&str>) -> Result<Lease<'_>> {
        let permit = self.permits.acquire().await.map_err(|source| {
            ConnectorError::new(ErrorKind::Internal, "waiting for a connection").with_source(source)
        })?;
        let database = database.unwrap_or(&self.config.database);
        let idle = self.take(database);
        let connection = match idle {
            Some(connection) => connection,
            None => {
                self.budget.acquire().await;
                connect(&self.config, database).await?
            }
        };
        let database = database.to_owned();
        Ok(Lease { pool: self, database, connection: Some(connection), _permit: permit })
    }

    /// An idle connection to the database. If there is none, one to another database is closed to
    /// make room.
    fn take(&self, database: &str) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let at = idle.iter().position(|(name, _)| name == database);
        match at {
            Some(at) => Some(idle.swap_remove(at).1),
            None => {
                if idle.len() >= self.config.connections {
                    idle.pop();
                }
                None
            }
        }
    }
}

impl Lease<'_> {
    /// The connection; none only after it was given back.
    pub(crate) fn connection(&mut self) -> Result<&mut Connection> {
        self.connection.as_mut().ok_or_else(|| {
            ConnectorError::new(ErrorKind::Internal, "using a connection that was given back")
        })
    }

    /// Keeps the connection for the next statement: the answer has been read to its end.
    pub(crate) fn give_back(mut self) {
        if let Some(connection) = self.connection.take() {
            let mut idle = self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.push((std::mem::take(&mut self.database), connection));
        }
    }
}
