//! Values in rows and parameters (MS-TDS 2.2.5.5), written straight into the packet buffer.

use super::read::{Malformed, Reader, utf16};
use super::type_info::WireType;
use crate::values::{
    Collation, DAY, DAYS_TO_1900, Decimal, MAX, SqlType, Value, cast, datetime_units,
    decimal_bytes, power, time_bytes, uuid_from_wire,
};

/// Whether the type is written without a length, as columns that are never null are.
pub(crate) const fn is_fixed(ty: &SqlType, nullable: bool) -> bool {
    !nullable
        && matches!(
            ty,
            SqlType::Bit
                | SqlType::TinyInt
                | SqlType::SmallInt
                | SqlType::Int
                | SqlType::BigInt
                | SqlType::Real
                | SqlType::Float
                | SqlType::Money
                | SqlType::SmallMoney
                | SqlType::DateTime
                | SqlType::SmallDateTime
        )
}

/// Writes a value of a column of `ty`.
pub(crate) fn write_value(
    value: &Value,
    ty: &SqlType,
    nullable: bool,
    collation: Collation,
    out: &mut Vec<u8>,
) {
    if value.is_null() {
        return write_null(ty, nullable, out);
    }
    let fixed = is_fixed(ty, nullable);
    match (ty, value) {
        (SqlType::Int, Value::Int(int)) => {
            if !fixed {
                out.push(4);
            }
            out.extend_from_slice(&(*int as i32).to_le_bytes());
        }
        (SqlType::BigInt, Value::Int(int)) => {
            if !fixed {
                out.push(8);
            }
            out.extend_from_slice(&int.to_le_bytes());
        }
        (SqlType::NVarChar(n), Value::Text(text)) if *n != MAX => {
            let start = out.len();
            out.extend_from_slice(&[0, 0]);
            out.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
            let length = u16::try_from(out.len() - start - 2).unwrap_or(u16::MAX - 1);
            out[start..start + 2].copy_from_slice(&length.to_le_bytes());
        }
        (SqlType::Text | SqlType::NText | SqlType::Image, _) => {
            // A text pointer and a time stamp, which clients skip.
            out.push(16);
            out.extend_from_slice(b"sandbox pointer.");
            out.extend_from_slice(b"sandbox.");
            let mut bytes = Vec::new();
            variable(value, ty, collation, &mut bytes);
            out.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
            out.extend_from_slice(&bytes);
        }
        (SqlType::SqlVariant, Value::Variant(inner)) => variant(&inner.1, &inner.0, collation, out),
        _ if chunked(ty) => {
            let mut bytes = Vec::new();
            variable(value, ty, collation, &mut bytes);
            out.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
            if !bytes.is_empty() {
                out.extend_from_slice(
                    &u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes(),
                );
                out.extend_from_slice(&bytes);
            }
            out.extend_from_slice(&0u32.to_le_bytes());
        }
        _ if ty.is_text() || ty.is_binary() => {
            let start = out.len();
            out.extend_from_slice(&[0, 0]);
            variable(value, ty, collation, out);
            let length = u16::try_from(out.len() - start - 2).unwrap_or(u16::MAX - 1);
            out[start..start + 2].copy_from_slice(&length.to_le_bytes());
        }
        _ => {
            let start = out.len();
            if !fixed {
                out.push(0);
            }
            scalar(value, ty, out);
            if !fixed {
                out[start] = u8::try_from(out.len() - start - 1).unwrap_or(0);
            }
        }
    }
}

const fn chunked(ty: &SqlType) -> bool {
    matches!(
        ty,
        SqlType::VarChar(MAX) | SqlType::NVarChar(MAX) | SqlType::VarBinary(MAX) | SqlType::Xml
    ) || ty.is_clr()
}

