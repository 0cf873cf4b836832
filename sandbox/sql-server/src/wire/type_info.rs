//! TYPE_INFO (MS-TDS 2.2.5.6).

use super::read::{Malformed, Reader};
use super::value::is_fixed;
use crate::values::{Collation, MAX, SqlType, decimal_bytes};

/// A type as a client announces it, with what its value's form depends on.
#[derive(Debug, Clone, Copy)]
pub(super) struct WireType {
    pub(super) ty: SqlType,
    pub(super) token: u8,
    /// The announced length; 0xFFFF means chunks.
    pub(super) length: usize,
}

/// Writes the type of a result column.
pub(super) fn write_type(ty: &SqlType, nullable: bool, collation: Collation, out: &mut Vec<u8>) {
    if is_fixed(ty, nullable) {
        out.push(match ty {
            SqlType::Bit => 0x32,
            SqlType::TinyInt => 0x30,
            SqlType::SmallInt => 0x34,
            SqlType::Int => 0x38,
            SqlType::BigInt => 0x7F,
            SqlType::Real => 0x3B,
            SqlType::Float => 0x3E,
            SqlType::Money => 0x3C,
            SqlType::SmallMoney => 0x7A,
            SqlType::SmallDateTime => 0x3A,
            _ => 0x3D,
        });
        return;
    }
    let mut short = |token: u8, length: u16, collated: bool| {
        out.push(token);
        out.extend_from_slice(&length.to_le_bytes());
        if collated {
            out.extend_from_slice(&collation.bytes());
        }
    };
    match ty {
        SqlType::Bit => out.extend([0x68, 1]),
        SqlType::TinyInt => out.extend([0x26, 1]),
        SqlType::SmallInt => out.extend([0x26, 2]),
        SqlType::Int => out.extend([0x26, 4]),
        SqlType::BigInt => out.extend([0x26, 8]),
        SqlType::Decimal(p, s) => out.extend([0x6A, decimal_bytes(*p), *p, *s]),
        SqlType::Money => out.extend([0x6E, 8]),
        SqlType::SmallMoney => out.extend([0x6E, 4]),
        SqlType::Real => out.extend([0x6D, 4]),
        SqlType::Float => out.extend([0x6D, 8]),
        SqlType::Date => out.push(0x28),
        SqlType::Time(scale) => out.extend([0x29, *scale]),
        SqlType::DateTime2(scale) => out.extend([0x2A, *scale]),
        SqlType::DateTimeOffset(scale) => out.extend([0x2B, *scale]),
        SqlType::DateTime => out.extend([0x6F, 8]),
        SqlType::SmallDateTime => out.extend([0x6F, 4]),
        SqlType::UniqueIdentifier => out.extend([0x24, 16]),
        SqlType::Char(n) => short(0xAF, *n, true),
        SqlType::VarChar(n) => short(0xA7, *n, true),
        SqlType::NChar(n) => short(0xEF, n * 2, true),
        SqlType::NVarChar(MAX) => short(0xE7, MAX, true),
        SqlType::NVarChar(n) => short(0xE7, n * 2, true),
        SqlType::Binary(n) => short(0xAD, *n, false),
        SqlType::RowVersion => short(0xAD, 8, false),
        SqlType::VarBinary(n) => short(0xA5, *n, false),
        SqlType::Text | SqlType::NText | SqlType::Image => {
            let (token, length) = match ty {
                SqlType::Text => (0x23, 0x7FFF_FFFFu32),
                SqlType::NText => (0x63, 0x7FFF_FFFE),
                _ => (0x22, 0x7FFF_FFFF),
            };
            out.push(token);
            out.extend_from_slice(&length.to_le_bytes());
            if ty.is_text() {
                out.extend_from_slice(&collation.bytes());
            }
        }
        SqlType::Xml => out.extend([0xF1, 0]),
        SqlType::SqlVariant => {
            out.push(0x62);
            out.extend_from_slice(&8009u32.to_le_bytes());
        }
        SqlType::HierarchyId | SqlType::Geometry | SqlType::Geography => {
            out.push(0xF0);
            let most: u16 = if *ty == SqlType::HierarchyId { 892 } else { 0xFFFF };
            out.extend_from_slice(&most.to_le_bytes());
            for part in ["master", "sys", ty.name()] {
                short_text(part, out);
            }
            let class = match ty {
                SqlType::HierarchyId => "SqlHierarchyId",
                SqlType::Geometry => "SqlGeometry",
                _ => "SqlGeography",
            };
            let assembly = format!(
                "Microsoft.SqlServer.Types.{class}, Microsoft.SqlServer.Types, Version=11.0.0.0, Culture=neutral, PublicKeyToken=89845dcd8080cc91"
            );
            long_text(&assembly, out);
        }
    }
}

