//! A transaction of a writer.

use std::sync::Arc;

use serde_json::Value as Json;

use super::handle::SqlServerHandle;
use super::state::Server;
use crate::data::{Change, Op, PutError};

/// Changes that become visible together when committed. Rowversions are given out at once, so that
/// `MIN_ACTIVE_ROWVERSION()` stays below them while it is open. Dropping it rolls back. Readers do not wait
/// for it: they see rows as they were, as under READ_COMMITTED_SNAPSHOT.
pub struct Transaction {
    server: Arc<Server>,
    database: String,
    id: u64,
    changes: Vec<Change>,
}

impl Transaction {
    pub(super) fn begin(server: Arc<Server>, database: &str) -> Self {
        let id = {
            let mut state = server.state();
            state.transactions += 1;
            state.transactions
        };
        Self { server, database: database.to_owned(), id, changes: Vec::new() }
    }

    /// Stores a row, as [`Database::put`](crate::Database::put) does.
    pub fn put(&mut self, table: &str, row: &Json) -> Result<(), PutError> {
        self.change(table, &Op::Put(row))
    }

    /// Removes the row with that key.
    pub fn delete(&mut self, table: &str, key: &Json) -> Result<(), PutError> {
        self.change(table, &Op::Delete(key))
    }

    fn change(&mut self, table: &str, op: &Op<'_>) -> Result<(), PutError> {
        {
            let mut state = self.server.state();
            if let Some(database) = state.world.database_mut(&self.database) {
                let next = database.rowversion + 1;
                database.open.entry(self.id).or_insert(next);
            }
        }
        self.changes.push(SqlServerHandle::change(&self.server, &self.database, table, op)?);
        Ok(())
    }

    /// Makes the changes visible.
    pub fn commit(mut self) {
        let changes = std::mem::take(&mut self.changes);
        if let Some(database) = self.server.state().world.database_mut(&self.database) {
            database.apply(changes, true);
        }
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if let Some(database) = self.server.state().world.database_mut(&self.database) {
            database.open.remove(&self.id);
        }
    }
}
