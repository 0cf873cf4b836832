//! One value from the wire as the declared type.

use std::borrow::Cow;

use chrono::{NaiveDateTime, NaiveTime, TimeDelta};
use chrono_tz::Tz;
use tiberius::ColumnData;
use tiberius::numeric::Numeric;
use yuanliu_sql_kit::decimal::{self, Surplus};
use yuanliu_sql_kit::{Cell, CellFault, ColumnType, text, zone};

use super::time;

/// The most digits of a decimal.
const PRECISION_MAX: u8 = 38;

/// Types a value.
pub(super) fn read<'a>(
    kind: ColumnType,
    cell: &'a ColumnData<'_>,
    zone: Tz,
) -> Result<Cell<'a>, CellFault> {
    use ColumnType::{
        Binary, Boolean, Instant, Integer, Json, Rowversion, Text, Time, Unsigned, Uuid,
    };
    let wrong = || unfit(kind, cell);
    match (kind, cell) {
        (Text | Json, ColumnData::String(Some(text))) => Ok(Cell::Text(Cow::Borrowed(text))),
        (_, ColumnData::String(Some(given))) => match given.trim() {
            "" => Ok(Cell::Null),
            _ => text::cell(kind, zone, given),
        },
        (Text | Json, cell) => Ok(written(cell).map_or(Cell::Null, Cell::Text)),
        (Boolean, ColumnData::Bit(Some(bit))) => Ok(Cell::Bool(*bit)),
        (_, ColumnData::Bit(Some(bit))) => whole(kind, i128::from(*bit)).ok_or_else(wrong),
        (_, ColumnData::U8(Some(n))) => whole(kind, i128::from(*n)).ok_or_else(wrong),
        (_, ColumnData::I16(Some(n))) => whole(kind, i128::from(*n)).ok_or_else(wrong),
        (_, ColumnData::I32(Some(n))) => whole(kind, i128::from(*n)).ok_or_else(wrong),
        (_, ColumnData::I64(Some(n))) => whole(kind, i128::from(*n)).ok_or_else(wrong),
        (_, ColumnData::Numeric(Some(number))) => numeric(kind, *number),
        (_, ColumnData::F64(Some(number))) => float(kind, &number.to_string()),
        (_, ColumnData::F32(Some(number))) => float(kind, &number.to_string()),
        (Uuid, ColumnData::Guid(Some(uuid))) => Ok(Cell::Text(uuid.to_string().into())),
        (Rowversion | Unsigned | Integer, ColumnData::Binary(Some(bytes))) => {
            let bytes = <[u8; 8]>::try_from(bytes.as_ref()).map_err(|_| wrong())?;
            whole(kind, i128::from(u64::from_be_bytes(bytes))).ok_or_else(wrong)
        }
        (Binary, ColumnData::Binary(Some(bytes))) => Ok(Cell::Bytes(Cow::Borrowed(bytes))),
        (Time, ColumnData::Time(Some(value))) => {
            time::nanoseconds(*value).map(Cell::Time).ok_or_else(wrong)
        }
        (Instant, ColumnData::DateTimeOffset(Some(value))) => {
            let utc = time::datetime2(value.datetime2()).ok_or_else(wrong)?;
            Ok(Cell::Micros(utc.and_utc().timestamp_micros()))
        }
        _ if is_null(cell) => Ok(Cell::Null),
        _ => wall(cell).and_then(|wall| of_wall(kind, wall, zone)).ok_or_else(wrong),
    }
}

