//! How every command writes its answer.

use std::sync::Arc;

use anyhow::Result;
use arrow::array::{ArrayRef, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use chrono_tz::Tz;

use super::args::Common;
use crate::output::{Format, Output};

impl Common {
    /// Whether progress is kept off the error stream.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Where and how rows are written, instants shown in `zone`.
    pub(crate) fn output(&self, zone: Tz) -> Output {
        Output { format: self.format, file: self.output.clone(), zone }
    }

    /// The same for an answer that is one JSON value.
    pub(crate) fn json_output(&self) -> Output {
        Output { format: Format::Json, file: self.output.clone(), zone: Tz::UTC }
    }

    /// Writes rows of plain texts in the chosen format.
    pub(crate) async fn write_texts(
        &self,
        header: &[&str],
        rows: impl Iterator<Item = Vec<String>>,
    ) -> Result<u64> {
        let mut columns: Vec<Vec<String>> = vec![Vec::new(); header.len()];
        for row in rows {
            for (column, text) in columns.iter_mut().zip(row) {
                column.push(text);
            }
        }
        let fields: Vec<_> =
            header.iter().map(|name| Field::new(*name, DataType::Utf8, false)).collect();
        let schema = Arc::new(Schema::new(fields));
        let arrays = columns.into_iter().map(|c| Arc::new(StringArray::from(c)) as ArrayRef);
        let batch = RecordBatch::try_new(schema.clone(), arrays.collect())?;
        let rows = futures::stream::iter([Ok::<_, ArrowError>(batch)]);
        self.output(Tz::UTC).write_rows(schema, rows).await
    }
}
