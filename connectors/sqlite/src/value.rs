//! A value by the type it is stored as, and what it becomes in its column.

use std::borrow::Cow;

use chrono::NaiveDateTime;
use chrono_tz::Tz;
use yuanliu_sql_kit::decimal::{self, Surplus};
use yuanliu_sql_kit::{Cell, CellFault, ColumnType, text};

/// Whole numbers beyond are not all of them floats.
const FLOAT_EXACT_MAX: f64 = 9_007_199_254_740_992.0;

/// A value as it is stored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Stored<'a> {
    Null,
    Integer(i64),
    Real(f64),
    Text(&'a str),
    /// A text that is not UTF-8.
    BrokenText(&'a [u8]),
    Blob(&'a [u8]),
}

/// A value in its column's type, or why it has none.
pub(crate) fn cell(kind: ColumnType, zone: Tz, stored: Stored<'_>) -> Result<Cell<'_>, CellFault> {
    match stored {
        Stored::Null => Ok(Cell::Null),
        Stored::Integer(number) => integer(kind, number),
        Stored::Real(number) => real(kind, number),
        Stored::Text(text) => of_text(kind, zone, text),
        Stored::BrokenText(_) => Err(CellFault::new(
            "bad_text",
            "is not UTF-8; read `cast(column as blob)` declared binary, or correct the row",
        )),
        Stored::Blob(bytes) => blob(kind, bytes),
    }
}

fn mismatch(kind: ColumnType, stored: &str) -> CellFault {
    CellFault::new("bad_stored_type", format!("is stored as {stored}, which is no {kind}"))
}

fn number_is_no_time(kind: ColumnType) -> CellFault {
    CellFault::new(
        "bad_stored_type",
        format!(
            "is stored as a number, which is no {kind}; say what it counts with an expr such as \
             datetime(column, 'unixepoch'), declared instant"
        ),
    )
}

fn integer(kind: ColumnType, number: i64) -> Result<Cell<'static>, CellFault> {
    match kind {
        ColumnType::Integer => Ok(Cell::Int(number)),
        ColumnType::Unsigned | ColumnType::Rowversion => u64::try_from(number)
            .map(Cell::Unsigned)
            .map_err(|_| CellFault::new("bad_unsigned", format!("`{number}` is less than 0"))),
        ColumnType::Decimal(precision, scale) => {
            decimal::parse(&number.to_string(), precision, scale, Surplus::Reject)
                .map(Cell::Decimal)
        }
        ColumnType::Boolean if number == 0 || number == 1 => Ok(Cell::Bool(number == 1)),
        ColumnType::Boolean => {
            Err(CellFault::new("bad_boolean", format!("`{number}` is neither true nor false")))
        }
        ColumnType::Text | ColumnType::Json => Ok(Cell::Text(Cow::Owned(number.to_string()))),
        ColumnType::Date | ColumnType::Time | ColumnType::Datetime | ColumnType::Instant => {
            Err(number_is_no_time(kind))
        }
        ColumnType::Binary | ColumnType::Uuid => Err(mismatch(kind, "a whole number")),
    }
}

fn real(kind: ColumnType, number: f64) -> Result<Cell<'static>, CellFault> {
    match kind {
        // Binary floats are rounded to what the column declares, half to even.
        ColumnType::Decimal(precision, scale) => {
            decimal::parse(&number.to_string(), precision, scale, Surplus::Round).map(Cell::Decimal)
        }
        ColumnType::Integer
        | ColumnType::Unsigned
        | ColumnType::Rowversion
        | ColumnType::Boolean => {
            match number.fract() == 0.0 && number.abs() <= FLOAT_EXACT_MAX {
                // In range by the comparison above.
                true => integer(kind, number as i64),
                false => Err(CellFault::new(
                    "bad_integer",
                    format!("`{number:?}` is a float that is no whole number"),
                )),
            }
        }
        ColumnType::Text | ColumnType::Json => Ok(Cell::Text(Cow::Owned(format!("{number:?}")))),
        ColumnType::Date | ColumnType::Time | ColumnType::Datetime | ColumnType::Instant => {
            Err(number_is_no_time(kind))
        }
        ColumnType::Binary | ColumnType::Uuid => Err(mismatch(kind, "a float")),
    }
}

fn of_text(kind: ColumnType, zone: Tz, stored: &str) -> Result<Cell<'_>, CellFault> {
    match kind {
        ColumnType::Binary => Ok(Cell::Bytes(Cow::Borrowed(stored.as_bytes()))),
        ColumnType::Instant => text::cell(kind, zone, stored).or_else(|fault| {
            // SQLite's own date functions write times of UTC without an offset.
            utc(stored).map(Cell::Micros).ok_or(fault)
        }),
        _ => text::cell(kind, zone, stored),
    }
}

