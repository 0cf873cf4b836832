//! Values of the binary protocol.
//!
//! Layout: MySQL 8.0 source documentation, "Binary Protocol Resultset"; MariaDB documentation, "Resultset row":
//! numbers little-endian in the column's width, decimals and texts as text, bits big-endian, times as a length
//! and the parts that are not zero (`time`).

mod decimal_text;
mod number;
mod time;

use std::borrow::Cow;

use chrono_tz::Tz;
use sqlx::mysql::{MySql, MySqlTypeInfo};
use sqlx::{Type, TypeInfo};
use yuanliu_sql_kit::decimal::{self, Surplus};
use yuanliu_sql_kit::{Cell, CellFault, Column, ColumnType, text, zone};

pub(crate) use time::is_zero_text;

/// The form a value comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WireType {
    Signed,
    Unsigned,
    Float,
    Double,
    Decimal,
    Text,
    Bytes,
    Bit,
    Date,
    Datetime,
    Timestamp,
    Time,
}

/// What becomes of `0000-00-00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ZeroDates {
    Reject,
    Null,
}

/// How a system's values are read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    /// The zone of wall-clock columns.
    pub(crate) zone: Tz,
    pub(crate) zero_dates: ZeroDates,
}

impl Reading {
    /// A zero date in a column.
    pub(crate) fn zero_date(self, column: &Column) -> Result<Cell<'static>, CellFault> {
        match self.zero_dates {
            ZeroDates::Null if !column.not_null => Ok(Cell::Null),
            _ => Err(CellFault::new(
                "zero_date",
                "`0000-00-00` is no day; correct the row, or set zero_dates = \"null\" and leave \
                 not_null out",
            )),
        }
    }
}

impl WireType {
    /// By the driver's description of a column; none if it cannot be read.
    pub(crate) fn of(info: &MySqlTypeInfo) -> Option<Self> {
        // Texts in a `_bin` collation are described as binary, but for their collation.
        if <str as Type<MySql>>::compatible(info) {
            return Some(Self::Text);
        }
        Some(match info.name() {
            "BOOLEAN" if *info == <u8 as Type<MySql>>::type_info() => Self::Unsigned,
            "BOOLEAN" | "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "BIGINT" => Self::Signed,
            "TINYINT UNSIGNED" | "SMALLINT UNSIGNED" | "MEDIUMINT UNSIGNED" | "INT UNSIGNED"
            | "BIGINT UNSIGNED" | "YEAR" => Self::Unsigned,
            "FLOAT" => Self::Float,
            "DOUBLE" => Self::Double,
            "DECIMAL" => Self::Decimal,
            "BIT" => Self::Bit,
            "DATE" => Self::Date,
            "DATETIME" => Self::Datetime,
            "TIMESTAMP" => Self::Timestamp,
            "TIME" => Self::Time,
            "JSON" | "ENUM" | "SET" | "NULL" => Self::Text,
            "GEOMETRY" => return None,
            _ => Self::Bytes,
        })
    }

    fn is_day(self) -> bool {
        matches!(self, Self::Date | Self::Datetime | Self::Timestamp)
    }
}

fn utf8(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// A value in its column's type; none if its text must say what it is.
#[inline]
fn fast<'a>(wire: WireType, kind: ColumnType, zone: Tz, bytes: &'a [u8]) -> Option<Cell<'a>> {
    use WireType as W;
    Some(match (wire, kind) {
        (W::Signed, ColumnType::Integer) => Cell::Int(number::signed(bytes)?),
        (W::Signed, ColumnType::Unsigned) => {
            Cell::Unsigned(number::signed(bytes)?.try_into().ok()?)
        }
        (W::Unsigned, ColumnType::Unsigned) => Cell::Unsigned(number::unsigned(bytes)?),
        (W::Unsigned, ColumnType::Integer) => Cell::Int(number::unsigned(bytes)?.try_into().ok()?),
        (W::Decimal, ColumnType::Decimal(precision, scale)) => {
            Cell::Decimal(decimal_text::unscaled(bytes, precision, scale)?)
        }
        (W::Float | W::Double, ColumnType::Decimal(precision, scale)) => {
            let shortest = number::shortest(bytes)?;
            Cell::Decimal(decimal::parse(&shortest, precision, scale, Surplus::Round).ok()?)
        }
        (W::Text, ColumnType::Text | ColumnType::Json) => Cell::Text(Cow::Borrowed(utf8(bytes)?)),
        (W::Bytes, ColumnType::Binary) => Cell::Bytes(Cow::Borrowed(bytes)),
        (W::Bit, ColumnType::Unsigned) => Cell::Unsigned(number::bits(bytes)?),
        (W::Bit, ColumnType::Boolean) => match number::bits(bytes)? {
            0 => Cell::Bool(false),
            1 => Cell::Bool(true),
            _ => return None,
        },
        (W::Date, ColumnType::Date) => Cell::Date(text::days(time::day(bytes)?)),
        (W::Datetime, ColumnType::Datetime) => {
            Cell::Micros(zone::to_utc(time::wall(bytes)?, zone).timestamp_micros())
        }
        (W::Datetime | W::Timestamp, ColumnType::Instant) => {
            Cell::Micros(time::wall(bytes)?.and_utc().timestamp_micros())
        }
        (W::Time, ColumnType::Time) => Cell::Time(time::of_day(bytes)?),
        _ => return None,
    })
}

