//! A spreadsheet whose first sheet counts over the others.

use anyhow::{Context, Result, bail};
use futures::StreamExt;
use yuanliu_warehouse::Rows;

use super::xlsx::XlsxBook;
use super::{Cell, Output, cell};

/// What one cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Entry {
    /// A value.
    Value(Cell),
    /// A formula with the value it has now, for readers that do not compute.
    Formula {
        /// As a spreadsheet writes it, without the equals sign.
        text: String,
        /// What it yields.
        result: Cell,
    },
}

/// A sheet that is ready to be written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Page {
    pub(crate) name: String,
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<Entry>>,
}

impl Output {
    /// Writes `first`, and behind it a sheet for each of the answers its formulas may name.
    pub(crate) async fn write_workbook(&self, first: Page, rest: Vec<(&str, Rows)>) -> Result<()> {
        let mut book = XlsxBook::new(self.spreadsheet()?);
        book.sheet(&first.name, first.header)?;
        for row in first.rows {
            book.entries(row)?;
        }
        for (name, mut rows) in rest {
            let schema = rows.schema();
            book.sheet(name, schema.fields().iter().map(|field| field.name().clone()).collect())?;
            while let Some(batch) = rows.next().await {
                let batch = batch.context("reading the answer")?;
                for row in 0..batch.num_rows() {
                    book.row(batch.columns().iter().map(|column| cell(column, row, self.zone)))?;
                }
                if book.is_split() {
                    bail!(
                        "{name} has more rows than a sheet holds, and a formula counts over one sheet; \
                         narrow it with --from and --to, or use --format csv"
                    );
                }
            }
        }
        book.finish()
    }
}
