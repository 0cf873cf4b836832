//! The rows of one page on their way from the library into columns.

use std::time::Duration;

use chrono_tz::Tz;
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Row, Sqlite, TypeInfo, ValueRef};
use yuanliu_contract::{ConnectorError, ErrorKind, Result};
use yuanliu_sql_kit::{Column, RowBuilder, RowPage, payload::position};

use crate::mark;
use crate::payload;
use crate::value::{self, Stored};

/// Rows a page makes room for before the first one has come.
const ROWS_TYPICAL: usize = 4_096;

/// A value as it is stored; null if there is no such column.
fn stored(row: &SqliteRow, at: usize) -> Stored<'_> {
    let Ok(value) = row.try_get_raw(at) else { return Stored::Null };
    if value.is_null() {
        return Stored::Null;
    }
    let info = value.type_info().into_owned();
    let again = || row.try_get_raw(at).ok();
    match info.name() {
        "INTEGER" => <i64 as Decode<Sqlite>>::decode(value).map_or(Stored::Null, Stored::Integer),
        "REAL" => <f64 as Decode<Sqlite>>::decode(value).map_or(Stored::Null, Stored::Real),
        "TEXT" => match <&str as Decode<Sqlite>>::decode(value) {
            Ok(text) => Stored::Text(text),
            Err(_) => Stored::BrokenText(again().map_or(&[], bytes)),
        },
        _ => Stored::Blob(bytes(value)),
    }
}

fn bytes(value: sqlx::sqlite::SqliteValueRef<'_>) -> &[u8] {
    <&[u8] as Decode<Sqlite>>::decode(value).unwrap_or_default()
}

/// Builds a page out of rows.
pub(crate) struct PageReader<'a> {
    columns: &'a [Column],
    marks: usize,
    zone: Tz,
    action: &'a str,
    rows: RowBuilder<'a>,
    /// The last row, for its marks.
    last: Option<SqliteRow>,
}

impl<'a> PageReader<'a> {
    pub(crate) fn new(
        columns: &'a [Column],
        marks: usize,
        zone: Tz,
        action: &'a str,
    ) -> Result<Self> {
        let rows = RowBuilder::new(columns, ROWS_TYPICAL)?;
        Ok(Self { columns, marks, zone, action, rows, last: None })
    }

    pub(crate) fn push(&mut self, row: SqliteRow) -> Result<()> {
        let (columns, marks) = (self.columns, self.marks);
        let wanted = columns.len() + marks;
        if row.len() != wanted {
            return Err(ConnectorError::new(ErrorKind::Malformed, self.action)
                .with_detail(format!("a row has {} values instead of {wanted}", row.len())));
        }
        for (at, column) in columns.iter().enumerate() {
            self.rows.push(value::cell(column.kind, self.zone, stored(&row, at)));
        }
        self.rows.end(
            || {
                let values = (0..columns.len()).map(|at| stored(&row, at));
                payload::encode(columns, values)
            },
            || {
                let marks = marks_of(&row, columns.len(), marks);
                position(marks.iter().map(|mark| mark.as_deref().map(mark::shown)))
            },
        );
        self.last = Some(row);
        Ok(())
    }

    pub(crate) fn finish(self, took: Duration) -> Result<RowPage> {
        let received = self.rows.len();
        let last = self.last.as_ref();
        let last = last.map(|row| marks_of(row, self.columns.len(), self.marks));
        Ok(RowPage { rows: self.rows.finish()?, received, last, took })
    }
}

fn marks_of(row: &SqliteRow, columns: usize, marks: usize) -> Vec<Option<String>> {
    (columns..columns + marks).map(|at| mark::of(stored(row, at))).collect()
}
