//! A database: tables, views, counters.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::put::{Change, Op, PutError};
use super::table::{Table, TableData};
use super::table_def::TableDef;
use crate::values::{Collation, Row};

/// `object_id` of the first table: user objects have large ones.
const OBJECT_ID_FIRST: i64 = 885_578_193;

/// A view, as text.
#[derive(Debug, Clone)]
pub(crate) struct View {
    pub(crate) schema: String,
    pub(crate) name: String,
    pub(crate) sql: String,
    pub(crate) object_id: i64,
}

/// A database, built by chaining and filled with [`put`](Self::put) before the server starts.
#[derive(Debug, Clone)]
pub struct Database {
    pub(crate) name: String,
    pub(crate) collation: Collation,
    pub(crate) snapshot: bool,
    pub(crate) change_tracking: bool,
    pub(crate) tables: Vec<Table>,
    pub(crate) views: Vec<View>,
    /// The last rowversion given out: `@@DBTS`.
    pub(crate) rowversion: u64,
    /// `CHANGE_TRACKING_CURRENT_VERSION()`
    pub(crate) tracking_version: i64,
    /// First rowversion of each open transaction.
    pub(crate) open: BTreeMap<u64, u64>,
}

impl Database {
    /// An empty database of this name, with `Chinese_PRC_CI_AS` and snapshot isolation allowed.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            collation: Collation::default(),
            snapshot: true,
            change_tracking: false,
            tables: Vec::new(),
            views: Vec::new(),
            rowversion: 2_000,
            tracking_version: 0,
            open: BTreeMap::new(),
        }
    }

    /// Adds an empty table, in place of the one of its name.
    #[must_use]
    pub fn table(mut self, def: TableDef) -> Self {
        let known = self.find(&def.schema, &def.name);
        let object_id = known.map_or_else(|| self.next_object_id(), |at| self.tables[at].object_id);
        let table = Table {
            data: Arc::new(TableData::new(&def)),
            def: Arc::new(def),
            object_id,
            tracked: Arc::default(),
            next_identity: 1,
        };
        match known {
            Some(at) => self.tables[at] = table,
            None => self.tables.push(table),
        }
        self
    }

    /// How a table, `schema.name`, is defined; none if there is no such table.
    #[must_use]
    pub fn definition(&self, table: &str) -> Option<TableDef> {
        self.position(table).ok().map(|at| self.tables[at].def.as_ref().clone())
    }

    /// Adds a view: `("dbo", "v_order", "select …")`.
    #[must_use]
    pub fn view(mut self, schema: &str, name: &str, sql: &str) -> Self {
        let object_id = self.next_object_id();
        self.views.push(View {
            schema: schema.to_owned(),
            name: name.to_owned(),
            sql: sql.to_owned(),
            object_id,
        });
        self
    }

    /// Sets the collation of all its text columns.
    #[must_use]
    pub fn collation(mut self, collation: Collation) -> Self {
        self.collation = collation;
        self
    }

    /// Sets whether `ALLOW_SNAPSHOT_ISOLATION` is on.
    #[must_use]
    pub fn snapshot(mut self, allowed: bool) -> Self {
        self.snapshot = allowed;
        self
    }

    /// Switches Change Tracking on; tables switch it on for themselves.
    #[must_use]
    pub fn change_tracking(mut self) -> Self {
        self.change_tracking = true;
        self
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Stores a row (`{"ID": 1, "iQuantity": "12.5"}`) in place of the one with its key; columns that are
    /// left out keep their value, or are null in a new row. A `rowversion` is always the server's.
    pub fn put(&mut self, table: &str, row: &Json) -> Result<(), PutError> {
        let change = self.change(table, &Op::Put(row))?;
        self.apply(vec![change], false);
        Ok(())
    }

    /// Stores many rows of one value for each column, in order, with keys that are new; the fast way to
    /// fill a large table. Values must have their column's form; rowversions are given out in order.
    pub fn fill(
        &mut self,
        table: &str,
        rows: impl IntoIterator<Item = Vec<crate::values::Value>>,
    ) -> Result<(), PutError> {
        let at = self.position(table)?;
        let def = self.tables[at].def.clone();
        let mut version = self.rowversion;
        let stored: Result<Vec<Row>, PutError> = rows
            .into_iter()
            .map(|mut row| {
                if row.len() != def.columns.len() {
                    return Err(PutError::Width {
                        table: def.full_name(),
                        expected: def.columns.len(),
                        got: row.len(),
                    });
                }
                if let Some(column) = def.rowversion() {
                    version += 1;
                    row[column] = crate::values::Value::RowVersion(version);
                }
                Ok(Row::from(row))
            })
            .collect();
        Arc::make_mut(&mut self.tables[at].data).store_all(&stored?);
        self.rowversion = version;
        Ok(())
    }

    /// Number of rows of a table; 0 if there is no such table.
    #[must_use]
    pub fn row_count(&self, table: &str) -> usize {
        self.position(table).map_or(0, |at| self.tables[at].data.rows().len())
    }

    pub(crate) fn position(&self, table: &str) -> Result<usize, PutError> {
        let (schema, name) = table.split_once('.').unwrap_or(("dbo", table));
        self.find(schema, name).ok_or_else(|| PutError::Table(table.to_owned(), self.name.clone()))
    }

    pub(crate) fn find(&self, schema: &str, name: &str) -> Option<usize> {
        let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
        self.tables
            .iter()
            .position(|table| same(&table.def.schema, schema) && same(&table.def.name, name))
    }

    /// The lowest rowversion of a transaction that is still open, or the next one.
    pub(crate) fn min_active_rowversion(&self) -> u64 {
        self.open.values().min().copied().unwrap_or(self.rowversion + 1)
    }

    fn next_object_id(&self) -> i64 {
        OBJECT_ID_FIRST
            + 16 * i64::try_from(self.tables.len() + self.views.len()).unwrap_or_default()
    }

    /// Makes changes visible, all with one tracking version; `tracked` is off while the database is built.
    pub(crate) fn apply(&mut self, changes: Vec<Change>, tracked: bool) {
        if tracked && !changes.is_empty() {
            self.tracking_version += 1;
        }
        for change in changes {
            let Some(table) = self.tables.get_mut(change.table) else { continue };
            let existed = table.data.same_key(&change.row).is_some();
            let data = Arc::make_mut(&mut table.data);
            let operation = match (change.deletes, existed) {
                (true, false) => continue,
                (true, true) => 'D',
                (false, true) => 'U',
                (false, false) => 'I',
            };
            if change.deletes {
                data.remove(&change.row);
            } else {
                data.store(&change.row);
            }
            if tracked && self.change_tracking && table.def.change_tracking {
                Arc::make_mut(&mut table.tracked).log.push((
                    self.tracking_version,
                    operation,
                    change.row,
                ));
            }
        }
    }
}

impl Database {
    /// `OBJECT_ID('schema.name')`
    pub(crate) fn object_id(&self, schema: &str, name: &str) -> Option<i64> {
        let view = || {
            self.views.iter().find(|view| {
                view.schema.eq_ignore_ascii_case(schema) && view.name.eq_ignore_ascii_case(name)
            })
        };
        self.find(schema, name)
            .map(|at| self.tables[at].object_id)
            .or_else(|| view().map(|view| view.object_id))
    }
}
