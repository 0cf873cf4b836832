//! A value of a column.

use std::sync::Arc;

use super::{Decimal, SqlType};

/// Ticks of 100 ns in a day.
pub(crate) const DAY: i64 = 864_000_000_000;

/// A value as the server keeps it; the column's [`SqlType`] says how it is written.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// `bit`
    Bit(bool),
    /// `tinyint` to `bigint`
    Int(i64),
    /// `decimal`, `money`, `smallmoney`
    Decimal(Decimal),
    /// `real`, `float`
    Float(f64),
    /// Days since 0001-01-01.
    Date(i32),
    /// Ticks of 100 ns since midnight.
    Time(i64),
    /// Ticks of 100 ns since 0001-01-01, without a zone: `datetime`, `smalldatetime`, `datetime2`.
    DateTime(i64),
    /// Ticks of 100 ns since 0001-01-01 in UTC, and the offset in minutes.
    DateTimeOffset(i64, i16),
    /// Text of every kind.
    Text(Arc<str>),
    /// Text with unpaired surrogates, which only `nchar`, `nvarchar` and `ntext` can hold.
    Utf16(Arc<[u16]>),
    /// Bytes, and the serialised form of CLR types.
    Binary(Arc<[u8]>),
    /// `rowversion`
    RowVersion(u64),
    /// `uniqueidentifier`, in the order its text is written.
    Uuid([u8; 16]),
    /// A value in a `sql_variant`, with its own type.
    Variant(Box<(SqlType, Value)>),
}

/// A row: one value for each column of its table, in order.
pub type Row = Arc<[Value]>;

impl Value {
    /// Text.
    #[must_use]
    pub fn text(text: impl AsRef<str>) -> Self {
        Self::Text(Arc::from(text.as_ref()))
    }

    /// Bytes.
    #[must_use]
    pub fn binary(bytes: impl AsRef<[u8]>) -> Self {
        Self::Binary(Arc::from(bytes.as_ref()))
    }

    /// A decimal of `units` at `scale`.
    #[must_use]
    pub fn decimal(units: i128, scale: u8) -> Self {
        Self::Decimal(Decimal::new(units, scale))
    }

    /// Whether it is no value.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Its text, if it is text; unpaired surrogates are replaced.
    pub(crate) fn as_text(&self) -> Option<std::borrow::Cow<'_, str>> {
        match self {
            Self::Text(text) => Some(text.as_ref().into()),
            Self::Utf16(units) => Some(String::from_utf16_lossy(units).into()),
            _ => None,
        }
    }

    /// The value inside a `sql_variant`, or itself.
    pub(crate) fn unwrap_variant<'a>(&'a self, ty: &'a SqlType) -> (&'a Self, &'a SqlType) {
        match self {
            Self::Variant(inner) => (&inner.1, &inner.0),
            other => (other, ty),
        }
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bit(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::text(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::text(value)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
