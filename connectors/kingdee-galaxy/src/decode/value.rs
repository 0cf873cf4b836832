//! One cell: raw JSON to a value of the catalogue's type.

use std::borrow::Cow;

use chrono::NaiveDate;
use chrono_tz::Tz;
use yuanliu_http_kit::decimal::{self, DecimalError};

use super::time::{parse_date, parse_datetime};
use crate::catalog::{DECIMAL_PRECISION, DECIMAL_SCALE, FieldType};

/// As much of a bad value as a message repeats.
const SHOWN_CHARS_MAX: usize = 60;

/// A typed value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value<'p> {
    Null,
    Int(i64),
    Text(Cow<'p, str>),
    Decimal(i128),
    /// Days since 1970-01-01.
    Date(i32),
    /// Microseconds since 1970-01-01 UTC.
    Micros(i64),
    Bool(bool),
}

/// Why a cell cannot be typed: reason code, and what would be right.
pub(super) type Reason = (&'static str, &'static str);

/// A row's first bad value, explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BadValue {
    pub(super) reason: &'static str,
    pub(super) message: String,
}

impl BadValue {
    pub(super) fn new(field: &str, cell: &str, (reason, wanted): Reason) -> Self {
        let mut shown: String = cell.chars().take(SHOWN_CHARS_MAX).collect();
        if shown.len() < cell.len() {
            shown.push('…');
        }
        Self { reason, message: format!("{field} holds {shown}, should be {wanted}") }
    }

    pub(super) fn without_key(field: &str) -> Self {
        let message = format!("{field} is empty, should be the row's primary key");
        Self { reason: "bad_key", message }
    }
}

const BAD_ID: Reason = ("bad_id", "a whole number");
const BAD_TEXT: Reason = ("bad_text", "a text");
const BAD_DECIMAL: Reason = ("bad_decimal", "a number");
const TOO_LARGE: Reason = ("bad_decimal", "a number with at most 18 digits before the point");
const TOO_FINE: Reason = ("bad_decimal", "a number with at most 10 digits after the point");
const BAD_DATE: Reason = ("bad_date", "a date such as 2026-01-31");
const BAD_DATETIME: Reason = ("bad_datetime", "a time such as 2026-01-31T08:00:00");
const BAD_BOOLEAN: Reason = ("bad_boolean", "true, false, 1 or 0");

/// Types a cell of raw JSON; a cell that is not there, null or blank is null.
pub(super) fn read<'p>(
    kind: FieldType,
    cell: Option<&'p str>,
    zone: Tz,
) -> Result<Value<'p>, Reason> {
    let Some(text) = scalar(cell.unwrap_or("null")).ok_or(reason(kind))? else {
        return Ok(Value::Null);
    };
    match kind {
        FieldType::Id => read_id(&text),
        FieldType::Text | FieldType::Enum => Ok(Value::Text(text)),
        FieldType::Decimal => match decimal::parse(&text, DECIMAL_PRECISION, DECIMAL_SCALE) {
            Ok(value) => Ok(Value::Decimal(value)),
            Err(DecimalError::NotANumber) => Err(BAD_DECIMAL),
            Err(DecimalError::TooManyDigits) => Err(TOO_LARGE),
            Err(DecimalError::TooManyFractionDigits) => Err(TOO_FINE),
        },
        FieldType::Date => match parse_date(&text) {
            Ok(date) => Ok(date.map_or(Value::Null, |date| Value::Date(days(date)))),
            Err(()) => Err(BAD_DATE),
        },
        FieldType::Datetime => match parse_datetime(&text, zone) {
            Ok(time) => Ok(time.map_or(Value::Null, |time| Value::Micros(time.timestamp_micros()))),
            Err(()) => Err(BAD_DATETIME),
        },
        FieldType::Boolean => match &*text {
            "1" => Ok(Value::Bool(true)),
            "0" => Ok(Value::Bool(false)),
            text if text.eq_ignore_ascii_case("true") => Ok(Value::Bool(true)),
            text if text.eq_ignore_ascii_case("false") => Ok(Value::Bool(false)),
            _ => Err(BAD_BOOLEAN),
        },
    }
}

fn reason(kind: FieldType) -> Reason {
    match kind {
        FieldType::Id => BAD_ID,
        FieldType::Text | FieldType::Enum => BAD_TEXT,
        FieldType::Decimal => BAD_DECIMAL,
        FieldType::Date => BAD_DATE,
        FieldType::Datetime => BAD_DATETIME,
        FieldType::Boolean => BAD_BOOLEAN,
    }
}

/// The text of a JSON scalar, trimmed; inner none if there is nothing in it, outer none if it is an
/// array or object. Empty text comes as one space, as nothing or as null.
fn scalar(raw: &str) -> Option<Option<Cow<'_, str>>> {
    let text = match raw.as_bytes().first()? {
        b'[' | b'{' => return None,
        b'n' => return Some(None),
        b'"' => {
            let inner = raw.get(1..raw.len().checked_sub(1)?)?;
            if inner.contains('\\') {
                Cow::Owned(serde_json::from_str::<String>(raw).ok()?.trim().to_owned())
            } else {
                Cow::Borrowed(inner.trim())
            }
        }
        _ => Cow::Borrowed(raw),
    };
    Some(Some(text).filter(|text| !text.is_empty()))
}

/// An internal id: 0 means there is none.
fn read_id(text: &str) -> Result<Value<'static>, Reason> {
    let whole = match text.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|byte| byte == b'0') => whole,
        _ => text,
    };
    match whole.parse() {
        Ok(0) => Ok(Value::Null),
        Ok(id) => Ok(Value::Int(id)),
        Err(_) => Err(BAD_ID),
    }
}

fn days(date: NaiveDate) -> i32 {
    i32::try_from(date.signed_duration_since(NaiveDate::default()).num_days()).unwrap_or_default()
}
