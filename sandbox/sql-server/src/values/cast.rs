//! `cast` and `convert` between all types.

use super::format::format;
use super::temporal::{self, DAYS_TO_1900, round_datetime, round_minute, round_to_scale};
use super::value::DAY;
use super::{Collation, Decimal, MAX, SqlType, Value};
use crate::error::SqlError;

/// `cast(value as to)`.
pub(crate) fn cast(value: &Value, from: &SqlType, to: &SqlType) -> Result<Value, SqlError> {
    convert(value, from, to, 0)
}

/// `convert(to, value, style)`.
pub(crate) fn convert(
    value: &Value,
    from: &SqlType,
    to: &SqlType,
    style: i64,
) -> Result<Value, SqlError> {
    let (value, from) = value.unwrap_variant(from);
    if value.is_null() {
        return Ok(Value::Null);
    }
    let refuse = || SqlError::conversion(from.name(), to.name());
    match to {
        SqlType::Bit => to_number(value, from).map(|number| Value::Bit(number.units() != 0)),
        SqlType::TinyInt => to_int(value, from, to, 0, 255),
        SqlType::SmallInt => to_int(value, from, to, i64::from(i16::MIN), i64::from(i16::MAX)),
        SqlType::Int => to_int(value, from, to, i64::from(i32::MIN), i64::from(i32::MAX)),
        SqlType::BigInt => to_int(value, from, to, i64::MIN, i64::MAX),
        SqlType::Decimal(precision, scale) => to_decimal(value, from, to, *precision, *scale),
        SqlType::Money => to_decimal(value, from, to, 19, 4),
        SqlType::SmallMoney => to_decimal(value, from, to, 10, 4),
        SqlType::Float => to_float(value, from).map(Value::Float),
        SqlType::Real => to_float(value, from).map(|float| Value::Float(f64::from(float as f32))),
        _ if to.is_temporal() => to_temporal(value, from, to),
        SqlType::UniqueIdentifier => to_uuid(value, from).ok_or_else(refuse),
        _ if to.is_text() => to_text(value, from, to, style),
        SqlType::RowVersion => match to_bytes(value, from, style).ok_or_else(refuse)?[..] {
            [a, b, c, d, e, f, g, h] => {
                Ok(Value::RowVersion(u64::from_be_bytes([a, b, c, d, e, f, g, h])))
            }
            _ => Err(refuse()),
        },
        SqlType::Binary(n) => {
            let mut bytes = to_bytes(value, from, style).ok_or_else(refuse)?;
            // Numbers lose their front, texts their end.
            if from.is_integer() && bytes.len() != usize::from(*n) {
                let mut wide = vec![0; usize::from(*n).saturating_sub(bytes.len())];
                wide.extend_from_slice(&bytes[bytes.len().saturating_sub(usize::from(*n))..]);
                bytes = wide;
            }
            bytes.resize(usize::from(*n), 0);
            Ok(Value::binary(bytes))
        }
        SqlType::VarBinary(n) => {
            let mut bytes = to_bytes(value, from, style).ok_or_else(refuse)?;
            if *n != MAX {
                bytes.truncate(usize::from(*n));
            }
            Ok(Value::binary(bytes))
        }
        SqlType::Image => Ok(Value::binary(to_bytes(value, from, style).ok_or_else(refuse)?)),
        SqlType::SqlVariant => Ok(Value::Variant(Box::new((*from, value.clone())))),
        _ => match value {
            Value::Binary(_) => Ok(value.clone()),
            _ => Err(refuse()),
        },
    }
}

/// Any number, bits and binary included, as an exact decimal.
fn to_number(value: &Value, from: &SqlType) -> Result<Decimal, SqlError> {
    let refuse = || SqlError::conversion(from.name(), "numeric");
    Ok(match value {
        Value::Bit(bit) => Decimal::new(i128::from(*bit), 0),
        Value::Int(int) => Decimal::new(i128::from(*int), 0),
        Value::Decimal(decimal) => *decimal,
        Value::Float(float) => {
            Decimal::parse(&format!("{float:e}")).ok_or_else(|| SqlError::overflow("numeric"))?
        }
        Value::Text(_) | Value::Utf16(_) => {
            let text = value.as_text().unwrap_or_default();
            match text.trim() {
                "true" | "TRUE" | "True" => Decimal::new(1, 0),
                "false" | "FALSE" | "False" => Decimal::new(0, 0),
                "" if from.is_text() => Decimal::new(0, 0),
                text => Decimal::parse(text).ok_or_else(refuse)?,
            }
        }
        Value::Binary(bytes) if bytes.len() <= 8 => {
            let units = bytes.iter().fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
            Decimal::new(i128::from(units.cast_signed()), 0)
        }
        Value::RowVersion(version) => Decimal::new(i128::from(version.cast_signed()), 0),
        Value::DateTime(ticks) => {
            Decimal::new(i128::from(ticks / DAY - i64::from(DAYS_TO_1900)), 0)
        }
        _ => return Err(refuse()),
    })
}