fn write_null(ty: &SqlType, nullable: bool, out: &mut Vec<u8>) {
    if is_fixed(ty, nullable) {
        // Cannot be: the binder calls a column nullable that can be null. Zeros keep the stream readable.
        out.extend(std::iter::repeat_n(0, usize::try_from(ty.max_length()).unwrap_or(0)));
    } else if chunked(ty) {
        out.extend_from_slice(&u64::MAX.to_le_bytes());
    } else if matches!(ty, SqlType::Text | SqlType::NText | SqlType::Image) {
        out.push(0);
    } else if *ty == SqlType::SqlVariant {
        out.extend_from_slice(&0u32.to_le_bytes());
    } else if ty.is_text() || ty.is_binary() {
        out.extend_from_slice(&u16::MAX.to_le_bytes());
    } else {
        out.push(0);
    }
}

/// The bytes of a text or binary value, without their length.
fn variable(value: &Value, ty: &SqlType, collation: Collation, out: &mut Vec<u8>) {
    match value {
        Value::Text(text) if ty.is_wide() => {
            out.extend(text.encode_utf16().flat_map(u16::to_le_bytes))
        }
        Value::Text(text) => collation.encode(text, out),
        Value::Utf16(units) => out.extend(units.iter().flat_map(|unit| unit.to_le_bytes())),
        Value::Binary(bytes) => out.extend_from_slice(bytes),
        Value::RowVersion(version) => out.extend_from_slice(&version.to_be_bytes()),
        _ => {}
    }
}

/// The bytes of every other value, without their length.
fn scalar(value: &Value, ty: &SqlType, out: &mut Vec<u8>) {
    match (ty, value) {
        (_, Value::Bit(bit)) => out.push(u8::from(*bit)),
        (SqlType::TinyInt, Value::Int(int)) => out.push(*int as u8),
        (SqlType::SmallInt, Value::Int(int)) => out.extend_from_slice(&(*int as i16).to_le_bytes()),
        (SqlType::Int, Value::Int(int)) => out.extend_from_slice(&(*int as i32).to_le_bytes()),
        (_, Value::Int(int)) => out.extend_from_slice(&int.to_le_bytes()),
        (SqlType::Money, Value::Decimal(d)) => {
            // The high half comes first.
            let units = d.rescale(4).unwrap_or(*d).units() as i64;
            out.extend_from_slice(&((units >> 32) as i32).to_le_bytes());
            out.extend_from_slice(&(units as u32).to_le_bytes());
        }
        (SqlType::SmallMoney, Value::Decimal(d)) => {
            out.extend_from_slice(&(d.rescale(4).unwrap_or(*d).units() as i32).to_le_bytes());
        }
        (_, Value::Decimal(d)) => {
            let precision = ty.precision().max(1);
            let units = d.rescale(ty.scale()).unwrap_or(*d).units();
            out.push(u8::from(units >= 0));
            out.extend_from_slice(
                &units.unsigned_abs().to_le_bytes()[..usize::from(decimal_bytes(precision)) - 1],
            );
        }
        (SqlType::Real, Value::Float(float)) => {
            out.extend_from_slice(&(*float as f32).to_le_bytes())
        }
        (_, Value::Float(float)) => out.extend_from_slice(&float.to_le_bytes()),
        (_, Value::Date(days)) => out.extend_from_slice(&days.to_le_bytes()[..3]),
        (_, Value::Time(ticks)) => time(*ticks, ty.scale(), out),
        (SqlType::DateTime, Value::DateTime(ticks)) => {
            let (mut days, mut units) =
                (ticks.div_euclid(DAY) as i32, datetime_units(ticks.rem_euclid(DAY)));
            if units == 300 * 86_400 {
                (days, units) = (days + 1, 0);
            }
            out.extend_from_slice(&(days - DAYS_TO_1900).to_le_bytes());
            out.extend_from_slice(&(units as u32).to_le_bytes());
        }
        (SqlType::SmallDateTime, Value::DateTime(ticks)) => {
            let days = ticks.div_euclid(DAY) as i32 - DAYS_TO_1900;
            out.extend_from_slice(&(days as u16).to_le_bytes());
            out.extend_from_slice(&((ticks.rem_euclid(DAY) / 600_000_000) as u16).to_le_bytes());
        }
        (_, Value::DateTime(ticks)) => {
            time(ticks.rem_euclid(DAY), ty.scale(), out);
            out.extend_from_slice(&(ticks.div_euclid(DAY) as i32).to_le_bytes()[..3]);
        }
        (_, Value::DateTimeOffset(ticks, offset)) => {
            time(ticks.rem_euclid(DAY), ty.scale(), out);
            out.extend_from_slice(&(ticks.div_euclid(DAY) as i32).to_le_bytes()[..3]);
            out.extend_from_slice(&offset.to_le_bytes());
        }
        (_, Value::Uuid(uuid)) => out.extend_from_slice(&uuid_from_wire(*uuid)),
        _ => {}
    }
}

