//! The rows of a table, sorted by every index.

use std::cmp::Ordering;
use std::sync::Arc;

use super::table_def::TableDef;
use super::tracking::Tracked;
use crate::values::{Row, Value, compare};

/// A table: definition, rows, tracked changes.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) def: Arc<TableDef>,
    pub(crate) object_id: i64,
    /// Shared with the statements that read it; a change copies it while they do.
    pub(crate) data: Arc<TableData>,
    pub(crate) tracked: Arc<Tracked>,
    pub(crate) next_identity: i64,
}

/// Rows in the order of each index. Index 0 is the primary key, or the order of arrival of a heap.
#[derive(Debug, Clone)]
pub(crate) struct TableData {
    pub(crate) indexes: Vec<SortedRows>,
}

/// Rows in the order of some columns.
#[derive(Debug, Clone)]
pub(crate) struct SortedRows {
    /// The index's columns, then those of the key.
    pub(crate) columns: Vec<usize>,
    pub(crate) rows: Vec<Row>,
}

impl SortedRows {
    fn order(columns: &[usize], a: &[Value], b: &[Value]) -> Ordering {
        columns
            .iter()
            .map(|&at| compare(&a[at], &b[at]))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }

    /// Where the row stands or belongs, with whether it stands there.
    fn find(&self, row: &[Value]) -> Result<usize, usize> {
        let last = self.rows.last().map(|last| Self::order(&self.columns, last, row));
        if self.columns.is_empty() || matches!(last, None | Some(Ordering::Less)) {
            return Err(self.rows.len());
        }
        self.rows.binary_search_by(|held| Self::order(&self.columns, held, row))
    }
}

impl TableData {
    pub(crate) fn new(def: &TableDef) -> Self {
        let mut orders = vec![def.key.clone()];
        if !def.key.is_empty() {
            orders.extend(def.indexes.iter().map(|index| index.columns.clone()));
            // Served fast even where the made-up ERP has no index on it.
            orders.extend(def.rowversion().map(|at| vec![at]));
        }
        let sorted = |mut columns: Vec<usize>| {
            columns.extend(def.key.iter().copied());
            SortedRows { columns, rows: Vec::new() }
        };
        let mut indexes: Vec<_> = orders.into_iter().map(sorted).collect();
        if let Some(first) = indexes.first_mut() {
            first.columns = def.key.clone();
        }
        Self { indexes }
    }

    /// All rows in the order of the key.
    pub(crate) fn rows(&self) -> &[Row] {
        self.indexes.first().map_or(&[], |index| &index.rows)
    }

    /// The row with the same key.
    pub(crate) fn same_key(&self, row: &[Value]) -> Option<&Row> {
        let index = self.indexes.first()?;
        index.find(row).ok().map(|at| &index.rows[at])
    }

    /// Stores a row in place of the one with its key.
    pub(crate) fn store(&mut self, row: &Row) {
        let old = self.same_key(row).cloned();
        for index in &mut self.indexes {
            if let Some(at) = old.as_ref().and_then(|old| index.find(old).ok()) {
                index.rows.remove(at);
            }
            let at = index.find(row).unwrap_or_else(|at| at);
            index.rows.insert(at, row.clone());
        }
    }

    /// Stores many rows at once, as [`store`](Self::store) does, sorting once.
    pub(crate) fn store_all(&mut self, rows: &[Row]) {
        for index in &mut self.indexes {
            index.rows.extend_from_slice(rows);
            let columns = index.columns.clone();
            if !columns.is_empty() {
                index.rows.sort_by(|a, b| SortedRows::order(&columns, a, b));
            }
        }
    }

    /// Removes the row with this key.
    pub(crate) fn remove(&mut self, row: &[Value]) -> Option<Row> {
        let old = self.same_key(row).cloned()?;
        for index in &mut self.indexes {
            if let Ok(at) = index.find(&old) {
                index.rows.remove(at);
            }
        }
        Some(old)
    }
}
