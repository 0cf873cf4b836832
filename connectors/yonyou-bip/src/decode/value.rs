//! One cell: raw JSON to a value of the catalogue's type.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::Deserialize;
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
}

const BAD_ID: Reason = ("bad_id", "a whole number");
const BAD_TEXT: Reason = ("bad_text", "a text");
const BAD_NAME: Reason = ("bad_name", "a text or one of several languages");
const BAD_DECIMAL: Reason = ("bad_decimal", "a number");
const TOO_LARGE: Reason = ("bad_decimal", "a number with at most 18 digits before the point");
const TOO_FINE: Reason = ("bad_decimal", "a number with at most 10 digits after the point");
const BAD_DATE: Reason = ("bad_date", "a date such as 2026-01-31");
const BAD_DATETIME: Reason = ("bad_datetime", "a time such as 2026-01-31 08:00:00");
const BAD_BOOLEAN: Reason = ("bad_boolean", "true, false, 1 or 0");

/// A name in several languages, as customer V2 gives it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Multilingual {
    simplified_name: Option<String>,
    traditional_name: Option<String>,
    english_name: Option<String>,
}

/// Types a cell of raw JSON; a cell that is not there, null or blank is null.
pub(super) fn read(kind: FieldType, cell: Option<&str>) -> Result<Value<'_>, Reason> {
    let cell = cell.unwrap_or("null");
    if cell == "null" {
        return Ok(Value::Null);
    }
    match kind {
        FieldType::Json => return Ok(Value::Text(Cow::Borrowed(cell))),
        FieldType::Name if cell.starts_with('{') => return read_name(cell),
        _ => {}
    }
    let Some(text) = scalar(cell).ok_or(reason(kind))? else { return Ok(Value::Null) };
    match kind {
        FieldType::Id => read_id(&text),
        FieldType::Text | FieldType::Name | FieldType::Json => Ok(Value::Text(text)),
        FieldType::Decimal => match decimal::parse(&text, DECIMAL_PRECISION, DECIMAL_SCALE) {
            Ok(value) => Ok(Value::Decimal(value)),
            Err(DecimalError::NotANumber) => Err(BAD_DECIMAL),
            Err(DecimalError::TooManyDigits) => Err(TOO_LARGE),
            Err(DecimalError::TooManyFractionDigits) => Err(TOO_FINE),
        },
        FieldType::Date => parse_date(&text).map(|date| Value::Date(days(date))).ok_or(BAD_DATE),
        FieldType::Datetime => parse_datetime(&text)
            .map(|time| Value::Micros(time.timestamp_micros()))
            .ok_or(BAD_DATETIME),
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
        FieldType::Text | FieldType::Json => BAD_TEXT,
        FieldType::Name => BAD_NAME,
        FieldType::Decimal => BAD_DECIMAL,
        FieldType::Date => BAD_DATE,
        FieldType::Datetime => BAD_DATETIME,
        FieldType::Boolean => BAD_BOOLEAN,
    }
}

/// Simplified Chinese before traditional before English.
fn read_name(cell: &str) -> Result<Value<'static>, Reason> {
    let name: Multilingual = serde_json::from_str(cell).map_err(|_| BAD_NAME)?;
    let names = [name.simplified_name, name.traditional_name, name.english_name];
    let name = names.into_iter().flatten().map(|name| name.trim().to_owned());
    let name = name.into_iter().find(|name| !name.is_empty());
    Ok(name.map_or(Value::Null, |name| Value::Text(Cow::Owned(name))))
}

