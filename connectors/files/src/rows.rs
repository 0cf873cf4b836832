//! Rows as they come out of a file, whatever its form.

use std::ops::ControlFlow;

use csv::StringRecord;
use yuanliu_contract::Result;

/// The cells of one row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cells<'a> {
    Record(&'a StringRecord),
    List(&'a [String]),
}

impl<'a> Cells<'a> {
    pub(crate) fn len(self) -> usize {
        match self {
            Self::Record(record) => record.len(),
            Self::List(list) => list.len(),
        }
    }

    /// A cell without the blanks around it; empty if the row is shorter.
    pub(crate) fn get(self, index: usize) -> &'a str {
        let cell = match self {
            Self::Record(record) => record.get(index),
            Self::List(list) => list.get(index).map(String::as_str),
        };
        cell.unwrap_or_default().trim()
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).map(move |index| self.get(index))
    }

    pub(crate) fn is_blank(self) -> bool {
        self.iter().all(str::is_empty)
    }
}

/// Takes the rows of one file in order.
pub(crate) trait RowVisitor {
    /// Called once, with the first row that is not blank.
    fn header(&mut self, cells: Cells<'_>) -> Result<ControlFlow<()>>;

    /// Called for every other row that is not blank; `line` counts from 1 as an editor does.
    fn row(&mut self, line: u64, cells: Cells<'_>) -> Result<ControlFlow<()>>;
}
