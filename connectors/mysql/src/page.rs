//! The rows of one page on their way from the driver into columns.

use std::time::Duration;

use sqlx::mysql::{MySql, MySqlRow};
use sqlx::{Column as _, Decode, Row};
use yuanliu_contract::{ConnectorError, ErrorKind, Result};
use yuanliu_sql_kit::{Column, ColumnType, RowBuilder, RowPage, payload};

use crate::wire::{self, Reading, WireType};

/// Rows a page makes room for before the first one has come.
const ROWS_TYPICAL: usize = 4_096;

/// A row of a catalogue query, every value as text.
pub(crate) type TextRow = Vec<Option<String>>;

/// The values of a row that came in the text protocol.
pub(crate) fn texts_of(row: &MySqlRow) -> TextRow {
    let text = |at| value(row, at).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    (0..row.len()).map(text).collect()
}

/// A text of a row; empty if it is null.
pub(crate) fn text(row: &TextRow, at: usize) -> &str {
    row.get(at).and_then(Option::as_deref).unwrap_or_default()
}

/// A value as it came; none if it is null. The driver's own `Option` would make a zero date null too.
#[inline]
fn value(row: &MySqlRow, at: usize) -> Option<&[u8]> {
    <&[u8] as Decode<MySql>>::decode(row.try_get_raw(at).ok()?).ok()
}

/// Builds a page out of rows in the binary protocol.
pub(crate) struct PageReader<'a> {
    columns: &'a [Column],
    marks: usize,
    reading: Reading,
    action: &'a str,
    /// One for each column, known from the first row on.
    wires: Vec<WireType>,
    rows: RowBuilder<'a>,
    /// The last row, for its marks.
    last: Option<MySqlRow>,
}

impl<'a> PageReader<'a> {
    pub(crate) fn new(
        columns: &'a [Column],
        marks: usize,
        reading: Reading,
        action: &'a str,
    ) -> Result<Self> {
        let rows = RowBuilder::new(columns, ROWS_TYPICAL)?;
        Ok(Self { columns, marks, reading, action, wires: Vec::new(), rows, last: None })
    }

    pub(crate) fn push(&mut self, row: MySqlRow) -> Result<()> {
        if self.last.is_none() {
            self.wires = self.wires_of(&row)?;
        }
        let reading = self.reading;
        for (at, (column, wire)) in self.columns.iter().zip(&self.wires).enumerate() {
            self.rows.push(wire::cell(*wire, column, reading, value(&row, at)));
        }
        let (columns, wires, marks) = (self.columns, &self.wires, self.marks);
        self.rows.end(
            || {
                let texts = columns.iter().zip(wires).enumerate().map(|(at, (column, wire))| {
                    value(&row, at).map(|bytes| wire::render(*wire, column.kind, bytes))
                });
                let texts: Vec<_> = texts.collect();
                payload::encode(columns, texts.iter().map(Option::as_deref))
            },
            || payload::position(marks_of(&row, columns.len(), marks).iter().map(Option::as_deref)),
        );
        self.last = Some(row);
        Ok(())
    }

    fn wires_of(&self, row: &MySqlRow) -> Result<Vec<WireType>> {
        let wanted = self.columns.len() + self.marks;
        if row.len() != wanted {
            return Err(ConnectorError::new(ErrorKind::Malformed, self.action)
                .with_detail(format!("a row has {} values instead of {wanted}", row.len())));
        }
        let wire_of = |(column, described): (&Column, &sqlx::mysql::MySqlColumn)| {
            let info = described.type_info();
            let config = |detail: String, hint: &str| {
                Err(ConnectorError::new(ErrorKind::Config, self.action)
                    .with_detail(format!("column {} is {detail}", column.name))
                    .with_hint(hint))
            };
            match WireType::of(info) {
                None => config(
                    format!("{info}, which cannot be read"),
                    "give an expr that casts it, for instance to char",
                ),
                // Its bounds would be written for the zone of the wall clock.
                Some(WireType::Timestamp) if column.kind == ColumnType::Datetime => config(
                    "a timestamp, which is a point in time".to_owned(),
                    "declare it as instant",
                ),
                Some(wire) => Ok(wire),
            }
        };
        self.columns.iter().zip(row.columns()).map(wire_of).collect()
    }

    pub(crate) fn finish(self, took: Duration) -> Result<RowPage> {
        let received = self.rows.len();
        let last = self.last.as_ref();
        let last = last.map(|row| marks_of(row, self.columns.len(), self.marks));
        Ok(RowPage { rows: self.rows.finish()?, received, last, took })
    }
}

fn marks_of(row: &MySqlRow, columns: usize, marks: usize) -> TextRow {
    let text = |at| value(row, at).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    (columns..columns + marks).map(text).collect()
}
