//! Collations: the code page of `char` and `varchar`, and the five bytes that announce it.

use encoding_rs::{Encoding, GBK, WINDOWS_1252};

/// A collation. Comparison ignores case (ASCII) and trailing blanks; Chinese text is ordered by code
/// point, not by pinyin, which a client cannot rely on either across server versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Collation {
    /// `Chinese_PRC_CI_AS`, code page 936: the usual one of servers in China.
    #[default]
    ChinesePrcCiAs,
    /// `SQL_Latin1_General_CP1_CI_AS`, code page 1252.
    SqlLatin1GeneralCp1CiAs,
}

impl Collation {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ChinesePrcCiAs => "Chinese_PRC_CI_AS",
            Self::SqlLatin1GeneralCp1CiAs => "SQL_Latin1_General_CP1_CI_AS",
        }
    }

    /// LCID, comparison flags and sort id (MS-TDS 2.2.5.1.2).
    pub(crate) const fn bytes(self) -> [u8; 5] {
        match self {
            Self::ChinesePrcCiAs => [0x04, 0x08, 0xD0, 0x00, 0x00],
            Self::SqlLatin1GeneralCp1CiAs => [0x09, 0x04, 0xD0, 0x00, 0x34],
        }
    }

    const fn encoding(self) -> &'static Encoding {
        match self {
            Self::ChinesePrcCiAs => GBK,
            Self::SqlLatin1GeneralCp1CiAs => WINDOWS_1252,
        }
    }

    /// Writes text in the code page; a character it lacks becomes `?`, as the server does.
    pub(crate) fn encode(self, text: &str, out: &mut Vec<u8>) {
        if text.is_ascii() {
            out.extend_from_slice(text.as_bytes());
            return;
        }
        let mut one = [0u8; 4];
        for character in text.chars() {
            let (bytes, _, failed) = self.encoding().encode(character.encode_utf8(&mut one));
            // GBK of encoding_rs has the euro at one byte, as code page 936 does.
            if failed || bytes.len() > 2 { out.push(b'?') } else { out.extend_from_slice(&bytes) }
        }
    }

    /// Reads text of the code page.
    pub(crate) fn decode(self, bytes: &[u8]) -> String {
        self.encoding().decode_without_bom_handling(bytes).0.into_owned()
    }
}
