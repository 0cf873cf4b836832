//! Answers as text: table, CSV, JSON, XLSX. Rows are written as they arrive.

mod cell;
mod csv_rows;
mod json_rows;
mod parts;
mod table;
mod workbook;
mod xlsx;

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use chrono_tz::Tz;
use futures::{Stream, StreamExt};

pub(crate) use cell::{Cell, cell, instant};
pub(crate) use parts::Part;
pub(crate) use workbook::{Entry, Page};

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people at a terminal.
    #[default]
    Table,
    /// RFC 4180, UTF-8, with a header.
    Csv,
    /// An array of objects.
    Json,
    /// A spreadsheet; needs --output.
    Xlsx,
}

/// Where an answer goes and how.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    pub(crate) format: Format,
    pub(crate) file: Option<PathBuf>,
    /// The zone in which instants are shown.
    pub(crate) zone: Tz,
}

/// Receives batches and writes them in one format.
trait RowWriter: Send {
    fn write(&mut self, batch: &RecordBatch, zone: Tz) -> Result<()>;
    fn finish(self: Box<Self>) -> Result<()>;
}

impl Output {
    /// Writes all rows of a stream; returns how many there were.
    pub(crate) async fn write_rows<E>(
        &self,
        schema: SchemaRef,
        rows: impl Stream<Item = Result<RecordBatch, E>>,
    ) -> Result<u64>
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let mut writer = self.writer(&schema)?;
        let mut count = 0;
        let mut rows = std::pin::pin!(rows);
        while let Some(batch) = rows.next().await {
            let batch = batch.context("reading the answer")?;
            count += batch.num_rows() as u64;
            writer.write(&batch, self.zone)?;
        }
        writer.finish()?;
        Ok(count)
    }

    /// Writes one JSON value, indented.
    pub(crate) fn write_json(&self, value: &serde_json::Value) -> Result<()> {
        let mut sink = self.sink()?;
        serde_json::to_writer_pretty(&mut sink, value)?;
        writeln!(sink)?;
        sink.flush()?;
        Ok(())
    }

    fn writer(&self, schema: &SchemaRef) -> Result<Box<dyn RowWriter>> {
        Ok(match self.format {
            Format::Table => Box::new(table::TableRows::new(schema, self.sink()?)),
            Format::Csv => Box::new(csv_rows::CsvRows::new(schema, self.sink()?)?),
            Format::Json => Box::new(json_rows::JsonRows::new(schema, self.sink()?)?),
            Format::Xlsx => Box::new(xlsx::XlsxRows::new(schema, self.spreadsheet()?)?),
        })
    }

    fn spreadsheet(&self) -> Result<&Path> {
        match &self.file {
            Some(path) => Ok(path),
            None => bail!("a spreadsheet cannot be printed; add --output FILE.xlsx"),
        }
    }

    fn sink(&self) -> Result<Box<dyn Write + Send>> {
        Ok(match &self.file {
            None => Box::new(std::io::BufWriter::new(std::io::stdout())),
            Some(path) => {
                let file = std::fs::File::create(path)
                    .with_context(|| format!("creating {}", path.display()))?;
                Box::new(std::io::BufWriter::new(file))
            }
        })
    }
}

/// A batch as JSON objects.
pub(crate) fn batch_json(batch: &RecordBatch, zone: Tz) -> Vec<serde_json::Value> {
    let schema = batch.schema();
    (0..batch.num_rows())
        .map(|row| {
            let pairs = schema.fields().iter().zip(batch.columns());
            pairs.map(|(f, c)| (f.name().clone(), cell(c, row, zone).into_json())).collect()
        })
        .collect()
}
