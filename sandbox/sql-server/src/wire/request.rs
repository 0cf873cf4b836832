//! SQLBatch and RPC (MS-TDS 2.2.6.7, 2.2.6.6).

use super::read::{Malformed, Reader, utf16};
use super::type_info::read_type;
use super::value::read_value;
use crate::values::{SqlType, Value};

/// What a client asks to run.
#[derive(Debug)]
pub(crate) enum Request {
    Batch(String),
    Call(Procedure),
}

/// A remote procedure call; names are lower case.
#[derive(Debug)]
pub(crate) struct Procedure {
    pub(crate) name: String,
    /// Name (with `@`, or empty), value and type of each argument.
    pub(crate) arguments: Vec<(String, Value, SqlType)>,
}

/// Skips ALL_HEADERS, whose first number is their length.
fn after_headers(message: &[u8]) -> Result<Reader<'_>, Malformed> {
    let mut reader = Reader(message);
    let length = usize::try_from(reader.u32()?).map_err(|_| Malformed)?;
    reader.bytes(length.checked_sub(4).ok_or(Malformed)?)?;
    Ok(reader)
}

impl Request {
    pub(crate) fn read_batch(message: &[u8]) -> Result<Self, Malformed> {
        Ok(Self::Batch(utf16(after_headers(message)?.0)))
    }

    pub(crate) fn read_call(message: &[u8]) -> Result<Self, Malformed> {
        let mut reader = after_headers(message)?;
        let name = match reader.u16()? {
            0xFFFF => match reader.u16()? {
                10 => "sp_executesql",
                11 => "sp_prepare",
                12 => "sp_execute",
                13 => "sp_prepexec",
                15 => "sp_unprepare",
                _ => "",
            }
            .to_owned(),
            units => reader.utf16(usize::from(units))?.to_lowercase(),
        };
        reader.u16()?;
        let mut arguments = Vec::new();
        // A byte below 0x80 cannot begin a further call of the same message.
        while !reader.0.is_empty() && reader.0[0] < 0x80 {
            let units = reader.u8()?;
            let name = reader.utf16(usize::from(units))?;
            reader.u8()?;
            let wire = read_type(&mut reader)?;
            let value = read_value(&mut reader, &wire)?;
            arguments.push((name.to_lowercase(), value, wire.ty));
        }
        let name = name.rsplit('.').next().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        Ok(Self::Call(Procedure { name, arguments }))
    }
}
