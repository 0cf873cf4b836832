//! One value on its way into a column, and the column being built.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryBuilder, BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder,
    StringBuilder, Time64NanosecondBuilder, TimestampMicrosecondBuilder, UInt64Builder,
};
use arrow::error::ArrowError;

use crate::column_type::ColumnType;

/// A typed value. A decimal is unscaled, in the scale its column declares.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// No value.
    Null,
    /// For `integer`.
    Int(i64),
    /// For `unsigned` and `rowversion`.
    Unsigned(u64),
    /// For `decimal`.
    Decimal(i128),
    /// For `text`, `uuid` and `json`.
    Text(Cow<'a, str>),
    /// For `boolean`.
    Bool(bool),
    /// Days since 1970-01-01.
    Date(i32),
    /// Nanoseconds since midnight.
    Time(i64),
    /// Microseconds since 1970-01-01 UTC, for `datetime` and `instant`.
    Micros(i64),
    /// For `binary`.
    Bytes(Cow<'a, [u8]>),
}

/// Why a value cannot be typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFault {
    /// Stable reason code, snake case.
    pub reason: &'static str,
    /// What is wrong and what would be right; the column's name is added by the row.
    pub message: String,
}

impl CellFault {
    /// A fault with a reason code.
    pub fn new(reason: &'static str, message: impl Into<String>) -> Self {
        Self { reason, message: message.into() }
    }
}

/// Text reserved per row: most codes and names are shorter.
const TEXT_BYTES_TYPICAL: usize = 16;

/// A column being built.
#[derive(Debug)]
pub enum ColumnBuilder {
    /// Signed numbers.
    Int(Int64Builder),
    /// Unsigned numbers.
    Unsigned(UInt64Builder),
    /// Decimals.
    Decimal(Decimal128Builder),
    /// Texts.
    Text(StringBuilder),
    /// Yes and no.
    Bool(BooleanBuilder),
    /// Days.
    Date(Date32Builder),
    /// Times of day.
    Time(Time64NanosecondBuilder),
    /// Instants.
    Micros(TimestampMicrosecondBuilder),
    /// Bytes.
    Bytes(BinaryBuilder),
}

impl ColumnBuilder {
    /// An empty column with room for `rows`.
    pub fn new(kind: ColumnType, rows: usize) -> Result<Self, ArrowError> {
        Ok(match kind {
            ColumnType::Integer => Self::Int(Int64Builder::with_capacity(rows)),
            ColumnType::Unsigned | ColumnType::Rowversion => {
                Self::Unsigned(UInt64Builder::with_capacity(rows))
            }
            ColumnType::Decimal(precision, scale) => Self::Decimal(
                Decimal128Builder::with_capacity(rows)
                    .with_precision_and_scale(precision, scale)?,
            ),
            ColumnType::Text | ColumnType::Uuid | ColumnType::Json => {
                Self::Text(StringBuilder::with_capacity(rows, rows * TEXT_BYTES_TYPICAL))
            }
            ColumnType::Boolean => Self::Bool(BooleanBuilder::with_capacity(rows)),
            ColumnType::Date => Self::Date(Date32Builder::with_capacity(rows)),
            ColumnType::Time => Self::Time(Time64NanosecondBuilder::with_capacity(rows)),
            ColumnType::Datetime | ColumnType::Instant => {
                Self::Micros(TimestampMicrosecondBuilder::with_capacity(rows).with_timezone("UTC"))
            }
            ColumnType::Binary => {
                Self::Bytes(BinaryBuilder::with_capacity(rows, rows * TEXT_BYTES_TYPICAL))
            }
        })
    }

    /// Appends a value; one of another type cannot occur and becomes null.
    #[inline]
    pub fn push(&mut self, cell: &Cell<'_>) {
        match (self, cell) {
            (Self::Int(column), Cell::Int(value)) => column.append_value(*value),
            (Self::Unsigned(column), Cell::Unsigned(value)) => column.append_value(*value),
            (Self::Decimal(column), Cell::Decimal(value)) => column.append_value(*value),
            (Self::Text(column), Cell::Text(value)) => column.append_value(value),
            (Self::Bool(column), Cell::Bool(value)) => column.append_value(*value),
            (Self::Date(column), Cell::Date(value)) => column.append_value(*value),
            (Self::Time(column), Cell::Time(value)) => column.append_value(*value),
            (Self::Micros(column), Cell::Micros(value)) => column.append_value(*value),
            (Self::Bytes(column), Cell::Bytes(value)) => column.append_value(value),
            (column, _) => column.push_null(),
        }
    }

    /// Appends null.
    pub fn push_null(&mut self) {
        match self {
            Self::Int(column) => column.append_null(),
            Self::Unsigned(column) => column.append_null(),
            Self::Decimal(column) => column.append_null(),
            Self::Text(column) => column.append_null(),
            Self::Bool(column) => column.append_null(),
            Self::Date(column) => column.append_null(),
            Self::Time(column) => column.append_null(),
            Self::Micros(column) => column.append_null(),
            Self::Bytes(column) => column.append_null(),
        }
    }

    /// The finished column.
    pub fn finish(self) -> ArrayRef {
        match self {
            Self::Int(mut column) => Arc::new(column.finish()),
            Self::Unsigned(mut column) => Arc::new(column.finish()),
            Self::Decimal(mut column) => Arc::new(column.finish()),
            Self::Text(mut column) => Arc::new(column.finish()),
            Self::Bool(mut column) => Arc::new(column.finish()),
            Self::Date(mut column) => Arc::new(column.finish()),
            Self::Time(mut column) => Arc::new(column.finish()),
            Self::Micros(mut column) => Arc::new(column.finish()),
            Self::Bytes(mut column) => Arc::new(column.finish()),
        }
    }
}
