//! CSV.

use std::io::Write;

use anyhow::Result;
use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use chrono_tz::Tz;

use super::{RowWriter, cell};

pub(super) struct CsvRows {
    sink: csv::Writer<Box<dyn Write + Send>>,
}

impl CsvRows {
    pub(super) fn new(schema: &SchemaRef, sink: Box<dyn Write + Send>) -> Result<Self> {
        let mut sink = csv::Writer::from_writer(sink);
        sink.write_record(schema.fields().iter().map(|field| field.name()))?;
        Ok(Self { sink })
    }
}

impl RowWriter for CsvRows {
    fn write(&mut self, batch: &RecordBatch, zone: Tz) -> Result<()> {
        for row in 0..batch.num_rows() {
            for column in batch.columns() {
                self.sink.write_field(cell(column, row, zone).into_text())?;
            }
            self.sink.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        Ok(self.sink.flush()?)
    }
}