/// A value in its column's type, or why it has none.
#[inline]
pub(crate) fn cell<'a>(
    wire: WireType,
    column: &Column,
    reading: Reading,
    bytes: Option<&'a [u8]>,
) -> Result<Cell<'a>, CellFault> {
    let Some(bytes) = bytes else { return Ok(Cell::Null) };
    if let Some(cell) = fast(wire, column.kind, reading.zone, bytes) {
        return Ok(cell);
    }
    let is_day =
        matches!(column.kind, ColumnType::Date | ColumnType::Datetime | ColumnType::Instant);
    if wire.is_day() && is_day && time::is_zero(bytes) {
        return reading.zero_date(column);
    }
    if wire == WireType::Text && utf8(bytes).is_none() {
        return Err(CellFault::new("bad_text", "is not UTF-8"));
    }
    if wire == WireType::Text && is_day && utf8(bytes).is_some_and(is_zero_text) {
        return reading.zero_date(column);
    }
    let rendered = render(wire, column.kind, bytes);
    text::cell(column.kind, reading.zone, &rendered).map(owned)
}

fn owned(cell: Cell<'_>) -> Cell<'static> {
    match cell {
        Cell::Null => Cell::Null,
        Cell::Int(value) => Cell::Int(value),
        Cell::Unsigned(value) => Cell::Unsigned(value),
        Cell::Decimal(value) => Cell::Decimal(value),
        Cell::Text(value) => Cell::Text(Cow::Owned(value.into_owned())),
        Cell::Bool(value) => Cell::Bool(value),
        Cell::Date(value) => Cell::Date(value),
        Cell::Time(value) => Cell::Time(value),
        Cell::Micros(value) => Cell::Micros(value),
        Cell::Bytes(value) => Cell::Bytes(Cow::Owned(value.into_owned())),
    }
}

/// The text of a value as the server writes it, for payloads and for types that are read from text. A float
/// is written with the digits its column declares, if it fits them; an instant with its offset; bytes in
/// hexadecimal digits.
pub(crate) fn render(wire: WireType, kind: ColumnType, bytes: &[u8]) -> String {
    let rendered = match wire {
        WireType::Signed => number::signed(bytes).map(|n| n.to_string()),
        WireType::Unsigned => number::unsigned(bytes).map(|n| n.to_string()),
        WireType::Bit => number::bits(bytes).map(|n| n.to_string()),
        WireType::Float | WireType::Double => number::shortest(bytes).map(|n| declared(n, kind)),
        WireType::Decimal => utf8(bytes).map(str::to_owned),
        WireType::Text => Some(String::from_utf8_lossy(bytes).into_owned()),
        WireType::Bytes => None,
        WireType::Date => time::day_text(bytes),
        WireType::Datetime | WireType::Timestamp => time::wall_text(bytes).map(|wall| match kind {
            ColumnType::Instant => format!("{wall}+00:00"),
            _ => wall,
        }),
        WireType::Time => time::duration_text(bytes),
    };
    rendered.unwrap_or_else(|| hex::encode(bytes))
}

fn declared(shortest: String, kind: ColumnType) -> String {
    let ColumnType::Decimal(precision, scale) = kind else { return shortest };
    match decimal::parse(&shortest, precision, scale, Surplus::Round) {
        Ok(value) => decimal::render(value, scale),
        Err(_) => shortest,
    }
}
