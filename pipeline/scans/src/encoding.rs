//! UTF-8 or GB18030: found out from the bytes, never asked for.

use std::borrow::Cow;
use std::io;

use encoding_rs::GB18030;

use crate::lines::read_line;
use crate::source::Input;

/// So many lines with other than ASCII characters are enough to tell.
const TELLING_LINES_MAX: u64 = 4_096;

/// How the text of a CSV file is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Gb18030,
}

impl Encoding {
    /// Goes through a file and counts lines: a bad line does not make a UTF-8 file another, and a
    /// short Chinese word that happens to be valid UTF-8 does not make a GB18030 file one.
    pub(crate) fn detect(mut input: Input) -> io::Result<Self> {
        let (mut utf8, mut others) = (0_u64, 0_u64);
        let mut line = Vec::new();
        while utf8 + others < TELLING_LINES_MAX && read_line(&mut input, &mut line)?.is_some() {
            if !line.is_ascii() {
                let is_utf8 = std::str::from_utf8(&line).is_ok();
                utf8 += u64::from(is_utf8);
                others += u64::from(!is_utf8);
            }
            line.clear();
        }
        Ok(if others > utf8 { Self::Gb18030 } else { Self::Utf8 })
    }

    /// The text, or `None` if the bytes are none in this encoding.
    pub(crate) fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            Self::Utf8 => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Self::Gb18030 => GB18030.decode_without_bom_handling_and_without_replacement(bytes),
        }
    }

    /// The text with a mark wherever the bytes are none.
    pub(crate) fn shown(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Self::Utf8 => String::from_utf8_lossy(bytes),
            Self::Gb18030 => GB18030.decode_without_bom_handling(bytes).0,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Gb18030 => "GB18030",
        }
    }
}
