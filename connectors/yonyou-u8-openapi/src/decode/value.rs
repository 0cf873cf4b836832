//! One cell: text to a value of the catalogue's type.

use chrono::NaiveDate;
use chrono_tz::Tz;
use yuanliu_http_kit::decimal::{self, DecimalError};

use super::time::{parse_date, parse_datetime};
use crate::catalog::{DECIMAL_PRECISION, DECIMAL_SCALE, FieldType};

/// A typed value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Null,
    Int(i64),
    Text(String),
    Decimal(i128),
    /// Days since 1970-01-01.
    Date(i32),
    /// Microseconds since 1970-01-01 UTC.
    Micros(i64),
}

/// Why a cell cannot be typed: reason code, and what would be right.
pub(super) type Reason = (&'static str, &'static str);

const BAD_DECIMAL: Reason = ("bad_decimal", "a number");
const TOO_LARGE: Reason = ("bad_decimal", "a number with at most 18 digits before the point");
const TOO_FINE: Reason = ("bad_decimal", "a number with at most 10 digits after the point");
const BAD_DATE: Reason = ("bad_date", "a date such as 2026-01-31");
const BAD_DATETIME: Reason = ("bad_datetime", "a time such as 2026-01-31 08:00:00.0");
const BAD_POSITION: Reason = ("bad_position", "a whole number");

/// Types a cell; one that is not there or blank is null.
pub(super) fn read(kind: FieldType, cell: Option<String>, zone: Tz) -> Result<Value, Reason> {
    let Some(text) = cell else { return Ok(Value::Null) };
    match kind {
        FieldType::Text => Ok(Value::Text(text)),
        FieldType::Position => text.parse().map(Value::Int).map_err(|_| BAD_POSITION),
        FieldType::Decimal => decimal::parse_plain(&text, DECIMAL_PRECISION, DECIMAL_SCALE)
            .map(Value::Decimal)
            .map_err(|error| match error {
                DecimalError::NotANumber => BAD_DECIMAL,
                DecimalError::TooManyDigits => TOO_LARGE,
                DecimalError::TooManyFractionDigits => TOO_FINE,
            }),
        FieldType::Date => parse_date(&text).map(|date| Value::Date(days(date))).ok_or(BAD_DATE),
        FieldType::Datetime => {
            let time = parse_datetime(&text, zone).ok_or(BAD_DATETIME)?;
            Ok(Value::Micros(time.timestamp_micros()))
        }
    }
}

fn days(date: NaiveDate) -> i32 {
    i32::try_from(date.signed_duration_since(NaiveDate::default()).num_days()).unwrap_or_default()
}
