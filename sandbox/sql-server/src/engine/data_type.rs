//! Type names of Transact-SQL.

use sqlparser::ast::{BinaryLength, CharacterLength, DataType, ExactNumberInfo, TimezoneInfo};

use super::script;
use crate::error::SqlError;
use crate::values::{MAX, SqlType};

/// The type a cast or a declaration names. `cast` defaults lengths to 30, a declaration to 1; 30 is used for both.
pub(crate) fn to_sql_type(ty: &DataType) -> Result<SqlType, SqlError> {
    let characters = |length: &Option<CharacterLength>| match length {
        None => 30,
        Some(CharacterLength::Max) => MAX,
        Some(CharacterLength::IntegerLength { length, .. }) => {
            u16::try_from(*length).unwrap_or(MAX)
        }
    };
    let short = |length: u64| u16::try_from(length).unwrap_or(MAX);
    let scale = |scale: &Option<u64>| u8::try_from(scale.unwrap_or(7)).unwrap_or(7);
    Ok(match ty {
        DataType::Bit(_) | DataType::Boolean | DataType::Bool => SqlType::Bit,
        DataType::TinyInt(_) => SqlType::TinyInt,
        DataType::SmallInt(_) => SqlType::SmallInt,
        DataType::Int(_) | DataType::Integer(_) => SqlType::Int,
        DataType::BigInt(_) => SqlType::BigInt,
        DataType::Decimal(info) | DataType::Numeric(info) | DataType::Dec(info) => match info {
            ExactNumberInfo::None => SqlType::Decimal(18, 0),
            ExactNumberInfo::Precision(p) => SqlType::Decimal(u8::try_from(*p).unwrap_or(38), 0),
            ExactNumberInfo::PrecisionAndScale(p, s) => {
                SqlType::Decimal(u8::try_from(*p).unwrap_or(38), u8::try_from(*s).unwrap_or(0))
            }
        },
        DataType::Float(ExactNumberInfo::Precision(bits)) if *bits <= 24 => SqlType::Real,
        DataType::Float(_) | DataType::Double(_) | DataType::DoublePrecision => SqlType::Float,
        DataType::Real => SqlType::Real,
        DataType::Date => SqlType::Date,
        DataType::Time(digits, TimezoneInfo::None) => SqlType::Time(scale(digits)),
        DataType::Datetime(_) => SqlType::DateTime,
        DataType::Char(n) | DataType::Character(n) => SqlType::Char(characters(n)),
        DataType::Varchar(n) | DataType::CharVarying(n) | DataType::CharacterVarying(n) => {
            SqlType::VarChar(characters(n))
        }
        DataType::Nvarchar(n) => SqlType::NVarChar(characters(n)),
        DataType::Text => SqlType::Text,
        DataType::Binary(n) => SqlType::Binary(short(n.unwrap_or(30))),
        DataType::Varbinary(n) => SqlType::VarBinary(match n {
            None => 30,
            Some(BinaryLength::Max) => MAX,
            Some(BinaryLength::IntegerLength { length }) => short(*length),
        }),
        DataType::Uuid => SqlType::UniqueIdentifier,
        DataType::Timestamp(..) => SqlType::RowVersion,
        DataType::Custom(name, arguments) => {
            let name = name.to_string().to_ascii_lowercase();
            let first = arguments.first().map(String::as_str);
            let digits = first.and_then(|text| text.parse().ok()).unwrap_or(7);
            let length = match first {
                Some(text) if text.eq_ignore_ascii_case("max") => MAX,
                Some(text) => text.parse().unwrap_or(30),
                None => 30,
            };
            match name.trim_start_matches("sys.") {
                "money" => SqlType::Money,
                "smallmoney" => SqlType::SmallMoney,
                "datetime2" => SqlType::DateTime2(digits),
                "datetimeoffset" => SqlType::DateTimeOffset(digits),
                "smalldatetime" => SqlType::SmallDateTime,
                "uniqueidentifier" => SqlType::UniqueIdentifier,
                "nchar" => SqlType::NChar(length),
                "nvarchar" | "sysname" => {
                    SqlType::NVarChar(if name == "sysname" { 128 } else { length })
                }
                "ntext" => SqlType::NText,
                "image" => SqlType::Image,
                "rowversion" | "timestamp" => SqlType::RowVersion,
                "xml" => SqlType::Xml,
                "sql_variant" => SqlType::SqlVariant,
                "hierarchyid" => SqlType::HierarchyId,
                "geometry" => SqlType::Geometry,
                "geography" => SqlType::Geography,
                other => {
                    return Err(SqlError::new(
                        243,
                        16,
                        format!("Type {other} is not a defined system type."),
                    ));
                }
            }
        }
        other => {
            return Err(SqlError::new(
                243,
                16,
                format!("Type {other} is not a defined system type."),
            ));
        }
    })
}

/// Reads `nvarchar(4000)`, as `sp_executesql` declares its parameters.
pub(crate) fn parse_declaration(text: &str) -> Result<SqlType, SqlError> {
    to_sql_type(&script::parse_type(text)?)
}