fn to_int(
    value: &Value,
    from: &SqlType,
    to: &SqlType,
    low: i64,
    high: i64,
) -> Result<Value, SqlError> {
    if let (Value::Int(int), true) = (value, from == to) {
        return Ok(Value::Int(*int));
    }
    let number = to_number(value, from).map_err(|error| match value.as_text() {
        Some(text) if error.number != 8115 => {
            SqlError::conversion_of(&from.to_string(), &text, to.name())
        }
        _ => error,
    })?;
    if value.as_text().is_some_and(|text| text.contains('.')) {
        let text = value.as_text().unwrap_or_default();
        return Err(SqlError::conversion_of(&from.to_string(), &text, to.name()));
    }
    match i64::try_from(number.whole()) {
        Ok(int) if (low..=high).contains(&int) => Ok(Value::Int(int)),
        _ => Err(SqlError::overflow(to.name())),
    }
}

fn to_decimal(
    value: &Value,
    from: &SqlType,
    to: &SqlType,
    precision: u8,
    scale: u8,
) -> Result<Value, SqlError> {
    let number = to_number(value, from)?.rescale(scale).filter(|number| number.fits(precision));
    number.map(Value::Decimal).ok_or_else(|| SqlError::overflow(to.name()))
}

fn to_float(value: &Value, from: &SqlType) -> Result<f64, SqlError> {
    match value {
        Value::Float(float) => Ok(*float),
        Value::Text(text) => {
            text.trim().parse().map_err(|_| SqlError::conversion(from.name(), "float"))
        }
        _ => to_number(value, from).map(Decimal::to_f64),
    }
}

fn to_temporal(value: &Value, from: &SqlType, to: &SqlType) -> Result<Value, SqlError> {
    let (ticks, offset) = match value {
        Value::Date(days) => (i64::from(*days) * DAY, None),
        Value::Time(ticks) => (i64::from(DAYS_TO_1900) * DAY + ticks, None),
        Value::DateTime(ticks) => (*ticks, None),
        Value::DateTimeOffset(ticks, offset) => {
            (ticks + i64::from(*offset) * 600_000_000, Some(*offset))
        }
        Value::Int(days) => ((days + i64::from(DAYS_TO_1900)) * DAY, None),
        _ => {
            let text =
                value.as_text().ok_or_else(|| SqlError::conversion(from.name(), to.name()))?;
            let read = temporal::parse(&text).ok_or_else(SqlError::bad_date)?;
            if matches!(to, SqlType::Date) && !read.dated {
                return Ok(Value::Date(DAYS_TO_1900));
            }
            (read.ticks, read.offset)
        }
    };
    let range = (0, 3_652_059 * DAY);
    if ticks < range.0 || ticks >= range.1 {
        return Err(SqlError::bad_date());
    }
    Ok(match to {
        SqlType::Date => Value::Date(i32::try_from(ticks.div_euclid(DAY)).unwrap_or_default()),
        SqlType::Time(scale) => {
            Value::Time(round_to_scale(ticks.rem_euclid(DAY), *scale).min(DAY - 1))
        }
        SqlType::DateTime => {
            // datetime begins in 1753, smalldatetime spans 1900 to 2079.
            if ticks < 639_905 * DAY {
                return Err(SqlError::bad_date());
            }
            Value::DateTime(round_datetime(ticks))
        }
        SqlType::SmallDateTime => {
            let rounded = round_minute(ticks);
            if !(i64::from(DAYS_TO_1900) * DAY..(i64::from(DAYS_TO_1900) + 65_536) * DAY)
                .contains(&rounded)
            {
                return Err(SqlError::bad_date());
            }
            Value::DateTime(rounded)
        }
        SqlType::DateTimeOffset(scale) => {
            let offset = offset.unwrap_or(0);
            Value::DateTimeOffset(
                round_to_scale(ticks - i64::from(offset) * 600_000_000, *scale),
                offset,
            )
        }
        _ => Value::DateTime(round_to_scale(ticks, to.scale()).min(range.1 - 1)),
    })
}

