//! Reading a query's rows by column name.

use anyhow::{Context, Result};
use arrow::array::{Array, ArrayRef, AsArray, Int64Array, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type, TimestampMicrosecondType};
use arrow::record_batch::RecordBatch;
use chrono::{DateTime, Utc};

/// One batch of a query.
pub(super) struct Batch<'b>(pub(super) &'b RecordBatch);

/// A column as text, whatever it is stored as.
pub(super) struct Texts(StringArray);

impl Texts {
    pub(super) fn at(&self, row: usize) -> Option<String> {
        self.0.is_valid(row).then(|| self.0.value(row).to_owned())
    }
}

/// A column of whole numbers.
pub(super) struct Wholes(Int64Array);

impl Wholes {
    pub(super) fn at(&self, row: usize) -> Option<i64> {
        self.0.is_valid(row).then(|| self.0.value(row))
    }
}

impl Batch<'_> {
    fn column(&self, name: &str) -> Result<&ArrayRef> {
        self.0.column_by_name(name).with_context(|| format!("the query has no column `{name}`"))
    }

    pub(super) fn texts(&self, name: &str) -> Result<Texts> {
        Ok(Texts(cast(self.column(name)?, &DataType::Utf8)?.as_string().clone()))
    }

    pub(super) fn wholes(&self, name: &str) -> Result<Wholes> {
        Ok(Wholes(cast(self.column(name)?, &DataType::Int64)?.as_primitive::<Int64Type>().clone()))
    }

    pub(super) fn instants(&self, name: &str) -> Result<impl Fn(usize) -> Option<DateTime<Utc>>> {
        let values = self.column(name)?.as_primitive_opt::<TimestampMicrosecondType>();
        let values = values.with_context(|| format!("`{name}` holds no instants"))?.clone();
        Ok(move |row: usize| {
            values.is_valid(row).then(|| DateTime::from_timestamp_micros(values.value(row)))?
        })
    }
}
