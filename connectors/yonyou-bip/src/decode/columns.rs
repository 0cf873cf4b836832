//! One Arrow builder per column.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, StringBuilder,
    TimestampMicrosecondBuilder,
};
use arrow::error::ArrowError;

use super::value::Value;
use crate::catalog::{DECIMAL_PRECISION, DECIMAL_SCALE, FieldType};

/// Text reserved per row: most codes and names are shorter.
const TEXT_BYTES_TYPICAL: usize = 16;

/// A column being built.
pub(super) enum Column {
    Int(Int64Builder),
    Text(StringBuilder),
    Decimal(Decimal128Builder),
    Date(Date32Builder),
    Micros(TimestampMicrosecondBuilder),
    Bool(BooleanBuilder),
}

impl Column {
    pub(super) fn new(kind: FieldType, rows: usize) -> Result<Self, ArrowError> {
        Ok(match kind {
            FieldType::Id => Self::Int(Int64Builder::with_capacity(rows)),
            FieldType::Text | FieldType::Name | FieldType::Json => {
                Self::Text(StringBuilder::with_capacity(rows, rows * TEXT_BYTES_TYPICAL))
            }
            FieldType::Decimal => Self::Decimal(
                Decimal128Builder::with_capacity(rows)
                    .with_precision_and_scale(DECIMAL_PRECISION, DECIMAL_SCALE)?,
            ),
            FieldType::Date => Self::Date(Date32Builder::with_capacity(rows)),
            FieldType::Datetime => {
                Self::Micros(TimestampMicrosecondBuilder::with_capacity(rows).with_timezone("UTC"))
            }
            FieldType::Boolean => Self::Bool(BooleanBuilder::with_capacity(rows)),
        })
    }

    /// Appends a value; one of another type cannot occur and would be null.
    pub(super) fn push(&mut self, value: &Value<'_>) {
        match (self, value) {
            (Self::Int(column), Value::Int(value)) => column.append_value(*value),
            (Self::Text(column), Value::Text(value)) => column.append_value(value),
            (Self::Decimal(column), Value::Decimal(value)) => column.append_value(*value),
            (Self::Date(column), Value::Date(value)) => column.append_value(*value),
            (Self::Micros(column), Value::Micros(value)) => column.append_value(*value),
            (Self::Bool(column), Value::Bool(value)) => column.append_value(*value),
            (Self::Int(column), _) => column.append_null(),
            (Self::Text(column), _) => column.append_null(),
            (Self::Decimal(column), _) => column.append_null(),
            (Self::Date(column), _) => column.append_null(),
            (Self::Micros(column), _) => column.append_null(),
            (Self::Bool(column), _) => column.append_null(),
        }
    }

    pub(super) fn finish(self) -> ArrayRef {
        match self {
            Self::Int(mut column) => Arc::new(column.finish()),
            Self::Text(mut column) => Arc::new(column.finish()),
            Self::Decimal(mut column) => Arc::new(column.finish()),
            Self::Date(mut column) => Arc::new(column.finish()),
            Self::Micros(mut column) => Arc::new(column.finish()),
            Self::Bool(mut column) => Arc::new(column.finish()),
        }
    }
}
