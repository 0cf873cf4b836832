//! Rows as a table holds them, with where it holds them.

use std::collections::BTreeMap;

use arrow::array::{AsArray, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{Int64Type, UInt32Type};
use datafusion::error::Result;

use crate::lake::{DataFile, RowNumbers};

/// Some rows with the columns of their table, then the file and the row that [`crate::query::Files`] tells.
pub(super) struct Standing {
    batch: RecordBatch,
}

impl Standing {
    pub(super) fn new(batch: RecordBatch) -> Self {
        Self { batch }
    }

    /// The rows without their places.
    pub(super) fn rows(&self) -> Result<RecordBatch> {
        let columns: Vec<_> = (0..self.batch.num_columns().saturating_sub(2)).collect();
        Ok(self.batch.project(&columns)?)
    }

    /// Those of the rows that are chosen.
    pub(super) fn chosen(&self, chosen: &BooleanArray) -> Result<Self> {
        Ok(Self { batch: filter_record_batch(&self.batch, chosen)? })
    }

    /// Adds the places of all rows, by file.
    pub(super) fn add_places(&self, files: &[DataFile], places: &mut BTreeMap<String, RowNumbers>) {
        let columns = self.batch.num_columns();
        let file = self.batch.column(columns - 2).as_primitive::<UInt32Type>();
        let row = self.batch.column(columns - 1).as_primitive::<Int64Type>();
        // Rows of a file come together.
        let mut start = 0;
        while start < file.len() {
            let place = file.value(start);
            let end = (start..file.len()).find(|at| file.value(*at) != place).unwrap_or(file.len());
            if let Some(file) = files.get(place as usize) {
                let places = places.entry(file.path.clone()).or_default();
                places.extend(row.values()[start..end].iter().map(|row| *row as u64));
            }
            start = end;
        }
    }
}
