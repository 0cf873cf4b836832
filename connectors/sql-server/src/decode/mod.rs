//! From rows of the wire to typed columns; a row with one bad value is kept whole as a reject.

mod time;
mod value;

use chrono_tz::Tz;
use tiberius::ColumnData;
use yuanliu_contract::{DecodedRows, Result};
use yuanliu_sql_kit::{Column, RowBuilder, payload};

/// Types rows of one statement: a value for each column, followed by the texts of the marks.
pub(crate) struct RowDecoder<'c> {
    columns: &'c [Column],
    zone: Tz,
    rows: RowBuilder<'c>,
}

impl<'c> RowDecoder<'c> {
    /// A decoder that expects about `rows` rows.
    pub(crate) fn new(columns: &'c [Column], zone: Tz, rows: usize) -> Result<Self> {
        Ok(Self { columns, zone, rows: RowBuilder::new(columns, rows)? })
    }

    /// How many rows were seen.
    pub(crate) fn received(&self) -> usize {
        self.rows.len()
    }

    /// Types one row.
    pub(crate) fn push(&mut self, row: &[ColumnData<'static>]) {
        let (columns, zone) = (self.columns, self.zone);
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
            || payload::position(marks(row, columns.len()).iter().map(Option::as_deref)),
        );
    }

    /// The typed rows, and the rejects.
    pub(crate) fn finish(self) -> Result<DecodedRows> {
        self.rows.finish()
    }
}

/// The texts that follow a row's columns.
pub(crate) fn marks(row: &[ColumnData<'static>], columns: usize) -> Vec<Option<String>> {
    row.iter().skip(columns).map(text_of).collect()
}

/// The text of a mark, or of a value of a catalogue query.
pub(crate) fn text_of(cell: &ColumnData<'static>) -> Option<String> {
    value::written(cell).map(|text| text.into_owned())
}

#[cfg(test)]
mod tests;
