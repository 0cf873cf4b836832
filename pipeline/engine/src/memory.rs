//! Stores in memory, for tests of connectors and of the engine itself.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use arrow::array::{Array, AsArray};
use arrow::record_batch::RecordBatch;
use async_trait::async_trait;
use yuanliu_contract::RejectedRow;

use crate::ports::{Position, RejectStore, StoreError, TableStore};

#[derive(Default)]
struct Table {
    batches: Vec<RecordBatch>,
    position: Option<Position>,
}

/// A lake and a reject store that forget everything; failures can be queued.
#[derive(Default)]
pub struct MemoryStore {
    tables: Mutex<HashMap<String, Table>>,
    rejects: Mutex<Vec<RejectedRow>>,
    failures: Mutex<Vec<&'static str>>,
}

impl MemoryStore {
    /// Makes the next call of `operation` (`append`, `keep`) fail.
    pub fn fail_next(&self, operation: &'static str) {
        lock(&self.failures).push(operation);
    }

    /// The content hash by key of a table's current versions.
    pub fn current(&self, table: &str) -> HashMap<String, String> {
        let tables = lock(&self.tables);
        let batches = tables.get(table).map(|t| t.batches.as_slice()).unwrap_or_default();
        let mut current = HashMap::new();
        for batch in batches {
            let (Some(keys), Some(hashes)) =
                (batch.column_by_name("_key"), batch.column_by_name("_hash"))
            else {
                continue;
            };
            let (keys, hashes) = (keys.as_string::<i32>(), hashes.as_string::<i32>());
            for row in 0..keys.len() {
                current.insert(keys.value(row).to_owned(), hashes.value(row).to_owned());
            }
        }
        current
    }

    /// Batch, row and operation of the newest version of each key.
    fn newest(&self, table: &str) -> HashMap<String, (RecordBatch, String)> {
        let tables = lock(&self.tables);
        let batches = tables.get(table).map(|t| t.batches.as_slice()).unwrap_or_default();
        let mut newest = HashMap::new();
        for batch in batches {
            let (Some(keys), Some(ops)) =
                (batch.column_by_name("_key"), batch.column_by_name("_op"))
            else {
                continue;
            };
            let (keys, ops) = (keys.as_string::<i32>(), ops.as_string::<i32>());
            for row in 0..keys.len() {
                let version = (batch.slice(row, 1), ops.value(row).to_owned());
                newest.insert(keys.value(row).to_owned(), version);
            }
        }
        newest.retain(|_, (_, op)| op != "delete");
        newest
    }

    /// How many rows a table holds, all versions counted.
    pub fn rows(&self, table: &str) -> usize {
        let tables = lock(&self.tables);
        tables.get(table).map_or(0, |t| t.batches.iter().map(RecordBatch::num_rows).sum())
    }

    /// The rejects kept.
    pub fn kept(&self) -> Vec<RejectedRow> {
        lock(&self.rejects).clone()
    }

    fn fail_if_asked(&self, operation: &'static str) -> Result<(), StoreError> {
        let mut failures = lock(&self.failures);
        match failures.iter().position(|f| *f == operation) {
            None => Ok(()),
            Some(index) => {
                failures.remove(index);
                Err(StoreError {
                    action: format!("{operation} in the memory store"),
                    source: "a queued failure".into(),
                })
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[async_trait]
impl TableStore for MemoryStore {
    async fn position(&self, table: &str) -> Result<Option<Position>, StoreError> {
        Ok(lock(&self.tables).get(table).and_then(|t| t.position.clone()))
    }

    async fn current_hashes(
        &self,
        table: &str,
        rows: &HashMap<String, Option<i64>>,
    ) -> Result<HashMap<String, String>, StoreError> {
        let living = self.newest(table);
        let mut current = self.current(table);
        current.retain(|key, _| rows.contains_key(key) && living.contains_key(key));
        Ok(current)
    }

    async fn current_rows(
        &self,
        table: &str,
        keys: &HashSet<String>,
    ) -> Result<Vec<RecordBatch>, StoreError> {
        let newest = self.newest(table).into_iter().filter(|(key, _)| keys.contains(key));
        Ok(newest.map(|(_, (row, _))| row).collect())
    }

    async fn visit_keys(
        &self,
        table: &str,
        visit: &mut (dyn for<'k> FnMut(&'k str) + Send),
    ) -> Result<(), StoreError> {
        self.newest(table).keys().for_each(|key| visit(key));
        Ok(())
    }

    async fn append(
        &self,
        table: &str,
        batches: Vec<RecordBatch>,
        position: &Position,
    ) -> Result<(), StoreError> {
        self.fail_if_asked("append")?;
        let mut tables = lock(&self.tables);
        let table = tables.entry(table.to_owned()).or_default();
        table.batches.extend(batches);
        table.position = Some(position.clone());
        Ok(())
    }
}

#[async_trait]
impl RejectStore for MemoryStore {
    async fn keep(
        &self,
        _run_id: &str,
        _system: &str,
        _stream: &str,
        rejects: &[RejectedRow],
    ) -> Result<(), StoreError> {
        self.fail_if_asked("keep")?;
        let mut kept = lock(&self.rejects);
        for reject in rejects {
            if !kept.iter().any(|k| k.payload == reject.payload) {
                kept.push(reject.clone());
            }
        }
        Ok(())
    }
}
