//! Lines of bounded length.

use std::io::{self, BufRead};

use crate::record::{Body, Record};
use crate::reject::{Reason, Rejection};
use crate::source::Input;

/// The longest line, value or CSV record, in bytes.
pub(crate) const LINE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Reads a file line by line, holding one line.
pub(crate) struct LineReader {
    input: Input,
    buffer: Vec<u8>,
    line: u64,
}

impl LineReader {
    pub(crate) fn new(input: Input) -> Self {
        Self { input, buffer: Vec::new(), line: 0 }
    }

    /// How many lines were read.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// The next line that is not blank.
    pub(crate) fn next(&mut self) -> io::Result<Option<Record<'_>>> {
        loop {
            self.buffer.clear();
            let Some(is_whole) = read_line(&mut self.input, &mut self.buffer)? else {
                return Ok(None);
            };
            self.line += 1;
            if !is_whole {
                let body = Body::Broken(too_long(), String::from_utf8_lossy(&self.buffer));
                return Ok(Some(Record { line: self.line, body }));
            }
            if !self.buffer.trim_ascii().is_empty() {
                break;
            }
        }
        Ok(Some(Record { line: self.line, body: Body::Json(self.buffer.trim_ascii()) }))
    }
}

pub(crate) fn too_long() -> Rejection {
    let detail = format!("more than {LINE_BYTES_MAX} bytes; split the event");
    Rejection::new(Reason::LineLengthMax, detail)
}

/// Appends a line without its end; `Some(false)` is one that was too long and is skipped, `None`
/// the end of the file.
pub(crate) fn read_line(input: &mut Input, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
    let mut is_empty = true;
    let mut is_whole = true;
    loop {
        let available = input.fill_buf()?;
        if available.is_empty() {
            return Ok((!is_empty).then_some(is_whole));
        }
        is_empty = false;
        let end = available.iter().position(|byte| *byte == b'\n');
        let part = available.get(..end.unwrap_or(available.len())).unwrap_or_default();
        let room = LINE_BYTES_MAX.saturating_sub(line.len());
        is_whole &= part.len() <= room;
        line.extend_from_slice(part.get(..part.len().min(room)).unwrap_or_default());
        let used = part.len() + usize::from(end.is_some());
        input.consume(used);
        if end.is_some() {
            return Ok(Some(is_whole));
        }
    }
}