/// Text after a byte that counts its units.
pub(super) fn short_text(text: &str, out: &mut Vec<u8>) {
    let units: Vec<u16> = text.encode_utf16().take(255).collect();
    out.push(u8::try_from(units.len()).unwrap_or(u8::MAX));
    out.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
}

/// Text after two bytes that count its units.
pub(super) fn long_text(text: &str, out: &mut Vec<u8>) {
    let units: Vec<u16> = text.encode_utf16().take(usize::from(u16::MAX)).collect();
    out.extend_from_slice(&u16::try_from(units.len()).unwrap_or(u16::MAX).to_le_bytes());
    out.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
}

/// Reads the type of a parameter.
pub(super) fn read_type(reader: &mut Reader<'_>) -> Result<WireType, Malformed> {
    let token = reader.u8()?;
    let (ty, length) = match token {
        0x1F => (SqlType::Int, 0),
        0x30 => (SqlType::TinyInt, 1),
        0x32 => (SqlType::Bit, 1),
        0x34 => (SqlType::SmallInt, 2),
        0x38 => (SqlType::Int, 4),
        0x3A => (SqlType::SmallDateTime, 4),
        0x3B => (SqlType::Real, 4),
        0x3C => (SqlType::Money, 8),
        0x3D => (SqlType::DateTime, 8),
        0x3E => (SqlType::Float, 8),
        0x7A => (SqlType::SmallMoney, 4),
        0x7F => (SqlType::BigInt, 8),
        0x28 => (SqlType::Date, 3),
        0x29 => (SqlType::Time(reader.u8()?), 0),
        0x2A => (SqlType::DateTime2(reader.u8()?), 0),
        0x2B => (SqlType::DateTimeOffset(reader.u8()?), 0),
        0x24 | 0x26 | 0x68 | 0x6D | 0x6E | 0x6F => {
            let length = reader.u8()?;
            let ty = match (token, length) {
                (0x24, _) => SqlType::UniqueIdentifier,
                (0x68, _) => SqlType::Bit,
                (0x26, 1) => SqlType::TinyInt,
                (0x26, 2) => SqlType::SmallInt,
                (0x26, 4) => SqlType::Int,
                (0x26, _) => SqlType::BigInt,
                (0x6D, 4) => SqlType::Real,
                (0x6D, _) => SqlType::Float,
                (0x6E, 4) => SqlType::SmallMoney,
                (0x6E, _) => SqlType::Money,
                (_, 4) => SqlType::SmallDateTime,
                _ => SqlType::DateTime,
            };
            (ty, usize::from(length))
        }
        0x6A | 0x6C => {
            let (length, precision, scale) = (reader.u8()?, reader.u8()?, reader.u8()?);
            (SqlType::Decimal(precision.min(38), scale.min(38)), usize::from(length))
        }
        0xA7 | 0xAF | 0xE7 | 0xEF | 0xA5 | 0xAD => {
            let length = reader.u16()?;
            if !matches!(token, 0xA5 | 0xAD) {
                reader.bytes(5)?;
            }
            let units = if length == MAX { MAX } else { length / 2 };
            let ty = match token {
                0xA7 => SqlType::VarChar(length),
                0xAF => SqlType::Char(length),
                0xE7 => SqlType::NVarChar(units),
                0xEF => SqlType::NChar(units),
                0xA5 => SqlType::VarBinary(length),
                _ => SqlType::Binary(length),
            };
            (ty, usize::from(length))
        }
        0x23 | 0x63 | 0x22 => {
            let length = reader.u32()?;
            if token != 0x22 {
                reader.bytes(5)?;
            }
            let ty = match token {
                0x23 => SqlType::Text,
                0x63 => SqlType::NText,
                _ => SqlType::Image,
            };
            (ty, usize::try_from(length).map_err(|_| Malformed)?)
        }
        0xF1 => {
            if reader.u8()? != 0 {
                return Err(Malformed);
            }
            (SqlType::Xml, usize::from(MAX))
        }
        _ => return Err(Malformed),
    };
    Ok(WireType { ty, token, length })
}
