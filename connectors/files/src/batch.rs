//! Typed rows gathered into one Arrow batch.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Builder, Decimal128Builder, StringBuilder, TimestampMicrosecondBuilder,
};
use arrow::record_batch::RecordBatch;
use yuanliu_contract::{ConnectorError, DecodedRows, ErrorKind, RejectedRow, Result};

use crate::catalog::{ColumnType, DECIMAL_PRECISION, DECIMAL_SCALE, Table};
use crate::cell::Value;

/// Rows of one page.
pub(crate) const BATCH_ROWS_MAX: usize = 4_096;

/// Bytes of text in one page, rejects included.
pub(crate) const BATCH_BYTES_MAX: usize = 8 << 20;

enum Builder {
    Text(StringBuilder),
    Decimal(Decimal128Builder),
    Date(Date32Builder),
    Instant(TimestampMicrosecondBuilder),
}

/// A batch in the making, with the rows rejected on the way.
pub(crate) struct BatchBuilder {
    table: &'static Table,
    builders: Vec<Builder>,
    rejects: Vec<RejectedRow>,
    rows: usize,
    bytes: usize,
}

impl BatchBuilder {
    pub(crate) fn new(table: &'static Table) -> Self {
        let kinds = table.columns.iter().map(|column| column.1).chain([ColumnType::Text]);
        let builder = |kind| match kind {
            ColumnType::Text => Builder::Text(StringBuilder::new()),
            ColumnType::Decimal | ColumnType::Degrees => Builder::Decimal(Decimal128Builder::new()),
            ColumnType::Date => Builder::Date(Date32Builder::new()),
            ColumnType::Datetime => Builder::Instant(TimestampMicrosecondBuilder::new()),
        };
        let builders = kinds.map(builder).collect();
        Self { table, builders, rejects: Vec::new(), rows: 0, bytes: 0 }
    }

    /// Rows gathered, rejected ones included.
    pub(crate) fn rows(&self) -> usize {
        self.rows + self.rejects.len()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.rows() >= BATCH_ROWS_MAX || self.bytes >= BATCH_BYTES_MAX
    }

    pub(crate) fn push(&mut self, values: &[Value<'_>]) {
        for (builder, value) in self.builders.iter_mut().zip(values) {
            match (builder, value) {
                (Builder::Text(builder), Value::Text(text)) => {
                    self.bytes += text.len();
                    builder.append_value(text);
                }
                (Builder::Decimal(builder), Value::Decimal(n)) => builder.append_value(*n),
                (Builder::Date(builder), Value::Date(days)) => builder.append_value(*days),
                (Builder::Instant(builder), Value::Instant(us)) => builder.append_value(*us),
                (Builder::Text(builder), _) => builder.append_null(),
                (Builder::Decimal(builder), _) => builder.append_null(),
                (Builder::Date(builder), _) => builder.append_null(),
                (Builder::Instant(builder), _) => builder.append_null(),
            }
        }
        self.rows += 1;
    }

    pub(crate) fn reject(&mut self, row: RejectedRow) {
        self.bytes += row.payload.len();
        self.rejects.push(row);
    }

    /// Takes what was gathered and starts anew.
    pub(crate) fn take(&mut self) -> Result<DecodedRows> {
        let Self { builders, rejects, .. } = std::mem::replace(self, Self::new(self.table));
        let columns: std::result::Result<Vec<ArrayRef>, _> =
            builders.into_iter().map(finish).collect();
        let batch = columns.and_then(|columns| RecordBatch::try_new(self.table.schema(), columns));
        let batch = batch.map_err(|source| {
            ConnectorError::new(
                ErrorKind::Internal,
                format!("gathering rows of {}", self.table.name),
            )
            .with_source(source)
        })?;
        Ok(DecodedRows { batch, rejects })
    }
}

fn finish(builder: Builder) -> std::result::Result<ArrayRef, arrow::error::ArrowError> {
    Ok(match builder {
        Builder::Text(mut builder) => Arc::new(builder.finish()),
        Builder::Decimal(mut builder) => {
            let array = builder.finish();
            Arc::new(array.with_precision_and_scale(DECIMAL_PRECISION, DECIMAL_SCALE)?)
        }
        Builder::Date(mut builder) => Arc::new(builder.finish()),
        Builder::Instant(mut builder) => Arc::new(builder.finish().with_timezone("UTC")),
    })
}
