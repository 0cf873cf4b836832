//! Rows being built column by column; a row that cannot be typed is taken out at the end.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::Schema;
use arrow::error::ArrowError;
use arrow::record_batch::{RecordBatch, RecordBatchOptions};
use yuanliu_contract::{ConnectorError, DecodedRows, ErrorKind, RejectedRow, Result};

use crate::catalog::Column;
use crate::cell::{Cell, CellFault, ColumnBuilder};

/// Builds one page. Each row gives one cell per column in order, then [`RowBuilder::end`].
#[derive(Debug)]
pub struct RowBuilder<'a> {
    columns: &'a [Column],
    builders: Vec<ColumnBuilder>,
    is_kept: Vec<bool>,
    rejects: Vec<RejectedRow>,
    at: usize,
    fault: Option<CellFault>,
}

impl<'a> RowBuilder<'a> {
    /// A page without rows and room for `rows`.
    pub fn new(columns: &'a [Column], rows: usize) -> Result<Self> {
        let builders = columns.iter().map(|column| ColumnBuilder::new(column.kind, rows));
        let builders = builders.collect::<std::result::Result<_, _>>().map_err(broken)?;
        let is_kept = Vec::with_capacity(rows);
        Ok(Self { columns, builders, is_kept, rejects: Vec::new(), at: 0, fault: None })
    }

    /// The next cell of the present row. Only the first fault of a row is kept.
    #[inline]
    pub fn push(&mut self, cell: std::result::Result<Cell<'_>, CellFault>) {
        let Some(builder) = self.builders.get_mut(self.at) else { return };
        match cell {
            Ok(cell) => builder.push(&cell),
            Err(mut fault) => {
                builder.push_null();
                let name = self.columns.get(self.at).map_or("", Column::lake_name);
                fault.message = format!("column {name}: {}", fault.message);
                self.fault.get_or_insert(fault);
            }
        }
        self.at += 1;
    }

    /// Ends the present row; `payload` and `position` are asked for only if it is rejected.
    #[inline]
    pub fn end(&mut self, payload: impl FnOnce() -> String, position: impl FnOnce() -> String) {
        for builder in self.builders.iter_mut().skip(self.at) {
            builder.push_null();
        }
        self.at = 0;
        let fault = self.fault.take();
        self.is_kept.push(fault.is_none());
        if let Some(CellFault { reason, message }) = fault {
            let (payload, position) = (payload(), position());
            self.rejects.push(RejectedRow { reason, message, payload, position });
        }
    }

    /// Rows ended so far, rejected ones included.
    pub fn len(&self) -> usize {
        self.is_kept.len()
    }

    /// Whether no row ended so far.
    pub fn is_empty(&self) -> bool {
        self.is_kept.is_empty()
    }

    /// The typed rows and the rejects.
    pub fn finish(self) -> Result<DecodedRows> {
        let rows = self.is_kept.len();
        let arrays: Vec<ArrayRef> = self.builders.into_iter().map(ColumnBuilder::finish).collect();
        let schema = Schema::new(self.columns.iter().map(Column::field).collect::<Vec<_>>());
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(Arc::new(schema), arrays, &options);
        let mut batch = batch.map_err(broken)?;
        if !self.rejects.is_empty() {
            let mask = BooleanArray::from(self.is_kept);
            batch = filter_record_batch(&batch, &mask).map_err(broken)?;
        }
        Ok(DecodedRows { batch, rejects: self.rejects })
    }
}

pub(crate) fn broken(error: ArrowError) -> ConnectorError {
    ConnectorError::new(ErrorKind::Internal, "building a batch").with_source(error)
}
