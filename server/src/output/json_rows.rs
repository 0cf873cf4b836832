//! JSON: one array, one object a line.

use std::io::Write;

use anyhow::Result;
use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use chrono_tz::Tz;
use serde_json::{Map, Value};

use super::{RowWriter, cell};

pub(super) struct JsonRows {
    names: Vec<String>,
    sink: Box<dyn Write + Send>,
    is_empty: bool,
}

impl JsonRows {
    pub(super) fn new(schema: &SchemaRef, mut sink: Box<dyn Write + Send>) -> Result<Self> {
        write!(sink, "[")?;
        let names = schema.fields().iter().map(|field| field.name().clone()).collect();
        Ok(Self { names, sink, is_empty: true })
    }
}

impl RowWriter for JsonRows {
    fn write(&mut self, batch: &RecordBatch, zone: Tz) -> Result<()> {
        for row in 0..batch.num_rows() {
            let values = batch.columns().iter().map(|column| cell(column, row, zone).into_json());
            let object: Map<String, Value> = self.names.iter().cloned().zip(values).collect();
            write!(self.sink, "{}", if self.is_empty { "\n  " } else { ",\n  " })?;
            serde_json::to_writer(&mut self.sink, &object)?;
            self.is_empty = false;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        writeln!(self.sink, "{}]", if self.is_empty { "" } else { "\n" })?;
        Ok(self.sink.flush()?)
    }
}