fn utc(text: &str) -> Option<i64> {
    let formats = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"];
    let mut formats = formats.iter();
    let wall = formats.find_map(|format| NaiveDateTime::parse_from_str(text.trim(), format).ok());
    wall.map(|wall| wall.and_utc().timestamp_micros())
}

fn blob(kind: ColumnType, bytes: &[u8]) -> Result<Cell<'_>, CellFault> {
    match (kind, bytes) {
        (ColumnType::Binary, _) => Ok(Cell::Bytes(Cow::Borrowed(bytes))),
        (ColumnType::Uuid, bytes) if bytes.len() == 16 => Ok(Cell::Text(Cow::Owned(uuid(bytes)))),
        _ => Err(mismatch(kind, "bytes")),
    }
}

fn uuid(bytes: &[u8]) -> String {
    let mut text = hex::encode(bytes);
    for at in [20, 16, 12, 8] {
        text.insert(at, '-');
    }
    text
}

#[cfg(test)]
mod tests {
    use chrono_tz::Asia::Shanghai;

    use super::*;

    #[track_caller]
    fn reads(kind: &str, stored: Stored<'_>, wanted: Cell<'_>) {
        assert_eq!(cell(kind.parse().unwrap(), Shanghai, stored).unwrap(), wanted);
    }

    #[track_caller]
    fn refuses(kind: &str, stored: Stored<'_>, reason: &str) {
        assert_eq!(cell(kind.parse().unwrap(), Shanghai, stored).unwrap_err().reason, reason);
    }

    #[test]
    fn values_are_read_by_what_they_are_stored_as() {
        reads("integer", Stored::Integer(i64::MIN), Cell::Int(i64::MIN));
        reads("integer", Stored::Real(5.0), Cell::Int(5));
        reads("integer", Stored::Text(" 7 "), Cell::Int(7));
        reads("decimal(10,2)", Stored::Integer(3), Cell::Decimal(300));
        reads("decimal(10,2)", Stored::Real(0.1 + 0.2), Cell::Decimal(30));
        reads("decimal(10,2)", Stored::Text("1.25"), Cell::Decimal(125));
        reads("text", Stored::Integer(5), Cell::Text("5".into()));
        reads("text", Stored::Real(5.0), Cell::Text("5.0".into()));
        reads("boolean", Stored::Integer(1), Cell::Bool(true));
        reads("binary", Stored::Text("ab"), Cell::Bytes(b"ab"[..].into()));
        reads("datetime", Stored::Text("1970-01-01T08:00:01"), Cell::Micros(1_000_000));
        reads("instant", Stored::Text("1970-01-01 00:00:01"), Cell::Micros(1_000_000));
        reads("instant", Stored::Text("1970-01-01T08:00:01+08:00"), Cell::Micros(1_000_000));
        let id = [
            0x0e, 0x98, 0x47, 0x25, 0xc5, 0x1c, 0x4b, 0xf4, 0x99, 0x60, 0xe1, 0xc8, 0x0e, 0x27,
            0xab, 0xa0,
        ];
        let text = "0e984725-c51c-4bf4-9960-e1c80e27aba0";
        reads("uuid", Stored::Blob(&id), Cell::Text(text.into()));
    }

    #[test]
    fn what_does_not_fit_is_refused_with_its_reason() {
        refuses("integer", Stored::Real(5.5), "bad_integer");
        refuses("integer", Stored::Real(1e300), "bad_integer");
        refuses("integer", Stored::Text("five"), "bad_integer");
        refuses("unsigned", Stored::Integer(-1), "bad_unsigned");
        refuses("decimal(10,2)", Stored::Text("1.255"), "decimal_scale");
        refuses("datetime", Stored::Integer(1_700_000_000), "bad_stored_type");
        refuses("date", Stored::Real(2_460_000.5), "bad_stored_type");
        refuses("text", Stored::Blob(b"\xff"), "bad_stored_type");
        refuses("text", Stored::BrokenText(b"\xff"), "bad_text");
        refuses("boolean", Stored::Integer(2), "bad_boolean");
    }
}