/// The text that is kept of a value with a reject, and that reads again as `kind`.
pub(super) fn kept<'a>(kind: ColumnType, cell: &'a ColumnData<'_>) -> Option<Cow<'a, str>> {
    match (kind, cell) {
        // A number in bytes, a float as rounded as it is read.
        (ColumnType::Rowversion, ColumnData::Binary(_))
        | (ColumnType::Decimal(..), ColumnData::F64(_) | ColumnData::F32(_)) => {
            match (kind, read(kind, cell, Tz::UTC)) {
                (_, Ok(Cell::Unsigned(number))) => Some(number.to_string().into()),
                (ColumnType::Decimal(_, scale), Ok(Cell::Decimal(value))) => {
                    Some(decimal::render(value, scale).into())
                }
                _ => written(cell),
            }
        }
        // No text and no bytes are values; elsewhere a blank is null.
        (ColumnType::Text | ColumnType::Json | ColumnType::Binary, _) => written(cell),
        _ => written(cell).filter(|text| !text.trim().is_empty()),
    }
}

/// The text of a value; none is null.
pub(super) fn written<'a>(cell: &'a ColumnData<'_>) -> Option<Cow<'a, str>> {
    Some(match cell {
        ColumnData::String(text) => Cow::Borrowed(text.as_deref()?),
        ColumnData::Xml(xml) => Cow::Borrowed(xml.as_deref()?.as_ref()),
        ColumnData::U8(n) => (*n)?.to_string().into(),
        ColumnData::I16(n) => (*n)?.to_string().into(),
        ColumnData::I32(n) => (*n)?.to_string().into(),
        ColumnData::I64(n) => (*n)?.to_string().into(),
        ColumnData::F32(n) => (*n)?.to_string().into(),
        ColumnData::F64(n) => (*n)?.to_string().into(),
        ColumnData::Bit(bit) => u8::from((*bit)?).to_string().into(),
        ColumnData::Guid(uuid) => (*uuid)?.to_string().into(),
        ColumnData::Binary(bytes) => {
            let bytes = bytes.as_deref()?;
            bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()
        }
        ColumnData::Numeric(number) => {
            let number = (*number)?;
            decimal::render(number.value(), i8::try_from(number.scale()).ok()?).into()
        }
        ColumnData::Date(date) => time::date((*date)?)?.to_string().into(),
        ColumnData::Time(value) => {
            let nanoseconds = TimeDelta::nanoseconds(time::nanoseconds((*value)?)?);
            let (time, _) = NaiveTime::MIN.overflowing_add_signed(nanoseconds);
            time.format("%H:%M:%S%.f").to_string().into()
        }
        ColumnData::DateTimeOffset(value) => {
            let value = (*value)?;
            let offset = chrono::FixedOffset::east_opt(i32::from(value.offset()) * 60)?;
            let utc = time::datetime2(value.datetime2())?;
            let local = utc.checked_add_offset(offset)?;
            format!("{}{offset}", local.format("%Y-%m-%dT%H:%M:%S%.f")).into()
        }
        other => wall(other)?.format("%Y-%m-%dT%H:%M:%S%.f").to_string().into(),
    })
}

/// A time without an offset, as the server shows it.
fn wall(cell: &ColumnData<'_>) -> Option<NaiveDateTime> {
    match cell {
        ColumnData::DateTime(value) => time::datetime((*value)?),
        ColumnData::SmallDateTime(value) => time::smalldatetime((*value)?),
        ColumnData::DateTime2(value) => time::datetime2((*value)?),
        ColumnData::Date(value) => Some(time::date((*value)?)?.into()),
        _ => None,
    }
}

/// A time without an offset as a day, as an instant of the zone, or as one of UTC.
fn of_wall<'a>(kind: ColumnType, wall: NaiveDateTime, zone: Tz) -> Option<Cell<'a>> {
    match kind {
        ColumnType::Date => {
            (wall.time() == NaiveTime::MIN).then(|| Cell::Date(text::days(wall.date())))
        }
        ColumnType::Datetime => Some(Cell::Micros(zone::to_utc(wall, zone).timestamp_micros())),
        ColumnType::Instant => Some(Cell::Micros(wall.and_utc().timestamp_micros())),
        _ => None,
    }
}

