//! Values from the texts a server gives.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use chrono_tz::Tz;

use crate::cell::{Cell, CellFault};
use crate::column_type::ColumnType;
use crate::decimal::{self, Surplus};
use crate::zone;

const WALL_FORMATS: [&str; 2] = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"];
const OFFSET_FORMATS: [&str; 2] = ["%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M:%S%.f%#z"];

/// Types the text of a value. Bytes are written as hexadecimal digits.
pub fn cell(kind: ColumnType, zone: Tz, text: &str) -> Result<Cell<'_>, CellFault> {
    let number = text.trim();
    match kind {
        ColumnType::Text | ColumnType::Json => Ok(Cell::Text(Cow::Borrowed(text))),
        ColumnType::Uuid => uuid(text),
        ColumnType::Integer => number.parse().map(Cell::Int).map_err(|_| {
            CellFault::new("bad_integer", format!("`{text}` is not a whole number of 64 bits"))
        }),
        ColumnType::Unsigned | ColumnType::Rowversion => {
            number.parse().map(Cell::Unsigned).map_err(|_| {
                let message = format!("`{text}` is not a whole number from 0 of 64 bits");
                CellFault::new("bad_unsigned", message)
            })
        }
        ColumnType::Decimal(precision, scale) => {
            decimal::parse(number, precision, scale, Surplus::Reject).map(Cell::Decimal)
        }
        ColumnType::Boolean => match number.to_ascii_lowercase().as_str() {
            "t" | "true" | "1" | "y" | "yes" => Ok(Cell::Bool(true)),
            "f" | "false" | "0" | "n" | "no" => Ok(Cell::Bool(false)),
            _ => Err(CellFault::new("bad_boolean", format!("`{text}` is neither true nor false"))),
        },
        ColumnType::Date => date(number),
        ColumnType::Time => time(number),
        ColumnType::Datetime => datetime(number, zone),
        ColumnType::Instant => instant(number),
        ColumnType::Binary => hex::decode(number)
            .map(|bytes| Cell::Bytes(Cow::Owned(bytes)))
            .map_err(|_| CellFault::new("bad_binary", "is not written in hexadecimal digits")),
    }
}

fn uuid(text: &str) -> Result<Cell<'_>, CellFault> {
    let text = text.trim().trim_start_matches('{').trim_end_matches('}');
    let is_dash = |at| matches!(at, 8 | 13 | 18 | 23);
    let fits = |(at, c): (usize, char)| if is_dash(at) { c == '-' } else { c.is_ascii_hexdigit() };
    match text.len() == 36 && text.char_indices().all(fits) {
        true => Ok(Cell::Text(Cow::Owned(text.to_ascii_lowercase()))),
        false => Err(CellFault::new("bad_uuid", format!("`{text}` is not a UUID"))),
    }
}

fn date(text: &str) -> Result<Cell<'_>, CellFault> {
    let day = match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        Ok(day) => Some(day),
        // A column of times that is declared as days, with nothing but midnights.
        Err(_) => wall(text).filter(|wall| wall.time() == NaiveTime::MIN).map(|wall| wall.date()),
    };
    day.map(|day| Cell::Date(days(day))).ok_or_else(|| {
        CellFault::new("bad_date", format!("`{text}` is not a day such as 2026-03-31"))
    })
}

/// Days since 1970-01-01.
pub fn days(day: NaiveDate) -> i32 {
    i32::try_from(day.signed_duration_since(NaiveDate::default()).num_days()).unwrap_or(i32::MAX)
}

fn time(text: &str) -> Result<Cell<'_>, CellFault> {
    let time = NaiveTime::parse_from_str(text, "%H:%M:%S%.f").ok();
    // chrono reads a 60th second as a leap second, which a day of the lake does not have.
    let time = time.filter(|time| time.nanosecond() < 1_000_000_000);
    let time = time.map(|time| {
        i64::from(time.num_seconds_from_midnight()) * 1_000_000_000 + i64::from(time.nanosecond())
    });
    time.map(Cell::Time).ok_or_else(|| {
        CellFault::new("bad_time", format!("`{text}` is not a time of day such as 08:30:00"))
    })
}

