//! The data types of SQL Server, as columns declare them.

use std::fmt;

/// Length of a `(max)` column, in [`SqlType::VarChar`], [`SqlType::NVarChar`] and [`SqlType::VarBinary`].
pub const MAX: u16 = u16::MAX;

/// A data type with its length, precision and scale.
///
/// Lengths of character types count bytes of the code page for `char`/`varchar` and UTF-16 units
/// for `nchar`/`nvarchar`; [`MAX`] stands for `(max)`. Scales of times count digits of a second, 0 to 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SqlType {
    /// `bit`
    Bit,
    /// `tinyint`, 0 to 255
    TinyInt,
    /// `smallint`
    SmallInt,
    /// `int`
    Int,
    /// `bigint`
    BigInt,
    /// `decimal(precision, scale)`, precision at most 38
    Decimal(u8, u8),
    /// `money`, four digits
    Money,
    /// `smallmoney`, four digits
    SmallMoney,
    /// `real`
    Real,
    /// `float(53)`
    Float,
    /// `date`
    Date,
    /// `time(scale)`
    Time(u8),
    /// `datetime`, 1/300 s
    DateTime,
    /// `smalldatetime`, one minute
    SmallDateTime,
    /// `datetime2(scale)`
    DateTime2(u8),
    /// `datetimeoffset(scale)`
    DateTimeOffset(u8),
    /// `char(n)`
    Char(u16),
    /// `varchar(n)`
    VarChar(u16),
    /// `nchar(n)`
    NChar(u16),
    /// `nvarchar(n)`
    NVarChar(u16),
    /// `text`
    Text,
    /// `ntext`
    NText,
    /// `binary(n)`
    Binary(u16),
    /// `varbinary(n)`
    VarBinary(u16),
    /// `image`
    Image,
    /// `rowversion`, which the catalogue calls `timestamp`
    RowVersion,
    /// `uniqueidentifier`
    UniqueIdentifier,
    /// `xml`
    Xml,
    /// `sql_variant`
    SqlVariant,
    /// `hierarchyid`, a CLR type
    HierarchyId,
    /// `geometry`, a CLR type
    Geometry,
    /// `geography`, a CLR type
    Geography,
}

impl SqlType {
    /// All types with a short example of each length, in the order of `sys.types`.
    pub(crate) const SYSTEM: [Self; 32] = [
        Self::Image,
        Self::Text,
        Self::UniqueIdentifier,
        Self::Date,
        Self::Time(7),
        Self::DateTime2(7),
        Self::DateTimeOffset(7),
        Self::TinyInt,
        Self::SmallInt,
        Self::Int,
        Self::SmallDateTime,
        Self::Real,
        Self::Money,
        Self::DateTime,
        Self::Float,
        Self::SqlVariant,
        Self::NText,
        Self::Bit,
        Self::Decimal(38, 38),
        Self::SmallMoney,
        Self::BigInt,
        Self::HierarchyId,
        Self::Geometry,
        Self::Geography,
        Self::VarBinary(8000),
        Self::VarChar(8000),
        Self::Binary(8000),
        Self::Char(8000),
        Self::RowVersion,
        Self::NVarChar(4000),
        Self::NChar(4000),
        Self::Xml,
    ];