fn time(ticks: i64, scale: u8, out: &mut Vec<u8>) {
    let units = ticks / 10i64.pow(7 - u32::from(scale.min(7)));
    out.extend_from_slice(&units.to_le_bytes()[..usize::from(time_bytes(scale))]);
}

/// A `sql_variant`: length, base type, its properties, value (MS-TDS 2.2.5.5.3).
fn variant(value: &Value, ty: &SqlType, collation: Collation, out: &mut Vec<u8>) {
    let (token, properties): (u8, Vec<u8>) = match ty {
        SqlType::Bit => (0x32, vec![]),
        SqlType::TinyInt => (0x30, vec![]),
        SqlType::SmallInt => (0x34, vec![]),
        SqlType::Int => (0x38, vec![]),
        SqlType::BigInt => (0x7F, vec![]),
        SqlType::Real => (0x3B, vec![]),
        SqlType::Float => (0x3E, vec![]),
        SqlType::Money => (0x3C, vec![]),
        SqlType::SmallMoney => (0x7A, vec![]),
        SqlType::DateTime => (0x3D, vec![]),
        SqlType::SmallDateTime => (0x3A, vec![]),
        SqlType::UniqueIdentifier => (0x24, vec![]),
        SqlType::Date => (0x28, vec![]),
        SqlType::Time(s) => (0x29, vec![*s]),
        SqlType::DateTime2(s) => (0x2A, vec![*s]),
        SqlType::DateTimeOffset(s) => (0x2B, vec![*s]),
        SqlType::Decimal(p, s) => (0x6A, vec![*p, *s]),
        _ if ty.is_binary() => (0xA5, 8000u16.to_le_bytes().to_vec()),
        _ => {
            let token = if ty.is_wide() { 0xE7 } else { 0xA7 };
            (token, [&collation.bytes()[..], &8000u16.to_le_bytes()].concat())
        }
    };
    let mut bytes = Vec::new();
    if ty.is_text() || ty.is_binary() {
        variable(value, ty, collation, &mut bytes)
    } else {
        scalar(value, ty, &mut bytes)
    }
    let length = 2 + properties.len() + bytes.len();
    out.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
    out.extend([token, u8::try_from(properties.len()).unwrap_or(0)]);
    out.extend(properties);
    out.extend(bytes);
}

/// Reads a parameter's value.
pub(super) fn read_value(reader: &mut Reader<'_>, wire: &WireType) -> Result<Value, Malformed> {
    let fixed = matches!(wire.token, 0x30 | 0x32 | 0x34 | 0x38 | 0x3A..=0x3E | 0x7A | 0x7F);
    let bytes: Vec<u8> = match wire.token {
        0x1F => return Ok(Value::Null),
        _ if fixed => reader.bytes(wire.length)?.to_vec(),
        0xA7 | 0xAF | 0xE7 | 0xEF | 0xA5 | 0xAD if wire.length != usize::from(MAX) => {
            match reader.u16()? {
                MAX => return Ok(Value::Null),
                length => reader.bytes(usize::from(length))?.to_vec(),
            }
        }
        0xA7 | 0xAF | 0xE7 | 0xEF | 0xA5 | 0xAD | 0xF1 => match chunks(reader)? {
            Some(bytes) => bytes,
            None => return Ok(Value::Null),
        },
        0x23 | 0x63 | 0x22 => match reader.u32()? {
            u32::MAX => return Ok(Value::Null),
            length => reader.bytes(usize::try_from(length).map_err(|_| Malformed)?)?.to_vec(),
        },
        _ => match reader.u8()? {
            0 => return Ok(Value::Null),
            length => reader.bytes(usize::from(length))?.to_vec(),
        },
    };
    decode(&bytes, &wire.ty)
}

