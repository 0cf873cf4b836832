//! A table for people.

use std::io::Write;

use anyhow::Result;
use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use chrono_tz::Tz;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{CellAlignment, ContentArrangement, Table};

use super::{Cell, RowWriter, cell};

/// A terminal shows no more; the rest is counted, and the other formats write all.
pub(super) const ROWS_SHOWN_MAX: usize = 1_000;

pub(super) struct TableRows {
    table: Table,
    sink: Box<dyn Write + Send>,
    rows: usize,
}

impl TableRows {
    pub(super) fn new(schema: &SchemaRef, sink: Box<dyn Write + Send>) -> Self {
        let table = headed(schema.fields().iter().map(|field| field.name()));
        Self { table, sink, rows: 0 }
    }
}

/// A table without rows.
pub(super) fn headed<'a>(header: impl Iterator<Item = &'a String>) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header);
    table
}

/// A value as a table shows it: numbers stand to the right.
pub(super) fn shown(value: Cell) -> comfy_table::Cell {
    let aligned = match value {
        Cell::Number(_) => CellAlignment::Right,
        _ => CellAlignment::Left,
    };
    comfy_table::Cell::new(value.into_text()).set_alignment(aligned)
}

impl RowWriter for TableRows {
    fn write(&mut self, batch: &RecordBatch, zone: Tz) -> Result<()> {
        for row in 0..batch.num_rows() {
            self.rows += 1;
            if self.rows > ROWS_SHOWN_MAX {
                continue;
            }
            self.table.add_row(batch.columns().iter().map(|column| shown(cell(column, row, zone))));
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        writeln!(self.sink, "{}", self.table)?;
        match self.rows.saturating_sub(ROWS_SHOWN_MAX) {
            0 => writeln!(self.sink, "{} row(s)", self.rows)?,
            hidden => writeln!(
                self.sink,
                "{} row(s), the last {hidden} not shown; --format csv writes all",
                self.rows
            )?,
        }
        Ok(self.sink.flush()?)
    }
}
