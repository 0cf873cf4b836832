//! LOGIN7 (MS-TDS 2.2.6.4).

use super::read::{Malformed, Reader, utf16};

/// A login.
#[derive(Debug, Clone)]
pub(crate) struct LoginRequest {
    pub(crate) tds_version: u32,
    pub(crate) packet_size: usize,
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) application: String,
    pub(crate) database: String,
    /// `ApplicationIntent=ReadOnly`.
    pub(crate) read_only: bool,
    /// Windows authentication, which needs a domain.
    pub(crate) integrated: bool,
}

impl LoginRequest {
    pub(crate) fn read(message: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader(message);
        reader.u32()?;
        let tds_version = reader.u32()?;
        let packet_size = reader.u32()?;
        reader.bytes(12)?;
        let flags: [u8; 4] = reader.array()?;
        reader.bytes(8)?;
        let mut field = |is_password: bool| -> Result<String, Malformed> {
            let (at, length) = (usize::from(reader.u16()?), usize::from(reader.u16()?));
            let bytes = message.get(at..at + length * 2).ok_or(Malformed)?;
            if is_password {
                // Each byte is turned by four bits and mixed with A5.
                let plain: Vec<u8> =
                    bytes.iter().map(|byte| (byte ^ 0xA5).rotate_left(4)).collect();
                return Ok(utf16(&plain));
            }
            Ok(utf16(bytes))
        };
        let _host = field(false)?;
        let user = field(false)?;
        let password = field(true)?;
        let application = field(false)?;
        let _server = field(false)?;
        // The extension's place holds an offset to a long, not text.
        let _ = field(false);
        let _library = field(false)?;
        let _language = field(false)?;
        let database = field(false)?;
        Ok(Self {
            tds_version,
            packet_size: usize::try_from(packet_size).unwrap_or(4096),
            user,
            password,
            application,
            database: database.trim_matches(['[', ']']).to_owned(),
            read_only: flags[2] & 0x20 != 0,
            integrated: flags[1] & 0x80 != 0,
        })
    }
}