/// A whole number as the declared type.
fn whole<'a>(kind: ColumnType, number: i128) -> Option<Cell<'a>> {
    Some(match kind {
        ColumnType::Integer => Cell::Int(number.try_into().ok()?),
        ColumnType::Unsigned | ColumnType::Rowversion => Cell::Unsigned(number.try_into().ok()?),
        ColumnType::Decimal(precision, scale) => {
            let grain = 10i128.checked_pow(u32::try_from(scale).ok()?)?;
            let value = number.checked_mul(grain)?;
            fits(value, precision).then_some(Cell::Decimal(value))?
        }
        ColumnType::Boolean if number == 0 || number == 1 => Cell::Bool(number == 1),
        _ => return None,
    })
}

/// A decimal. Nearly always it is declared as it is; else its text decides.
fn numeric<'a>(kind: ColumnType, number: Numeric) -> Result<Cell<'a>, CellFault> {
    let from = i8::try_from(number.scale()).unwrap_or(i8::MAX);
    match kind {
        ColumnType::Decimal(precision, scale)
            if scale == from && fits(number.value(), precision) =>
        {
            Ok(Cell::Decimal(number.value()))
        }
        ColumnType::Decimal(precision, scale) => {
            let text = decimal::render(number.value(), from);
            decimal::parse(&text, precision, scale, Surplus::Reject).map(Cell::Decimal)
        }
        _ => {
            let text = decimal::render(number.value(), from);
            let value = decimal::parse(&text, PRECISION_MAX, 0, Surplus::Reject)?;
            whole(kind, value).ok_or_else(|| {
                CellFault::new("bad_integer", format!("`{text}` does not fit {kind}"))
            })
        }
    }
}

/// A binary float, by its shortest text that reads back as the same float.
fn float<'a>(kind: ColumnType, text: &str) -> Result<Cell<'a>, CellFault> {
    match kind {
        ColumnType::Decimal(precision, scale) => {
            decimal::parse(text, precision, scale, Surplus::Round).map(Cell::Decimal)
        }
        _ => {
            let value = decimal::parse(text, PRECISION_MAX, 0, Surplus::Reject)?;
            whole(kind, value).ok_or_else(|| {
                CellFault::new("bad_integer", format!("`{text}` does not fit {kind}"))
            })
        }
    }
}

fn fits(value: i128, precision: u8) -> bool {
    let limit = 10u128.checked_pow(u32::from(precision));
    limit.is_none_or(|limit| value.unsigned_abs() < limit)
}

fn unfit(kind: ColumnType, cell: &ColumnData<'_>) -> CellFault {
    let reason = match kind {
        ColumnType::Integer => "bad_integer",
        ColumnType::Unsigned | ColumnType::Rowversion => "bad_unsigned",
        ColumnType::Decimal(..) => "bad_decimal",
        ColumnType::Boolean => "bad_boolean",
        ColumnType::Date => "bad_date",
        ColumnType::Time => "bad_time",
        ColumnType::Datetime => "bad_datetime",
        ColumnType::Instant => "bad_instant",
        ColumnType::Binary => "bad_binary",
        ColumnType::Uuid => "bad_uuid",
        ColumnType::Text | ColumnType::Json => "bad_text",
    };
    let shown = written(cell).unwrap_or(Cow::Borrowed("what the server sent"));
    CellFault::new(reason, format!("`{shown}` cannot be read as {kind}"))
}

fn is_null(cell: &ColumnData<'_>) -> bool {
    matches!(
        cell,
        ColumnData::U8(None)
            | ColumnData::I16(None)
            | ColumnData::I32(None)
            | ColumnData::I64(None)
            | ColumnData::F32(None)
            | ColumnData::F64(None)
            | ColumnData::Bit(None)
            | ColumnData::String(None)
            | ColumnData::Guid(None)
            | ColumnData::Binary(None)
            | ColumnData::Numeric(None)
            | ColumnData::Xml(None)
            | ColumnData::DateTime(None)
            | ColumnData::SmallDateTime(None)
            | ColumnData::Time(None)
            | ColumnData::Date(None)
            | ColumnData::DateTime2(None)
            | ColumnData::DateTimeOffset(None)
    )
}
