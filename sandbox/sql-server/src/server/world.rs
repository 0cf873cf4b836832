//! Everything that statements see of the server.

use std::collections::BTreeSet;

use crate::clock::Clock;
use crate::data::Database;
use crate::error::SqlError;

/// The server's databases and settings; locked while a statement is bound or a row is put.
pub(crate) struct World {
    /// The configured ones; an empty `master` stands behind them.
    pub(crate) databases: Vec<Database>,
    pub(crate) master: Database,
    pub(crate) clock: Clock,
    pub(crate) utc_offset_minutes: i16,
    pub(crate) view_database_state: bool,
    /// Objects the login may not read, as `database.schema.object`, lower case.
    pub(crate) denied: BTreeSet<String>,
}

impl World {
    /// A database by name; case does not count.
    pub(crate) fn database(&self, name: &str) -> Option<&Database> {
        if name.eq_ignore_ascii_case("master") {
            return Some(&self.master);
        }
        self.databases.iter().find(|database| database.name.eq_ignore_ascii_case(name))
    }

    pub(crate) fn database_mut(&mut self, name: &str) -> Option<&mut Database> {
        self.databases.iter_mut().find(|database| database.name.eq_ignore_ascii_case(name))
    }

    /// Whether the login may read the object.
    pub(crate) fn allowed(
        &self,
        database: &Database,
        schema: &str,
        object: &str,
    ) -> Result<(), SqlError> {
        let name = format!("{}.{schema}.{object}", database.name).to_lowercase();
        if self.denied.contains(&name) {
            Err(SqlError::permission(object, &database.name, schema))
        } else {
            Ok(())
        }
    }
}