    /// The name in `sys.types`: `nvarchar`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Bit => "bit",
            Self::TinyInt => "tinyint",
            Self::SmallInt => "smallint",
            Self::Int => "int",
            Self::BigInt => "bigint",
            Self::Decimal(..) => "decimal",
            Self::Money => "money",
            Self::SmallMoney => "smallmoney",
            Self::Real => "real",
            Self::Float => "float",
            Self::Date => "date",
            Self::Time(_) => "time",
            Self::DateTime => "datetime",
            Self::SmallDateTime => "smalldatetime",
            Self::DateTime2(_) => "datetime2",
            Self::DateTimeOffset(_) => "datetimeoffset",
            Self::Char(_) => "char",
            Self::VarChar(_) => "varchar",
            Self::NChar(_) => "nchar",
            Self::NVarChar(_) => "nvarchar",
            Self::Text => "text",
            Self::NText => "ntext",
            Self::Binary(_) => "binary",
            Self::VarBinary(_) => "varbinary",
            Self::Image => "image",
            Self::RowVersion => "timestamp",
            Self::UniqueIdentifier => "uniqueidentifier",
            Self::Xml => "xml",
            Self::SqlVariant => "sql_variant",
            Self::HierarchyId => "hierarchyid",
            Self::Geometry => "geometry",
            Self::Geography => "geography",
        }
    }

    /// `system_type_id` of `sys.types`.
    pub(crate) const fn system_type_id(&self) -> i64 {
        match self {
            Self::Image => 34,
            Self::Text => 35,
            Self::UniqueIdentifier => 36,
            Self::Date => 40,
            Self::Time(_) => 41,
            Self::DateTime2(_) => 42,
            Self::DateTimeOffset(_) => 43,
            Self::TinyInt => 48,
            Self::SmallInt => 52,
            Self::Int => 56,
            Self::SmallDateTime => 58,
            Self::Real => 59,
            Self::Money => 60,
            Self::DateTime => 61,
            Self::Float => 62,
            Self::SqlVariant => 98,
            Self::NText => 99,
            Self::Bit => 104,
            Self::Decimal(..) => 106,
            Self::SmallMoney => 122,
            Self::BigInt => 127,
            Self::HierarchyId | Self::Geometry | Self::Geography => 240,
            Self::VarBinary(_) => 165,
            Self::VarChar(_) => 167,
            Self::Binary(_) => 173,
            Self::Char(_) => 175,
            Self::RowVersion => 189,
            Self::NVarChar(_) => 231,
            Self::NChar(_) => 239,
            Self::Xml => 241,
        }
    }

    /// `user_type_id` of `sys.types`: differs from the system's for CLR types.
    pub(crate) const fn user_type_id(&self) -> i64 {
        match self {
            Self::HierarchyId => 128,
            Self::Geometry => 129,
            Self::Geography => 130,
            _ => self.system_type_id(),
        }
    }

    /// `max_length` of `sys.columns`, in bytes; -1 for `(max)`, `xml` and the spatial types.
    pub(crate) const fn max_length(&self) -> i64 {
        match self {
            Self::Bit | Self::TinyInt => 1,
            Self::SmallInt => 2,
            Self::Int | Self::SmallMoney | Self::Real | Self::SmallDateTime => 4,
            Self::BigInt | Self::Money | Self::Float | Self::DateTime | Self::RowVersion => 8,
            Self::Decimal(p, _) => decimal_bytes(*p) as i64,
            Self::Date => 3,
            Self::Time(s) => time_bytes(*s) as i64,
            Self::DateTime2(s) => time_bytes(*s) as i64 + 3,
            Self::DateTimeOffset(s) => time_bytes(*s) as i64 + 5,
            Self::VarChar(MAX) | Self::NVarChar(MAX) | Self::VarBinary(MAX) => -1,
            Self::Char(n) | Self::VarChar(n) | Self::Binary(n) | Self::VarBinary(n) => *n as i64,
            Self::NChar(n) | Self::NVarChar(n) => *n as i64 * 2,
            Self::Text | Self::NText | Self::Image | Self::UniqueIdentifier => 16,
            Self::Xml | Self::Geometry | Self::Geography => -1,
            Self::SqlVariant => 8016,
            Self::HierarchyId => 892,
        }
    }

    /// Decimal digits, as `sys.columns.precision`; 0 where it says nothing.
    pub(crate) const fn precision(&self) -> u8 {
        match self {
            Self::Bit => 1,
            Self::TinyInt => 3,
            Self::SmallInt => 5,
            Self::Int | Self::SmallMoney | Self::Date => 10,
            Self::BigInt | Self::Money => 19,
            Self::Decimal(p, _) => *p,
            Self::Real => 24,
            Self::Float => 53,
            Self::DateTime => 23,
            Self::SmallDateTime => 16,
            Self::Time(s) => {
                if *s == 0 {
                    8
                } else {
                    9 + *s
                }
            }
            Self::DateTime2(s) => {
                if *s == 0 {
                    19
                } else {
                    20 + *s
                }
            }
            Self::DateTimeOffset(s) => {
                if *s == 0 {
                    26
                } else {
                    27 + *s
                }
            }
            _ => 0,
        }
    }

    /// Digits after the point, as `sys.columns.scale`.
    pub(crate) const fn scale(&self) -> u8 {
        match self {
            Self::Decimal(_, s) | Self::Time(s) | Self::DateTime2(s) | Self::DateTimeOffset(s) => {
                *s
            }
            Self::Money | Self::SmallMoney => 4,
            Self::DateTime => 3,
            _ => 0,
        }
    }

    pub(crate) const fn is_integer(&self) -> bool {
        matches!(self, Self::Bit | Self::TinyInt | Self::SmallInt | Self::Int | Self::BigInt)
    }

    pub(crate) const fn is_text(&self) -> bool {
        matches!(
            self,
            Self::Char(_)
                | Self::VarChar(_)
                | Self::NChar(_)
                | Self::NVarChar(_)
                | Self::Text
                | Self::NText
                | Self::Xml
        )
    }

    /// Whether it is text in UTF-16.
    pub(crate) const fn is_wide(&self) -> bool {
        matches!(self, Self::NChar(_) | Self::NVarChar(_) | Self::NText | Self::Xml)
    }

    pub(crate) const fn is_binary(&self) -> bool {
        matches!(self, Self::Binary(_) | Self::VarBinary(_) | Self::Image | Self::RowVersion)
    }

    pub(crate) const fn is_temporal(&self) -> bool {
        matches!(
            self,
            Self::Date
                | Self::Time(_)
                | Self::DateTime
                | Self::SmallDateTime
                | Self::DateTime2(_)
                | Self::DateTimeOffset(_)
        )
    }

    pub(crate) const fn is_clr(&self) -> bool {
        matches!(self, Self::HierarchyId | Self::Geometry | Self::Geography)
    }

    /// How a mixed expression is typed: the operand of the higher rank wins
    /// (Transact-SQL reference, "Data type precedence").
    pub(crate) const fn rank(&self) -> u8 {
        match self {
            Self::HierarchyId | Self::Geometry | Self::Geography => 31,
            Self::SqlVariant => 30,
            Self::Xml => 29,
            Self::DateTimeOffset(_) => 28,
            Self::DateTime2(_) => 27,
            Self::DateTime => 26,
            Self::SmallDateTime => 25,
            Self::Date => 24,
            Self::Time(_) => 23,
            Self::Float => 22,
            Self::Real => 21,
            Self::Decimal(..) => 20,
            Self::Money => 19,
            Self::SmallMoney => 18,
            Self::BigInt => 17,
            Self::Int => 16,
            Self::SmallInt => 15,
            Self::TinyInt => 14,
            Self::Bit => 13,
            Self::NText => 12,
            Self::Text => 11,
            Self::Image => 10,
            Self::RowVersion => 9,
            Self::UniqueIdentifier => 8,
            Self::NVarChar(_) => 7,
            Self::NChar(_) => 6,
            Self::VarChar(_) => 5,
            Self::Char(_) => 4,
            Self::VarBinary(_) => 3,
            Self::Binary(_) => 2,
        }
    }
}

