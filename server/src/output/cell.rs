//! One value of an Arrow column as text, exactly.

use arrow::array::{Array, AsArray};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimeUnit, TimestampMicrosecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use chrono::{DateTime, SecondsFormat};
use chrono_tz::Tz;
use serde_json::Value;

/// A value ready to be written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Null,
    Boolean(bool),
    /// A number in its exact decimal spelling.
    Number(String),
    Text(String),
    /// A list or structure.
    Nested(Value),
}

impl Cell {
    /// As one field of a line; missing is empty.
    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Boolean(value) => value.to_string(),
            Self::Number(text) | Self::Text(text) => text,
            Self::Nested(value) => value.to_string(),
        }
    }

    /// From JSON; a list of plain values is one text.
    pub(crate) fn from_json(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Boolean(*value),
            Value::Number(number) => Self::Number(number.to_string()),
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(items) if items.iter().all(|v| !v.is_array() && !v.is_object()) => {
                let texts = items.iter().map(|item| Self::from_json(item).into_text());
                Self::Text(texts.collect::<Vec<_>>().join(" "))
            }
            nested => Self::Nested(nested.clone()),
        }
    }

    /// As JSON; numbers keep their spelling.
    pub(crate) fn into_json(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(value) => Value::Bool(value),
            Self::Number(text) => {
                serde_json::from_str(&text).map_or(Value::String(text), Value::Number)
            }
            Self::Text(text) => Value::String(text),
            Self::Nested(value) => value,
        }
    }
}

/// The value in `row` of `array`; instants are shown in `zone` with its offset.
pub(crate) fn cell(array: &dyn Array, row: usize, zone: Tz) -> Cell {
    if array.is_null(row) {
        return Cell::Null;
    }
    macro_rules! number {
        ($kind:ty) => {
            Cell::Number(array.as_primitive::<$kind>().value(row).to_string())
        };
    }
    match array.data_type() {
        DataType::Null => Cell::Null,
        DataType::Boolean => Cell::Boolean(array.as_boolean().value(row)),
        DataType::Int8 => number!(Int8Type),
        DataType::Int16 => number!(Int16Type),
        DataType::Int32 => number!(Int32Type),
        DataType::Int64 => number!(Int64Type),
        DataType::UInt8 => number!(UInt8Type),
        DataType::UInt16 => number!(UInt16Type),
        DataType::UInt32 => number!(UInt32Type),
        DataType::UInt64 => number!(UInt64Type),
        DataType::Float32 => number!(Float32Type),
        DataType::Float64 => number!(Float64Type),
        DataType::Decimal128(_, scale) => {
            Cell::Number(decimal(array.as_primitive::<Decimal128Type>().value(row), *scale))
        }
        DataType::Utf8 => Cell::Text(array.as_string::<i32>().value(row).to_owned()),
        DataType::LargeUtf8 => Cell::Text(array.as_string::<i64>().value(row).to_owned()),
        DataType::Utf8View => Cell::Text(array.as_string_view().value(row).to_owned()),
        DataType::Date32 => {
            let date = array.as_primitive::<Date32Type>().value_as_date(row);
            date.map_or(Cell::Null, |date| Cell::Text(date.to_string()))
        }
        DataType::Timestamp(TimeUnit::Microsecond, Some(_)) => {
            instant(array.as_primitive::<TimestampMicrosecondType>().value(row), zone)
        }
        DataType::List(_) => {
            let items = array.as_list::<i32>().value(row);
            let values = (0..items.len()).map(|item| cell(&items, item, zone).into_json());
            Cell::Nested(Value::Array(values.collect()))
        }
        DataType::Struct(fields) => {
            let columns = array.as_struct().columns();
            let pairs = fields.iter().zip(columns);
            let object = pairs.map(|(f, c)| (f.name().clone(), cell(c, row, zone).into_json()));
            Cell::Nested(Value::Object(object.collect()))
        }
        _ => Cell::Text(displayed(array, row)),
    }
}

fn displayed(array: &dyn Array, row: usize) -> String {
    let options = FormatOptions::default();
    ArrayFormatter::try_new(array, &options)
        .and_then(|formatter| formatter.value(row).try_to_string())
        .unwrap_or_else(|error| format!("<{error}>"))
}

/// An instant in `zone` with its offset, to the microsecond if it needs to be.
pub(crate) fn instant(micros: i64, zone: Tz) -> Cell {
    DateTime::from_timestamp_micros(micros).map_or(Cell::Null, |at| {
        Cell::Text(at.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::AutoSi, false))
    })
}

/// A scaled whole number as a decimal without needless zeros.
fn decimal(value: i128, scale: i8) -> String {
    let Ok(places) = usize::try_from(scale) else {
        return format!("{value}{}", "0".repeat(usize::from(scale.unsigned_abs())));
    };
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let fraction = fraction.trim_end_matches('0');
    let sign = if value < 0 { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn decimals_are_exact_and_short() {
        let cases = [
            (0, 10, "0"),
            (12_000_000_000_i128, 10, "1.2"),
            (-5, 2, "-0.05"),
            (100, 0, "100"),
            (7, -2, "700"),
            (i128::MAX, 38, "1.70141183460469231731687303715884105727"),
        ];
        for (value, scale, expected) in cases {
            assert_eq!(decimal(value, scale), expected);
        }
    }
}
