//! Working out the row that a change leaves.

use serde_json::Value as Json;

use super::database::Database;
use crate::error::SqlError;
use crate::values::{Row, Value, cast, from_json};

/// A change asked for.
pub(crate) enum Op<'a> {
    /// Store this row.
    Put(&'a Json),
    /// Remove the row with this key.
    Delete(&'a Json),
}

/// A change worked out, not yet visible.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) table: usize,
    pub(crate) row: Row,
    pub(crate) deletes: bool,
}

/// A row cannot be stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PutError {
    /// No such database.
    #[error("there is no database `{0}`")]
    Database(String),
    /// No such table.
    #[error("there is no table `{0}` in {1}")]
    Table(String, String),
    /// No such column.
    #[error("there is no column `{0}` in {1}")]
    Column(String, String),
    /// A value that is none of the column's type.
    #[error("column `{column}` of {table} cannot hold {value}: {source}")]
    Value {
        /// The column.
        column: String,
        /// The table.
        table: String,
        /// The JSON text.
        value: String,
        /// Why.
        source: SqlError,
    },
    /// A column that must have a value has none.
    #[error("column `{0}` of {1} must not be null")]
    Null(String, String),
    /// A row that is no JSON object.
    #[error("a row of {0} must be a JSON object of column names")]
    NotAnObject(String),
    /// A row with too many or too few values.
    #[error("a row of {table} has {expected} values, not {got}")]
    Width {
        /// The table.
        table: String,
        /// Columns.
        expected: usize,
        /// Values.
        got: usize,
    },
}

impl Database {
    /// Works out a change; gives the row its rowversion.
    pub(crate) fn change(&mut self, table: &str, op: &Op<'_>) -> Result<Change, PutError> {
        let at = self.position(table)?;
        let def = self.tables[at].def.clone();
        let name = || def.full_name();
        let (json, deletes) = match op {
            Op::Put(json) => (json, false),
            Op::Delete(json) => (json, true),
        };
        let Json::Object(given) = json else { return Err(PutError::NotAnObject(name())) };
        let mut row = vec![Value::Null; def.columns.len()];
        let mut set = vec![false; def.columns.len()];
        for (column, value) in given {
            let column_at =
                def.position(column).ok_or_else(|| PutError::Column(column.clone(), name()))?;
            row[column_at] =
                from_json(value, &def.columns[column_at].ty).map_err(|source| PutError::Value {
                    column: column.clone(),
                    table: name(),
                    value: value.to_string(),
                    source,
                })?;
            set[column_at] = true;
        }
        let held = self.tables[at].data.same_key(&row).cloned();
        if deletes {
            return Ok(Change { table: at, row: held.unwrap_or_else(|| row.into()), deletes });
        }
        for (column_at, column) in def.columns.iter().enumerate() {
            if set[column_at] {
                continue;
            }
            if let Some(held) = &held {
                row[column_at] = held[column_at].clone();
            } else if column.identity {
                row[column_at] = Value::Int(self.tables[at].next_identity);
            }
        }
        for (column_at, column) in def.columns.iter().enumerate() {
            if column.identity
                && let Value::Int(number) = row[column_at]
            {
                let next = &mut self.tables[at].next_identity;
                *next = (*next).max(number + 1);
            }
            if let Some(expression) = &column.computed {
                let computed = crate::engine::compute(expression, &def, &row);
                let value = computed.and_then(|(value, ty)| cast(&value, &ty, &column.ty));
                row[column_at] = value.map_err(|source| PutError::Value {
                    column: column.name.clone(),
                    table: name(),
                    value: expression.clone(),
                    source,
                })?;
            }
        }
        if let Some(column_at) = def.rowversion() {
            self.rowversion += 1;
            row[column_at] = Value::RowVersion(self.rowversion);
        }
        if let Some(missing) =
            def.columns.iter().zip(&row).find(|(column, value)| !column.nullable && value.is_null())
        {
            return Err(PutError::Null(missing.0.name.clone(), name()));
        }
        Ok(Change { table: at, row: row.into(), deletes })
    }
}