/// The text of a JSON scalar, trimmed; inner none if there is nothing in it, outer none if it is an
/// array or object.
fn scalar(raw: &str) -> Option<Option<Cow<'_, str>>> {
    let text = match raw.as_bytes().first()? {
        b'[' | b'{' => return None,
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

/// An internal id: 0 means there is none. Never by way of a float, which has 16 digits.
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(kind: FieldType, cell: &str, wanted: Result<Value<'_>, Reason>) {
        assert_eq!(read(kind, Some(cell)), wanted, "{kind:?} {cell}");
    }

    fn text(text: &str) -> Result<Value<'_>, Reason> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    #[test]
    fn ids_are_exact_in_either_form() {
        let id = Ok(Value::Int(1_830_000_000_000_000_031));
        check(FieldType::Id, "1830000000000000031", id.clone());
        check(FieldType::Id, "\" 1830000000000000031 \"", id);
        check(FieldType::Id, "9223372036854775807", Ok(Value::Int(i64::MAX)));
        check(FieldType::Id, "9223372036854775808", Err(BAD_ID));
        check(FieldType::Id, "0", Ok(Value::Null));
        check(FieldType::Id, "1.83e18", Err(BAD_ID));
        check(FieldType::Id, "[1]", Err(BAD_ID));
    }

    #[test]
    fn codes_may_be_numbers() {
        check(FieldType::Text, "\" SO-1 \"", text("SO-1"));
        check(FieldType::Text, "100010001000100010001", text("100010001000100010001"));
        check(FieldType::Text, "true", text("true"));
        check(FieldType::Text, "\"\"", Ok(Value::Null));
        check(FieldType::Text, "{}", Err(BAD_TEXT));
    }

    #[test]
    fn names_may_have_languages() {
        check(FieldType::Name, "\"示例\"", text("示例"));
        check(
            FieldType::Name,
            r#"{"simplifiedName":" 示例客户 ","englishName":null,"traditionalName":null}"#,
            text("示例客户"),
        );
        check(FieldType::Name, r#"{"simplifiedName":"","englishName":"Demo"}"#, text("Demo"));
        check(FieldType::Name, "{}", Ok(Value::Null));
        check(FieldType::Name, r#"{"simplifiedName":7}"#, Err(BAD_NAME));
        check(FieldType::Name, "[]", Err(BAD_NAME));
    }

    #[test]
    fn the_rest_is_typed_too() {
        check(FieldType::Decimal, "11.30", Ok(Value::Decimal(113_000_000_000)));
        check(FieldType::Decimal, "\"1e-10\"", Ok(Value::Decimal(1)));
        check(FieldType::Decimal, "\"twelve\"", Err(BAD_DECIMAL));
        check(FieldType::Decimal, "1e-11", Err(TOO_FINE));
        check(FieldType::Decimal, "1e18", Err(TOO_LARGE));
        check(FieldType::Boolean, "\"0\"", Ok(Value::Bool(false)));
        check(FieldType::Boolean, "true", Ok(Value::Bool(true)));
        check(FieldType::Boolean, "2", Err(BAD_BOOLEAN));
        check(FieldType::Json, r#"[{"a":1.0}]"#, text(r#"[{"a":1.0}]"#));
        check(FieldType::Json, "null", Ok(Value::Null));
        check(FieldType::Datetime, "\"\"", Ok(Value::Null));
        check(FieldType::Date, "\"2026-03-01 00:00:00\"", Ok(Value::Date(20_513)));
    }

    proptest! {
        #[test]
        fn every_id_survives(id in any::<i64>()) {
            prop_assume!(id != 0);
            let number = id.to_string();
            prop_assert_eq!(read(FieldType::Id, Some(&number)), Ok(Value::Int(id)));
            let quoted = format!("\"{id}\"");
            prop_assert_eq!(read(FieldType::Id, Some(&quoted)), Ok(Value::Int(id)));
        }

        /// Serde's own unescaping is the oracle.
        #[test]
        fn every_text_survives(given in "\\PC{0,20}|[\"\\\\/\n\t]{0,4}") {
            let cell = serde_json::to_string(&given).unwrap();
            let wanted = match given.trim() {
                "" => Value::Null,
                trimmed => Value::Text(Cow::Owned(trimmed.to_owned())),
            };
            prop_assert_eq!(read(FieldType::Text, Some(&cell)), Ok(wanted));
        }

        #[test]
        fn no_json_panics(cell in "[\\[{\"nt0-9.eE+\\-\\\\ ]{1,12}") {
            for kind in [FieldType::Id, FieldType::Text, FieldType::Name, FieldType::Decimal,
                FieldType::Date, FieldType::Datetime, FieldType::Boolean, FieldType::Json] {
                let _ = read(kind, Some(&cell));
            }
        }
    }
}
