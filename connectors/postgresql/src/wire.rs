//! Values of binary COPY.
//!
//! Layout: PostgreSQL 15 manual, COPY, "Binary Format": a header of 11 + 8 bytes and its extension,
//! then tuples of a 16-bit field count and fields of a 32-bit length (-1: null) and bytes; a count of
//! -1 ends. Times count microseconds, days count days from 2000-01-01.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, TimeDelta};
use chrono_tz::Tz;
use yuanliu_sql_kit::decimal::{self, Surplus};
use yuanliu_sql_kit::{Cell, CellFault, Column, ColumnType, text, zone};

use crate::numeric;

/// What COPY starts with.
pub(crate) const SIGNATURE: &[u8; 11] = b"PGCOPY\n\xff\r\n\0";

/// From 1970-01-01 to 2000-01-01.
const EPOCH_DAYS: i32 = 10_957;
const EPOCH_MICROS: i64 = 946_684_800_000_000;

/// The server's type, as far as its binary form is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WireType {
    Int2,
    Int4,
    Int8,
    Float4,
    Float8,
    Numeric,
    Bool,
    Text,
    /// `char(n)`: trailing blanks are not part of the value.
    Char,
    Bytea,
    Date,
    Time,
    Timestamp,
    Timestamptz,
    Uuid,
    Jsonb,
}

impl WireType {
    /// By the name sqlx gives the type; none if its binary form is not known.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "INT2" => Self::Int2,
            "INT4" => Self::Int4,
            "INT8" => Self::Int8,
            "FLOAT4" => Self::Float4,
            "FLOAT8" => Self::Float8,
            "NUMERIC" => Self::Numeric,
            "BOOL" => Self::Bool,
            "TEXT" | "VARCHAR" | "NAME" | "UNKNOWN" | "JSON" => Self::Text,
            "CHAR" => Self::Char,
            "BYTEA" => Self::Bytea,
            "DATE" => Self::Date,
            "TIME" => Self::Time,
            "TIMESTAMP" => Self::Timestamp,
            "TIMESTAMPTZ" => Self::Timestamptz,
            "UUID" => Self::Uuid,
            "JSONB" => Self::Jsonb,
            _ => return None,
        })
    }
}

fn int(bytes: &[u8]) -> Option<i64> {
    Some(match bytes.len() {
        2 => i64::from(i16::from_be_bytes(bytes.try_into().ok()?)),
        4 => i64::from(i32::from_be_bytes(bytes.try_into().ok()?)),
        _ => i64::from_be_bytes(bytes.try_into().ok()?),
    })
}

fn utf8(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// A value in its column's type; none if its text must say what it is.
#[inline]
pub(crate) fn fast<'a>(
    wire: WireType,
    kind: ColumnType,
    zone: Tz,
    bytes: &'a [u8],
) -> Option<Cell<'a>> {
    use WireType::{Bool, Bytea, Date, Int2, Int4, Int8, Numeric, Time, Timestamp, Timestamptz};
    Some(match (wire, kind) {
        (Int2 | Int4 | Int8, ColumnType::Integer) => Cell::Int(int(bytes)?),
        (Int2 | Int4 | Int8, ColumnType::Unsigned) => Cell::Unsigned(int(bytes)?.try_into().ok()?),
        (Numeric, ColumnType::Decimal(precision, scale)) => {
            Cell::Decimal(numeric::unscaled(bytes, precision, scale)?)
        }
        (WireType::Text, ColumnType::Text | ColumnType::Json) => {
            Cell::Text(Cow::Borrowed(utf8(bytes)?))
        }
        (WireType::Char, ColumnType::Text) => {
            Cell::Text(Cow::Borrowed(utf8(bytes)?.trim_end_matches(' ')))
        }
        (WireType::Jsonb, ColumnType::Text | ColumnType::Json) => {
            Cell::Text(Cow::Borrowed(utf8(bytes.strip_prefix(&[1])?)?))
        }
        (Bool, ColumnType::Boolean) => Cell::Bool(bytes == [1]),
        (Bytea, ColumnType::Binary) => Cell::Bytes(Cow::Borrowed(bytes)),
        (Date, ColumnType::Date) => {
            let days = i32::from_be_bytes(bytes.try_into().ok()?);
            let is_finite = days != i32::MAX && days != i32::MIN;
            Cell::Date(is_finite.then(|| days.checked_add(EPOCH_DAYS)).flatten()?)
        }
        (Time, ColumnType::Time) => {
            let micros = int(bytes).filter(|micros| *micros < 86_400_000_000)?;
            Cell::Time(micros.checked_mul(1_000)?)
        }
        (Timestamptz, ColumnType::Instant) => Cell::Micros(unix_micros(bytes)?),
        (Timestamp, ColumnType::Datetime) => {
            let wall = DateTime::from_timestamp_micros(unix_micros(bytes)?)?.naive_utc();
            Cell::Micros(zone::to_utc(wall, zone).timestamp_micros())
        }
        _ => return None,
    })
}