fn chunks(reader: &mut Reader<'_>) -> Result<Option<Vec<u8>>, Malformed> {
    if reader.u64()? == u64::MAX {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    loop {
        // An empty value may lack the closing zero at the end of a message.
        let length = if reader.0.is_empty() { 0 } else { reader.u32()? };
        if length == 0 {
            return Ok(Some(bytes));
        }
        bytes.extend_from_slice(reader.bytes(usize::try_from(length).map_err(|_| Malformed)?)?);
    }
}

fn decode(bytes: &[u8], ty: &SqlType) -> Result<Value, Malformed> {
    let mut reader = Reader(bytes);
    let ticks = |units: u64, scale: u8| units as i64 * power(7 - scale.min(7)).unwrap_or(1) as i64;
    Ok(match ty {
        SqlType::Bit => Value::Bit(reader.u8()? != 0),
        SqlType::TinyInt => Value::Int(i64::from(reader.u8()?)),
        SqlType::SmallInt => Value::Int(i64::from(reader.u16()?.cast_signed())),
        SqlType::Int => Value::Int(i64::from(reader.u32()?.cast_signed())),
        SqlType::BigInt => Value::Int(reader.u64()?.cast_signed()),
        SqlType::Decimal(_, scale) => {
            let positive = reader.u8()? != 0;
            let units =
                reader.0.iter().rev().fold(0i128, |sum, byte| (sum << 8) | i128::from(*byte));
            Value::Decimal(Decimal::new(if positive { units } else { -units }, *scale))
        }
        SqlType::Money => {
            let (high, low) = (i128::from(reader.u32()?.cast_signed()), i128::from(reader.u32()?));
            Value::Decimal(Decimal::new((high << 32) | low, 4))
        }
        SqlType::SmallMoney => {
            Value::Decimal(Decimal::new(i128::from(reader.u32()?.cast_signed()), 4))
        }
        SqlType::Real => Value::Float(f64::from(f32::from_bits(reader.u32()?))),
        SqlType::Float => Value::Float(f64::from_bits(reader.u64()?)),
        SqlType::Date => Value::Date(reader.uint(3)? as i32),
        SqlType::Time(scale) => Value::Time(ticks(reader.uint(bytes.len())?, *scale)),
        SqlType::DateTime2(scale) => {
            let of_day = ticks(reader.uint(bytes.len().checked_sub(3).ok_or(Malformed)?)?, *scale);
            Value::DateTime(reader.uint(3)? as i64 * DAY + of_day)
        }
        SqlType::DateTimeOffset(scale) => {
            let of_day = ticks(reader.uint(bytes.len().checked_sub(5).ok_or(Malformed)?)?, *scale);
            let utc = reader.uint(3)? as i64 * DAY + of_day;
            Value::DateTimeOffset(utc, reader.u16()?.cast_signed())
        }
        SqlType::DateTime => {
            let (days, units) = (i64::from(reader.u32()?.cast_signed()), i64::from(reader.u32()?));
            let raw = Value::DateTime((days + i64::from(DAYS_TO_1900)) * DAY + units * 100_000 / 3);
            cast(&raw, &SqlType::DateTime2(7), ty).map_err(|_| Malformed)?
        }
        SqlType::SmallDateTime => {
            let (days, minutes) = (i64::from(reader.u16()?), i64::from(reader.u16()?));
            Value::DateTime((days + i64::from(DAYS_TO_1900)) * DAY + minutes * 600_000_000)
        }
        SqlType::UniqueIdentifier => Value::Uuid(uuid_from_wire(reader.array()?)),
        _ if ty.is_wide() => Value::text(utf16(bytes)),
        _ if ty.is_text() => Value::text(Collation::default().decode(bytes)),
        _ => Value::binary(bytes),
    })
}
