//! Rows out of the first sheet of an XLSX workbook, as a stream of cells.

use calamine::{Cell, DataRef, ExcelDateTime, Reader, Xlsx, XlsxError, open_workbook};
use yuanliu_contract::{ConnectorError, Result};

use crate::error::{unfinished, unusable};
use crate::folder::TableFile;
use crate::rows::{Cells, RowVisitor};
use crate::zip_guard::{self, not_a_workbook};

/// The largest row, in bytes of text.
const ROW_BYTES_MAX: usize = 4 << 20;

/// A sheet has no more columns than this, whatever a file says.
const COLUMNS_MAX: u32 = 16_384;

/// Digits a spreadsheet itself computes with and shows.
const SIGNIFICANT_DECIMALS: usize = 14;

/// Hands every row of the sheet named after the table, else of the first sheet, to the visitor.
pub(crate) fn visit(file: &TableFile, table: &str, visitor: &mut dyn RowVisitor) -> Result<()> {
    let name = &file.name;
    zip_guard::check(file)?;
    let mut workbook: Xlsx<_> =
        open_workbook(&file.path).map_err(|error| not_a_workbook(name).with_source(xlsx(error)))?;
    let sheets = workbook.sheet_names();
    let sheet = sheets.iter().find(|sheet| sheet.trim().eq_ignore_ascii_case(table));
    let sheet = sheet.or(sheets.first()).ok_or_else(|| not_a_workbook(name))?.clone();
    let mut cells = workbook
        .worksheet_cells_reader(&sheet)
        .map_err(|error| not_a_workbook(name).with_source(xlsx(error)))?;
    let mut rows = RowGatherer::new(name, visitor);
    loop {
        let cell = cells.next_cell().map_err(|error| damaged(name, &sheet, rows.line(), error))?;
        let Some(cell) = cell else { return rows.finish() };
        if rows.take(&cell)? {
            return Ok(());
        }
    }
}

fn xlsx(error: XlsxError) -> Box<dyn std::error::Error + Send + Sync> {
    error.to_string().into()
}

fn damaged(name: &str, sheet: &str, line: u64, error: XlsxError) -> ConnectorError {
    let action = format!("reading {name}");
    ConnectorError::new(yuanliu_contract::ErrorKind::Malformed, action)
        .with_detail(format!("sheet {sheet} is damaged after row {line}"))
        .with_hint("open it in the spreadsheet program and save it anew, or save it as CSV UTF-8")
        .with_source(xlsx(error))
}

/// Gathers cells, which come one by one and leave out empty ones, into rows.
struct RowGatherer<'a> {
    file: &'a str,
    visitor: &'a mut dyn RowVisitor,
    row: Vec<String>,
    row_index: u32,
    row_bytes: usize,
    /// Cells of the header row; none until it has been seen.
    width: Option<usize>,
}

impl<'a> RowGatherer<'a> {
    fn new(file: &'a str, visitor: &'a mut dyn RowVisitor) -> Self {
        Self { file, visitor, row: Vec::new(), row_index: 0, row_bytes: 0, width: None }
    }

    fn line(&self) -> u64 {
        u64::from(self.row_index) + 1
    }

    /// Whether the visitor has enough.
    fn take(&mut self, cell: &Cell<DataRef<'_>>) -> Result<bool> {
        let (row, column) = cell.get_position();
        if row != self.row_index && self.end_row()? {
            return Ok(true);
        }
        self.row_index = row;
        let text = text(cell.get_value());
        self.row_bytes += text.len();
        if self.row_bytes > ROW_BYTES_MAX || column >= COLUMNS_MAX {
            return Err(unusable(
                self.file,
                format!("row {} is larger than {} MiB", self.line(), ROW_BYTES_MAX >> 20),
                "save it as CSV UTF-8 and look at that row",
            ));
        }
        let column = column as usize;
        // Formatted but empty cells beyond the header are usual and mean nothing.
        if !text.is_empty() || self.width.is_some_and(|width| column < width) {
            if self.row.len() <= column {
                self.row.resize(column + 1, String::new());
            }
            self.row[column] = text;
        }
        Ok(false)
    }

    fn end_row(&mut self) -> Result<bool> {
        let mut is_enough = false;
        let line = self.line();
        if !Cells::List(&self.row).is_blank() {
            let flow = match self.width {
                None => {
                    self.width = Some(self.row.len());
                    self.visitor.header(Cells::List(&self.row))?
                }
                Some(width) => {
                    let length = self.row.len().max(width);
                    self.row.resize(length, String::new());
                    self.visitor.row(line, Cells::List(&self.row))?
                }
            };
            is_enough = flow.is_break();
        }
        self.row.clear();
        self.row_bytes = 0;
        Ok(is_enough)
    }

    fn finish(mut self) -> Result<()> {
        self.end_row()?;
        match self.width {
            Some(_) => Ok(()),
            None => {
                Err(unfinished(self.file, "its sheet is empty; the first row should be the header"))
            }
        }
    }
}

/// A cell as the text a person would have typed.
fn text(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::Empty => String::new(),
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(n) => number(*n),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(true) => "true".to_owned(),
        DataRef::Bool(false) => "false".to_owned(),
        DataRef::DateTime(instant) => moment(instant),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

/// The shortest decimal text of a number, at the precision a spreadsheet has: 0.1 + 0.2 is 0.3.
fn number(n: f64) -> String {
    let rounded = format!("{n:.SIGNIFICANT_DECIMALS$e}").parse().unwrap_or(n);
    format!("{rounded}")
}

fn moment(instant: &ExcelDateTime) -> String {
    if !instant.is_datetime() {
        return number(instant.as_f64());
    }
    let (year, month, day, hour, minute, second, milli) = instant.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second, milli) {
        (0, 0, 0, 0) => date,
        (_, _, _, 0) => format!("{date} {hour:02}:{minute:02}:{second:02}"),
        _ => format!("{date} {hour:02}:{minute:02}:{second:02}.{milli:03}"),
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_written_as_typed() {
        for (n, wanted) in [
            (0.1 + 0.2, "0.3"),
            (1001.0, "1001"),
            (12.5, "12.5"),
            (1e21, "1000000000000000000000"),
            (123_456_789_012_345.0, "123456789012345"),
            (-0.07, "-0.07"),
        ] {
            assert_eq!(number(n), wanted);
        }
    }
}
