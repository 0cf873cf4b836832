//! What a column is read as.

use std::fmt;
use std::str::FromStr;

use arrow::datatypes::{DataType, TimeUnit};
use serde::{Deserialize, Serialize};

/// The most digits a decimal of the lake holds.
pub const DECIMAL_PRECISION_MAX: u8 = 38;

/// What a column is read as. There are no floats: a column of binary floats is declared as the
/// decimal it stands for, and is read from its shortest round-trip text, rounded half to even.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ColumnType {
    /// A signed whole number of 64 bits.
    Integer,
    /// A whole number of 64 bits that is not negative.
    Unsigned,
    /// Digits in all, and after the point.
    Decimal(u8, i8),
    /// Any text.
    Text,
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// A time of day, to the nanosecond.
    Time,
    /// A wall-clock time without an offset, read in the system's zone; microseconds.
    Datetime,
    /// A time with an offset, or of UTC; microseconds.
    Instant,
    /// Bytes.
    Binary,
    /// A change counter of eight big-endian bytes (SQL Server).
    Rowversion,
    /// A UUID, as lower-case text.
    Uuid,
    /// A JSON document, as text.
    Json,
}

impl ColumnType {
    /// The type of the raw table's column.
    pub fn arrow(self) -> DataType {
        match self {
            Self::Integer => DataType::Int64,
            Self::Unsigned | Self::Rowversion => DataType::UInt64,
            Self::Decimal(precision, scale) => DataType::Decimal128(precision, scale),
            Self::Text | Self::Uuid | Self::Json => DataType::Utf8,
            Self::Boolean => DataType::Boolean,
            Self::Date => DataType::Date32,
            Self::Time => DataType::Time64(TimeUnit::Nanosecond),
            Self::Datetime | Self::Instant => {
                DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
            }
            Self::Binary => DataType::Binary,
        }
    }

    /// Whether it is a point in time.
    pub fn is_time(self) -> bool {
        matches!(self, Self::Datetime | Self::Instant)
    }

    /// Whether it is a number that only grows.
    pub fn is_counter(self) -> bool {
        matches!(self, Self::Integer | Self::Unsigned | Self::Rowversion)
    }
}

impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Integer => "integer",
            Self::Unsigned => "unsigned",
            Self::Decimal(precision, scale) => return write!(f, "decimal({precision},{scale})"),
            Self::Text => "text",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Time => "time",
            Self::Datetime => "datetime",
            Self::Instant => "instant",
            Self::Binary => "binary",
            Self::Rowversion => "rowversion",
            Self::Uuid => "uuid",
            Self::Json => "json",
        })
    }
}

impl FromStr for ColumnType {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim().to_ascii_lowercase();
        Ok(match text.as_str() {
            "integer" => Self::Integer,
            "unsigned" => Self::Unsigned,
            "text" => Self::Text,
            "boolean" => Self::Boolean,
            "date" => Self::Date,
            "time" => Self::Time,
            "datetime" => Self::Datetime,
            "instant" => Self::Instant,
            "binary" => Self::Binary,
            "rowversion" => Self::Rowversion,
            "uuid" => Self::Uuid,
            "json" => Self::Json,
            other => return decimal(other),
        })
    }
}

fn decimal(text: &str) -> Result<ColumnType, String> {
    let wrong = || {
        format!(
            "`{text}` is not a type; types are integer, unsigned, decimal(p,s), text, boolean, date, \
             time, datetime, instant, binary, rowversion, uuid, json"
        )
    };
    let inner = text.strip_prefix("decimal(").and_then(|rest| rest.strip_suffix(')'));
    let (precision, scale) = inner.and_then(|inner| inner.split_once(',')).ok_or_else(wrong)?;
    let precision: u8 = precision.trim().parse().map_err(|_| wrong())?;
    let scale: i8 = scale.trim().parse().map_err(|_| wrong())?;
    let fits = (1..=DECIMAL_PRECISION_MAX).contains(&precision)
        && scale >= 0
        && u8::try_from(scale).is_ok_and(|scale| scale <= precision);
    if !fits {
        return Err(format!(
            "`{text}` does not fit: 1 to {DECIMAL_PRECISION_MAX} digits, and no more after the \
             point than in all"
        ));
    }
    Ok(ColumnType::Decimal(precision, scale))
}

impl TryFrom<String> for ColumnType {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<ColumnType> for String {
    fn from(kind: ColumnType) -> Self {
        kind.to_string()
    }
}