fn to_uuid(value: &Value, from: &SqlType) -> Option<Value> {
    if let Value::Uuid(_) = value {
        return Some(value.clone());
    }
    let bytes = match value.as_text() {
        Some(text) => {
            let digits: String =
                text.trim().chars().filter(|c| !matches!(c, '-' | '{' | '}')).collect();
            parse_hex(&digits)?
        }
        None => super::uuid_from_wire(to_bytes(value, from, 0)?.try_into().ok()?).to_vec(),
    };
    Some(Value::Uuid(bytes.try_into().ok()?))
}

fn to_text(value: &Value, from: &SqlType, to: &SqlType, style: i64) -> Result<Value, SqlError> {
    if let (Value::Utf16(units), true) = (value, to.is_wide()) {
        return Ok(Value::Utf16(units.clone()));
    }
    let whole = match (value, style) {
        (Value::Text(text), _) if matches!(to, SqlType::NVarChar(MAX) | SqlType::VarChar(MAX) | SqlType::NText | SqlType::Xml) => {
            return Ok(Value::Text(text.clone()));
        }
        (Value::Binary(bytes), 0) => from_bytes(bytes, to),
        (Value::RowVersion(version), 0) => from_bytes(&version.to_be_bytes(), to),
        _ => format(value, from, style)
            .ok_or_else(|| SqlError::new(281, 16, format!("{style} is not a valid style number when converting from {} to a character string.", from.name())))?,
    };
    if !from.is_text() && !from.is_binary() && text_units(&whole, to) > limit(to) {
        return Err(SqlError::overflow(to.name()));
    }
    Ok(Value::text(fit(whole, to)))
}

fn from_bytes(bytes: &[u8], to: &SqlType) -> String {
    if to.is_wide() {
        let units: Vec<u16> = bytes
            .chunks(2)
            .map(|pair| u16::from_le_bytes([pair[0], *pair.get(1).unwrap_or(&0)]))
            .collect();
        return String::from_utf16_lossy(&units);
    }
    Collation::default().decode(bytes)
}

fn limit(to: &SqlType) -> usize {
    match to {
        SqlType::Char(n) | SqlType::VarChar(n) | SqlType::NChar(n) | SqlType::NVarChar(n)
            if *n != MAX =>
        {
            usize::from(*n)
        }
        _ => usize::MAX,
    }
}

fn text_units(text: &str, to: &SqlType) -> usize {
    if text.is_ascii() {
        text.len()
    } else if to.is_wide() {
        text.encode_utf16().count()
    } else {
        // Two bytes for everything beyond ASCII, as code page 936 writes it.
        text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
    }
}

/// Cuts text to the type, and pads the fixed ones.
fn fit(mut text: String, to: &SqlType) -> String {
    let limit = limit(to);
    while text_units(&text, to) > limit {
        text.pop();
    }
    if matches!(to, SqlType::Char(_) | SqlType::NChar(_)) {
        let missing = limit.saturating_sub(text_units(&text, to));
        text.extend(std::iter::repeat_n(' ', missing));
    }
    text
}

/// The bytes of a value as `cast(… as varbinary)` shows them.
fn to_bytes(value: &Value, from: &SqlType, style: i64) -> Option<Vec<u8>> {
    Some(match value {
        Value::Binary(bytes) => bytes.to_vec(),
        Value::RowVersion(version) => version.to_be_bytes().to_vec(),
        Value::Bit(bit) => vec![u8::from(*bit)],
        Value::Int(int) => {
            let width = usize::try_from(from.max_length()).unwrap_or(8).clamp(1, 8);
            int.to_be_bytes()[8 - width..].to_vec()
        }
        Value::Uuid(uuid) => super::uuid_from_wire(*uuid).to_vec(),
        Value::Text(text) => match style {
            1 => parse_hex(text.strip_prefix("0x")?)?,
            2 => parse_hex(text)?,
            _ if from.is_wide() => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            _ => {
                let mut bytes = Vec::new();
                Collation::default().encode(text, &mut bytes);
                bytes
            }
        },
        Value::Utf16(units) => units.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
        _ => return None,
    })
}

/// Bytes of hexadecimal digits, both cases; none: an odd count or another character.
pub(crate) fn parse_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}
