//! The rows in which two versions of a table differ, found once and kept while a build runs.
//!
//! The log tells changed files, and of a file in which one row changed all rows are new. Every model that reads the table would
//! compare whole files to find those few rows; here they are compared once, or not at all where the build that changed
//! them knows them already.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::datatypes::SchemaRef;
use datafusion::catalog::{MemTable, TableProvider};
use datafusion::common::HashMap;
use datafusion::error::Result;

use super::content::row_hashes;
use crate::lake::{TableName, bytes_of};

/// What is held of all tables together; the changes of a table that does not fit are read from its files.
const HELD_BYTES_MAX: usize = 192 << 20;

/// Two versions of a table, as builds record them.
pub(crate) type Versions = (String, String);

/// What changed in the tables a build has looked at; one for all models of a build.
#[derive(Default)]
pub(crate) struct NetChanges(Mutex<Held>);

#[derive(Default)]
struct Held {
    /// None: they are too many to hold.
    rows: BTreeMap<(TableName, Versions), Option<Arc<MemTable>>>,
    bytes: usize,
}

impl NetChanges {
    /// The changed rows between two versions: of every row that changed the old and the new form, and no other. None
    /// if nobody has looked; none within if they are too many.
    pub(crate) fn find(
        &self,
        name: &TableName,
        versions: &Versions,
    ) -> Option<Option<Arc<dyn TableProvider>>> {
        let rows = self.held().rows.get(&(name.clone(), versions.clone()))?.clone();
        Some(rows.map(|rows| rows as _))
    }

    /// Keeps what changed between two versions; none: that it is too much.
    pub(crate) fn put(
        &self,
        name: &TableName,
        versions: Versions,
        schema: &SchemaRef,
        rows: Option<Vec<RecordBatch>>,
    ) -> Result<()> {
        let bytes = rows.iter().flatten().map(bytes_of).sum::<usize>();
        let mut held = self.held();
        let rows = rows.filter(|_| bytes <= HELD_BYTES_MAX.saturating_sub(held.bytes));
        let rows = rows.map(|rows| MemTable::try_new(Arc::clone(schema), vec![rows]));
        let rows = rows.transpose()?.map(Arc::new);
        held.bytes += if rows.is_some() { bytes } else { 0 };
        held.rows.insert((name.clone(), versions), rows);
        Ok(())
    }

    /// How many bytes of rows may still be kept.
    pub(crate) fn room(&self) -> usize {
        HELD_BYTES_MAX.saturating_sub(self.held().bytes)
    }

    /// Whoever stopped halfway left whole entries.
    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The rows that a build has changed in the table it is at, as long as they are few.
pub(crate) struct Changed {
    rows: Option<Vec<RecordBatch>>,
    bytes: usize,
    bytes_max: usize,
}

impl Changed {
    pub(crate) fn new(bytes_max: usize) -> Self {
        Self { rows: Some(Vec::new()), bytes: 0, bytes_max }
    }

    pub(crate) fn add(&mut self, batch: RecordBatch) {
        self.bytes += bytes_of(&batch);
        if self.bytes > self.bytes_max {
            self.rows = None;
        }
        if let Some(rows) = self.rows.as_mut().filter(|_| batch.num_rows() > 0) {
            rows.push(batch);
        }
    }

    pub(crate) fn is_too_much(&self) -> bool {
        self.rows.is_none()
    }

    /// What follows is not told, so that nobody takes a part for all.
    pub(crate) fn give_up(&mut self) {
        self.rows = None;
    }

    /// All of them, none if they were too many.
    pub(crate) fn all(self) -> Option<Vec<RecordBatch>> {
        self.rows
    }
}

/// Tells the rows that only one of two sides has, by their hashes; equal rows on both sides cancel one by one.
///
/// All rows of the old side come first, then those of the new, then the old ones once more.
#[derive(Default)]
pub(crate) struct Difference {
    /// Rows of the old side that the new one has not shown yet.
    left: HashMap<u64, u32>,
    rows: usize,
}

impl Difference {
    /// How many rows of the old side are left.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Adds rows of the old side.
    pub(crate) fn add_old(&mut self, batch: &RecordBatch) -> Result<()> {
        for hash in row_hashes(batch)? {
            *self.left.entry(hash).or_default() += 1;
        }
        self.rows += batch.num_rows();
        Ok(())
    }

    /// Of rows of the new side those that the old one lacks.
    pub(crate) fn only_new(&mut self, batch: &RecordBatch) -> Result<RecordBatch> {
        let chosen = self.are_left(batch, false)?;
        Ok(filter_record_batch(batch, &chosen)?)
    }

    /// Of rows of the old side those that the new one lacks.
    pub(crate) fn only_old(&mut self, batch: &RecordBatch) -> Result<RecordBatch> {
        let chosen = self.is_only_old(batch)?;
        Ok(filter_record_batch(batch, &chosen)?)
    }

    /// Which rows of the old side the new one lacks.
    pub(crate) fn is_only_old(&mut self, batch: &RecordBatch) -> Result<BooleanArray> {
        self.are_left(batch, true)
    }

    fn are_left(&mut self, batch: &RecordBatch, wanted: bool) -> Result<BooleanArray> {
        let hashes = row_hashes(batch)?.into_iter();
        Ok(hashes.map(|hash| Some(self.take(hash) == wanted)).collect())
    }

    /// Takes one row of those that are left.
    fn take(&mut self, hash: u64) -> bool {
        match self.left.get_mut(&hash) {
            Some(count) if *count > 0 => {
                *count -= 1;
                self.rows -= 1;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{AsArray, Int64Array};
    use arrow::datatypes::{DataType, Field, Int64Type, Schema};

    use super::*;

    fn batch(values: &[i64]) -> RecordBatch {
        let schema = Schema::new(vec![Field::new("n", DataType::Int64, true)]);
        let column = Arc::new(Int64Array::from(values.to_vec()));
        RecordBatch::try_new(Arc::new(schema), vec![column]).unwrap()
    }

    fn values(batch: &RecordBatch) -> Vec<i64> {
        batch.column(0).as_primitive::<Int64Type>().values().to_vec()
    }

    #[test]
    fn rows_on_both_sides_cancel_as_often_as_they_stand_there() {
        let mut difference = Difference::default();
        let (old, new) = (batch(&[1, 2, 2, 2, 3]), batch(&[2, 4, 1, 2, 4]));
        difference.add_old(&old).unwrap();
        assert_eq!(values(&difference.only_new(&new).unwrap()), [4, 4]);
        assert_eq!(values(&difference.only_old(&old).unwrap()), [2, 3]);
    }

    #[test]
    fn what_does_not_fit_is_known_to_be_too_much() {
        let name: TableName = "core.a".parse().unwrap();
        let versions = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        let rows = batch(&[1]);
        let changes = NetChanges::default();
        assert!(changes.find(&name, &versions("t@1", "t@2")).is_none());
        changes
            .put(&name, versions("t@1", "t@2"), &rows.schema(), Some(vec![rows.clone()]))
            .unwrap();
        assert!(changes.find(&name, &versions("t@1", "t@2")).unwrap().is_some());
        assert!(changes.find(&name, &versions("t@0", "t@2")).is_none());
        changes.held().bytes = HELD_BYTES_MAX;
        changes
            .put(&name, versions("t@2", "t@3"), &rows.schema(), Some(vec![rows.clone()]))
            .unwrap();
        assert!(changes.find(&name, &versions("t@2", "t@3")).unwrap().is_none());
    }
}