/// Storage bytes of a decimal of that precision, sign included (MS-TDS 2.2.5.5.1.6).
pub(crate) const fn decimal_bytes(precision: u8) -> u8 {
    match precision {
        0..=9 => 5,
        10..=19 => 9,
        20..=28 => 13,
        _ => 17,
    }
}

/// Bytes of a time of that scale (MS-TDS 2.2.5.5.1.8).
pub(crate) const fn time_bytes(scale: u8) -> u8 {
    match scale {
        0..=2 => 3,
        3 | 4 => 4,
        _ => 5,
    }
}

/// As a column definition says it: `decimal(28,10)`, `nvarchar(max)`.
impl fmt::Display for SqlType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self {
            Self::Decimal(p, s) => write!(f, "({p},{s})"),
            Self::Time(s) | Self::DateTime2(s) | Self::DateTimeOffset(s) => write!(f, "({s})"),
            Self::VarChar(MAX) | Self::NVarChar(MAX) | Self::VarBinary(MAX) => f.write_str("(max)"),
            Self::Char(n)
            | Self::VarChar(n)
            | Self::NChar(n)
            | Self::NVarChar(n)
            | Self::Binary(n)
            | Self::VarBinary(n) => write!(f, "({n})"),
            _ => Ok(()),
        }
    }
}