fn unix_micros(bytes: &[u8]) -> Option<i64> {
    let micros = int(bytes).filter(|micros| *micros != i64::MAX && *micros != i64::MIN)?;
    micros.checked_add(EPOCH_MICROS)
}

/// A value in its column's type, or why it has none.
#[inline]
pub(crate) fn cell<'a>(
    wire: WireType,
    column: &Column,
    zone: Tz,
    bytes: Option<&'a [u8]>,
) -> Result<Cell<'a>, CellFault> {
    let Some(bytes) = bytes else { return Ok(Cell::Null) };
    if let Some(cell) = fast(wire, column.kind, zone, bytes) {
        return Ok(cell);
    }
    let rendered = render(wire, column.kind, bytes);
    text::cell(column.kind, zone, &rendered).map(owned)
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

/// The text of a value as the server writes it, for payloads and for types that are read from text.
/// A float is written with the digits its column declares, if it fits them.
pub(crate) fn render(wire: WireType, kind: ColumnType, bytes: &[u8]) -> String {
    let rendered = match wire {
        WireType::Int2 | WireType::Int4 | WireType::Int8 => int(bytes).map(|n| n.to_string()),
        WireType::Float4 => {
            bytes.try_into().ok().map(|b| float(f32::from_be_bytes(b).to_string(), kind))
        }
        WireType::Float8 => {
            bytes.try_into().ok().map(|b| float(f64::from_be_bytes(b).to_string(), kind))
        }
        WireType::Numeric => numeric::text(bytes).ok(),
        WireType::Bool => Some(if bytes == [1] { "t" } else { "f" }.to_owned()),
        WireType::Text => utf8(bytes).map(str::to_owned),
        WireType::Char => utf8(bytes).map(|text| text.trim_end_matches(' ').to_owned()),
        WireType::Jsonb => bytes.strip_prefix(&[1]).and_then(utf8).map(str::to_owned),
        WireType::Bytea => None,
        WireType::Date => bytes.try_into().ok().map(|b| day(i32::from_be_bytes(b))),
        WireType::Time => int(bytes).map(|micros| {
            let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
            let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
            format!("{hours:02}:{minutes:02}:{:02}.{micros:06}", seconds % 60)
        }),
        WireType::Timestamp => Some(moment(bytes, "")),
        WireType::Timestamptz => Some(moment(bytes, "+00:00")),
        WireType::Uuid => Some(uuid(bytes)),
    };
    rendered.unwrap_or_else(|| bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn float(shortest: String, kind: ColumnType) -> String {
    let ColumnType::Decimal(precision, scale) = kind else { return shortest };
    match decimal::parse(&shortest, precision, scale, Surplus::Round) {
        Ok(value) => decimal::render(value, scale),
        Err(_) => shortest,
    }
}

fn day(days: i32) -> String {
    let start = NaiveDate::default() + TimeDelta::days(i64::from(EPOCH_DAYS));
    match days {
        i32::MAX => "infinity".to_owned(),
        i32::MIN => "-infinity".to_owned(),
        _ => match start.checked_add_signed(TimeDelta::days(i64::from(days))) {
            Some(day) => day.format("%Y-%m-%d").to_string(),
            None => format!("{days} days from 2000-01-01"),
        },
    }
}

fn moment(bytes: &[u8], offset: &str) -> String {
    match int(bytes) {
        Some(i64::MAX) => return "infinity".to_owned(),
        Some(i64::MIN) => return "-infinity".to_owned(),
        _ => {}
    }
    match unix_micros(bytes).and_then(DateTime::from_timestamp_micros) {
        Some(time) => format!("{}{offset}", time.format("%Y-%m-%d %H:%M:%S%.6f")),
        None => "out of range".to_owned(),
    }
}

fn uuid(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02x}"));
    }
    text
}