fn wall(text: &str) -> Option<NaiveDateTime> {
    let mut formats = WALL_FORMATS.iter();
    let found = formats.find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    let found = found.filter(|wall| wall.nanosecond() < 1_000_000_000);
    let midnight = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0);
    found.or_else(midnight)
}

fn datetime(text: &str, zone: Tz) -> Result<Cell<'_>, CellFault> {
    let micros = wall(text).map(|wall| zone::to_utc(wall, zone).timestamp_micros());
    micros.map(Cell::Micros).ok_or_else(|| {
        CellFault::new(
            "bad_datetime",
            format!("`{text}` is not a time such as 2026-03-31 08:30:00"),
        )
    })
}

fn instant(text: &str) -> Result<Cell<'_>, CellFault> {
    let mut formats = OFFSET_FORMATS.iter();
    let found = DateTime::parse_from_rfc3339(text)
        .ok()
        .or_else(|| formats.find_map(|format| DateTime::parse_from_str(text, format).ok()));
    found.map(|time| Cell::Micros(time.timestamp_micros())).ok_or_else(|| {
        let message =
            format!("`{text}` is not a time with its offset, such as 2026-03-31 08:30:00+08:00");
        CellFault::new("bad_instant", message)
    })
}

#[cfg(test)]
mod tests {
    use chrono_tz::Asia::Shanghai;

    use super::*;

    #[test]
    fn types_texts() {
        let ok = |kind: &str, text| cell(kind.parse().unwrap(), Shanghai, text).unwrap();
        assert_eq!(ok("integer", "-7"), Cell::Int(-7));
        assert_eq!(ok("unsigned", "18446744073709551615"), Cell::Unsigned(u64::MAX));
        assert_eq!(ok("decimal(5,2)", "1.5"), Cell::Decimal(150));
        assert_eq!(ok("date", "1970-01-02"), Cell::Date(1));
        assert_eq!(ok("date", "1970-01-02 00:00:00"), Cell::Date(1));
        assert_eq!(ok("time", "00:00:01.5"), Cell::Time(1_500_000_000));
        assert_eq!(ok("datetime", "1970-01-01 08:00:01"), Cell::Micros(1_000_000));
        assert_eq!(ok("instant", "1970-01-01 00:00:01+00"), Cell::Micros(1_000_000));
        assert_eq!(ok("instant", "1970-01-01T08:00:01.5+08:00"), Cell::Micros(1_500_000));
        assert_eq!(ok("boolean", "t"), Cell::Bool(true));
        assert_eq!(ok("binary", "00ff"), Cell::Bytes(vec![0, 255].into()));
        let id = ok("uuid", "{0E984725-C51C-4BF4-9960-E1C80E27ABA0}");
        assert_eq!(id, Cell::Text("0e984725-c51c-4bf4-9960-e1c80e27aba0".into()));
    }

    #[test]
    fn refuses_what_is_not_the_type() {
        let reason =
            |kind: &str, text| cell(kind.parse().unwrap(), Shanghai, text).unwrap_err().reason;
        assert_eq!(reason("integer", "1.5"), "bad_integer");
        assert_eq!(reason("unsigned", "-1"), "bad_unsigned");
        assert_eq!(reason("date", "infinity"), "bad_date");
        assert_eq!(reason("date", "2026-01-01 10:00:00"), "bad_date");
        assert_eq!(reason("time", "24:00:00"), "bad_time");
        assert_eq!(reason("datetime", "2026-02-30 00:00:00"), "bad_datetime");
        assert_eq!(reason("instant", "2026-02-03 00:00:00"), "bad_instant");
        assert_eq!(reason("boolean", "maybe"), "bad_boolean");
        assert_eq!(reason("binary", "xyz"), "bad_binary");
        assert_eq!(reason("uuid", "1234"), "bad_uuid");
    }
}
