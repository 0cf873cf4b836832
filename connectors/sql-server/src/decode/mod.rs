//! From rows of the wire to typed columns; a row with one bad value is kept whole as a reject.

mod time;
mod value;

use chrono_tz::Tz;
use tiberius::ColumnData;
use yuanliu_contract::{DecodedRows, Result};
use yuanliu_sql_kit::{Column, RowBuilder, payload};

/// Types rows of one statement: a value for each column, followed by texts.
pub(crate) struct RowDecoder<'c> {
    columns: &'c [Column],
    marks_at: &'c [usize],
    zone: Tz,
    rows: RowBuilder<'c>,
}

impl<'c> RowDecoder<'c> {
    /// A decoder that expects about `rows` rows; `marks_at` are the places of what names a row.
    pub(crate) fn new(
        columns: &'c [Column],
        marks_at: &'c [usize],
        zone: Tz,
        rows: usize,
    ) -> Result<Self> {
        Ok(Self { columns, marks_at, zone, rows: RowBuilder::new(columns, rows)? })
    }

    /// How many rows were seen.
    pub(crate) fn received(&self) -> usize {
        self.rows.len()
    }

    /// Types one row.
    pub(crate) fn push(&mut self, row: &[ColumnData<'static>]) {
        let (columns, marks_at, zone) = (self.columns, self.marks_at, self.zone);
        for (column, cell) in columns.iter().zip(row) {
            self.rows.push(value::read(column.kind, cell, zone));
        }
        self.rows.end(
            || {
                let cells = columns.iter().zip(row);
                let texts: Vec<_> =
                    cells.map(|(column, cell)| value::kept(column.kind, cell)).collect();
                payload::encode(columns, texts.iter().map(Option::as_deref))
            },
            || payload::position(marks(row, marks_at).iter().map(Option::as_deref)),
        );
    }

    /// The typed rows, and the rejects.
    pub(crate) fn finish(self) -> Result<DecodedRows> {
        self.rows.finish()
    }
}

/// The exact texts of the values at these places of a row.
pub(crate) fn marks(row: &[ColumnData<'static>], marks_at: &[usize]) -> Vec<Option<String>> {
    marks_at.iter().map(|at| row.get(*at).and_then(mark)).collect()
}

/// The exact text of a value: a row version is a number, everything else as it is written.
fn mark(cell: &ColumnData<'static>) -> Option<String> {
    let ColumnData::Binary(Some(bytes)) = cell else { return text_of(cell) };
    match <[u8; 8]>::try_from(bytes.as_ref()) {
        Ok(counter) => Some(i64::from_be_bytes(counter).to_string()),
        Err(_) => text_of(cell),
    }
}

/// The text of a mark, or of a value of a catalogue query.
pub(crate) fn text_of(cell: &ColumnData<'static>) -> Option<String> {
    value::written(cell).map(|text| text.into_owned())
}

#[cfg(test)]
mod tests;
