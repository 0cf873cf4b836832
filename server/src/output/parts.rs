//! An answer of several tables.

use std::io::Write;

use anyhow::{Context, Result, bail};
use arrow::record_batch::RecordBatch;
use futures::{Stream, StreamExt};

use super::xlsx::XlsxBook;
use super::{Cell, Format, Output, cell, table};

/// One table of an answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

impl Output {
    /// Writes the parts one below the other, or as CSV with one value a line.
    pub(crate) fn write_parts(&self, parts: Vec<Part>) -> Result<()> {
        match self.format {
            Format::Table => self.write_tables(parts),
            Format::Csv => self.write_values(parts),
            Format::Json | Format::Xlsx => bail!("an answer of parts is no list of rows"),
        }
    }

    /// Writes a spreadsheet: a sheet for each part.
    pub(crate) fn write_sheets(&self, parts: Vec<Part>) -> Result<()> {
        let mut book = XlsxBook::new(self.spreadsheet()?);
        for part in parts {
            book.sheet(&part.name, part.header)?;
            for row in part.rows {
                book.row(row)?;
            }
        }
        book.finish()
    }

    /// Writes a spreadsheet: a sheet for each part, and the rows of a stream on sheets of their own.
    pub(crate) async fn write_book<E>(
        &self,
        parts: Vec<Part>,
        name: &str,
        rows: impl Stream<Item = Result<RecordBatch, E>>,
    ) -> Result<()>
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let mut book = XlsxBook::new(self.spreadsheet()?);
        for part in parts {
            book.sheet(&part.name, part.header)?;
            for row in part.rows {
                book.row(row)?;
            }
        }
        let mut rows = std::pin::pin!(rows);
        let mut is_begun = false;
        while let Some(batch) = rows.next().await {
            let batch = batch.context("reading the answer")?;
            if !std::mem::replace(&mut is_begun, true) {
                let schema = batch.schema();
                book.sheet(name, schema.fields().iter().map(|f| f.name().clone()).collect())?;
            }
            for row in 0..batch.num_rows() {
                book.row(batch.columns().iter().map(|column| cell(column, row, self.zone)))?;
            }
        }
        book.finish()
    }

    fn write_tables(&self, parts: Vec<Part>) -> Result<()> {
        let mut sink = self.sink()?;
        for part in parts {
            let hidden = part.rows.len().saturating_sub(table::ROWS_SHOWN_MAX);
            let mut lines = table::headed(part.header.iter());
            for row in part.rows.into_iter().take(table::ROWS_SHOWN_MAX) {
                lines.add_row(row.into_iter().map(table::shown));
            }
            writeln!(sink, "{}\n{lines}", part.name)?;
            if hidden > 0 {
                writeln!(sink, "the last {hidden} not shown; --format csv writes all")?;
            }
        }
        Ok(sink.flush()?)
    }

    fn write_values(&self, parts: Vec<Part>) -> Result<()> {
        let mut sink = csv::Writer::from_writer(self.sink()?);
        sink.write_record(["part", "row", "name", "value"])?;
        for part in parts {
            for (row, cells) in (1..).zip(part.rows) {
                for (name, value) in part.header.iter().zip(cells) {
                    let line = [&part.name, &format!("{row}"), name, &value.into_text()];
                    sink.write_record(line)?;
                }
            }
        }
        Ok(sink.flush()?)
    }
}
