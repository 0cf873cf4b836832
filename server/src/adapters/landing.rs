//! Raw tables in the lake.

use std::collections::{HashMap, HashSet};

use arrow::record_batch::RecordBatch;
use async_trait::async_trait;
use yuanliu_engine::{Position, StoreError, TableStore};
use yuanliu_warehouse::{Lake, TableName};

use super::store_error;

/// The lake as the engine sees it.
pub(crate) struct LakeTables<'a>(pub(crate) &'a Lake);

#[async_trait]
impl TableStore for LakeTables<'_> {
    async fn position(&self, table: &str) -> Result<Option<Position>, StoreError> {
        let failed = || store_error(format!("reading the position of {table}"));
        let name: TableName = table.parse().map_err(|e| failed()(Box::new(e)))?;
        let position = self.0.position(&name).await.map_err(|e| failed()(e.into()))?;
        Ok(position.map(|p| Position { sequence: p.sequence, cursor: p.text }))
    }

    async fn current_hashes(
        &self,
        table: &str,
        rows: &HashMap<String, Option<i64>>,
    ) -> Result<HashMap<String, String>, StoreError> {
        let failed = || store_error(format!("comparing rows with {table}"));
        let name: TableName = table.parse().map_err(|e| failed()(Box::new(e)))?;
        self.0.current_hashes(&name, rows).await.map_err(|e| failed()(e.into()))
    }

    async fn current_rows(
        &self,
        table: &str,
        keys: &HashSet<String>,
    ) -> Result<Vec<RecordBatch>, StoreError> {
        let failed = || store_error(format!("reading rows of {table}"));
        let name: TableName = table.parse().map_err(|e| failed()(Box::new(e)))?;
        self.0.current_rows(&name, keys).await.map_err(|e| failed()(e.into()))
    }

    async fn visit_keys(
        &self,
        table: &str,
        visit: &mut (dyn for<'k> FnMut(&'k str) + Send),
    ) -> Result<(), StoreError> {
        let failed = || store_error(format!("reading the keys of {table}"));
        let name: TableName = table.parse().map_err(|e| failed()(Box::new(e)))?;
        self.0.visit_keys(&name, visit).await.map_err(|e| failed()(e.into()))
    }

    async fn append(
        &self,
        table: &str,
        batches: Vec<RecordBatch>,
        position: &Position,
    ) -> Result<(), StoreError> {
        let failed = || store_error(format!("landing rows in {table}"));
        let name: TableName = table.parse().map_err(|e| failed()(Box::new(e)))?;
        let position = yuanliu_warehouse::Position {
            sequence: position.sequence,
            text: position.cursor.clone(),
        };
        self.0.append(&name, batches, position).await.map_err(|e| failed()(e.into()))
    }
}
