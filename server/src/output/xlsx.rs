//! A spreadsheet, written row by row in constant memory.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use chrono_tz::Tz;
use rust_xlsxwriter::{Format, Workbook};

use super::{Cell, RowWriter, cell};

/// The format's own limit, header included.
const SHEET_ROWS_MAX: u32 = 1_048_576;

/// The longest number a spreadsheet keeps exactly; longer ones are written as text.
const EXACT_DIGITS_MAX: usize = 15;

pub(super) struct XlsxRows {
    workbook: Workbook,
    path: PathBuf,
    row: u32,
}

impl XlsxRows {
    pub(super) fn new(schema: &SchemaRef, path: &Path) -> Result<Self> {
        let mut workbook = Workbook::new();
        let bold = Format::new().set_bold();
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        for (column, field) in schema.fields().iter().enumerate() {
            sheet.write_with_format(0, u16::try_from(column)?, field.name(), &bold)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        Ok(Self { workbook, path: path.to_owned(), row: 1 })
    }
}

impl RowWriter for XlsxRows {
    fn write(&mut self, batch: &RecordBatch, zone: Tz) -> Result<()> {
        let sheet = self.workbook.worksheet_from_index(0)?;
        for row in 0..batch.num_rows() {
            if self.row >= SHEET_ROWS_MAX {
                bail!(
                    "the answer has more rows than a spreadsheet holds; narrow it or use --format csv"
                );
            }
            for (index, column) in batch.columns().iter().enumerate() {
                let at = u16::try_from(index)?;
                match cell(column, row, zone) {
                    Cell::Null => {}
                    Cell::Boolean(value) => {
                        sheet.write_boolean(self.row, at, value)?;
                    }
                    Cell::Number(text) => match exact(&text) {
                        Some(number) => {
                            sheet.write_number(self.row, at, number)?;
                        }
                        None => {
                            sheet.write_string(self.row, at, text)?;
                        }
                    },
                    other => {
                        sheet.write_string(self.row, at, other.into_text())?;
                    }
                }
            }
            self.row += 1;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        let path = &self.path;
        self.workbook.save(path).with_context(|| format!("writing {}", path.display()))
    }
}

fn exact(text: &str) -> Option<f64> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits > EXACT_DIGITS_MAX { None } else { text.parse().ok() }
}
