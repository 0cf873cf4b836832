//! Spreadsheets, written row by row in constant memory.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use chrono_tz::Tz;
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};

use super::{Cell, Entry, RowWriter, cell};

/// The format's own limit, header included.
const SHEET_ROWS_MAX: u32 = 1_048_576;

/// More rows than so many sheets hold are no work for a spreadsheet.
const SHEETS_MAX: usize = 64;

/// The format's own limit, in UTF-16 units; halved, so that no character counts twice.
const CELL_CHARS_MAX: usize = 32_767 / 2;

/// The longest number a spreadsheet keeps exactly; longer ones are written as text.
const EXACT_DIGITS_MAX: usize = 15;

/// A workbook whose sheets are written one after the other.
pub(super) struct XlsxBook {
    workbook: Workbook,
    path: PathBuf,
    sheets: usize,
    name: String,
    header: Vec<String>,
    /// Sheets of this name so far.
    part: usize,
    row: u32,
}

impl XlsxBook {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            workbook: Workbook::new(),
            path: path.to_owned(),
            sheets: 0,
            name: String::new(),
            header: Vec::new(),
            part: 0,
            row: 0,
        }
    }

    /// Begins a sheet; the rows that follow go there.
    pub(super) fn sheet(&mut self, name: &str, header: Vec<String>) -> Result<()> {
        (self.name, self.header, self.part) = (name.to_owned(), header, 0);
        self.begin()
    }

    fn begin(&mut self) -> Result<()> {
        if self.sheets == SHEETS_MAX {
            bail!(
                "the answer has more rows than {SHEETS_MAX} sheets hold; narrow it or use --format csv"
            );
        }
        let bold = Format::new().set_bold();
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        self.part += 1;
        match self.part {
            1 => sheet.set_name(&self.name)?,
            part => sheet.set_name(format!("{}_{part}", self.name))?,
        };
        for (column, name) in self.header.iter().enumerate() {
            sheet.write_with_format(0, u16::try_from(column)?, name, &bold)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        (self.sheets, self.row) = (self.sheets + 1, 1);
        Ok(())
    }

    /// Adds a row; where the sheet is full another one goes on.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) -> Result<()> {
        self.entries(cells.into_iter().map(Entry::Value))
    }

    /// Adds a row some cells of which may be computed.
    pub(super) fn entries(&mut self, entries: impl IntoIterator<Item = Entry>) -> Result<()> {
        if self.row >= SHEET_ROWS_MAX {
            self.begin()?;
        }
        let last = self.sheets.checked_sub(1).context("a row before the first sheet")?;
        let sheet = self.workbook.worksheet_from_index(last)?;
        for (column, entry) in entries.into_iter().enumerate() {
            let column = u16::try_from(column)?;
            match entry {
                Entry::Value(value) => write_value(sheet, self.row, column, value)?,
                Entry::Formula { text, result } => {
                    let formula = Formula::new(text).set_result(result.into_text());
                    sheet.write_formula(self.row, column, formula)?;
                }
            }
        }
        self.row += 1;
        Ok(())
    }

    /// Whether the sheet begun last went on on another one.
    pub(super) fn is_split(&self) -> bool {
        self.part > 1
    }

    pub(super) fn finish(mut self) -> Result<()> {
        let path = &self.path;
        self.workbook.save(path).with_context(|| format!("writing {}", path.display()))
    }
}

fn write_value(sheet: &mut Worksheet, row: u32, column: u16, value: Cell) -> Result<()> {
    match value {
        Cell::Null => {}
        Cell::Boolean(value) => {
            sheet.write_boolean(row, column, value)?;
        }
        Cell::Number(text) => match exact(&text) {
            Some(number) => {
                sheet.write_number(row, column, number)?;
            }
            None => {
                sheet.write_string(row, column, text)?;
            }
        },
        other => {
            sheet.write_string(row, column, fitted(other.into_text()))?;
        }
    }
    Ok(())
}

/// The rows of one answer.
pub(super) struct XlsxRows(XlsxBook);

impl XlsxRows {
    pub(super) fn new(schema: &SchemaRef, path: &Path) -> Result<Self> {
        let mut book = XlsxBook::new(path);
        book.sheet("Sheet1", schema.fields().iter().map(|field| field.name().clone()).collect())?;
        Ok(Self(book))
    }
}

impl RowWriter for XlsxRows {
    fn write(&mut self, batch: &RecordBatch, zone: Tz) -> Result<()> {
        for row in 0..batch.num_rows() {
            self.0.row(batch.columns().iter().map(|column| cell(column, row, zone)))?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<()> {
        self.0.finish()
    }
}

/// A text with its end cut off where a cell cannot hold it.
fn fitted(text: String) -> String {
    match text.char_indices().nth(CELL_CHARS_MAX) {
        None => text,
        Some(_) => text.chars().take(CELL_CHARS_MAX - 1).chain(['…']).collect(),
    }
}

fn exact(text: &str) -> Option<f64> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits > EXACT_DIGITS_MAX { None } else { text.parse().ok() }
}
