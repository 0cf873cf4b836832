//! The values of a JSON array, or of one object after the other, without holding them all.

use std::io::{self, BufRead};

use crate::lines::{LINE_BYTES_MAX, too_long};
use crate::record::{Body, Record};
use crate::reject::{Reason, Rejection};
use crate::source::Input;

/// Cuts a JSON file into its values; whether one is well-formed is found out by reading it.
pub(crate) struct ValueReader {
    input: Input,
    buffer: Vec<u8>,
    line: u64,
    shape: Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Unknown,
    /// `[ value, value ]`
    Array,
    /// `{…} {…}`, on any number of lines.
    Objects,
    /// Nothing but blanks may follow.
    Done,
}

/// Where in a value the reader is.
#[derive(Default)]
struct Place {
    depth: usize,
    in_string: bool,
    is_escaped: bool,
    is_too_long: bool,
}

enum Step {
    Inside,
    /// The value is complete with this byte.
    EndsWith,
    /// The value is complete before this byte, which separates it from the next.
    EndsBefore,
    /// As before, and the array is complete too.
    Closes,
}

impl ValueReader {
    pub(crate) fn new(input: Input) -> Self {
        Self { input, buffer: Vec::new(), line: 1, shape: Shape::Unknown }
    }

    /// The line reading has come to.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    pub(crate) fn next(&mut self) -> io::Result<Option<Record<'_>>> {
        self.buffer.clear();
        if self.shape == Shape::Unknown {
            self.shape = match self.skip_blanks(false)? {
                Some(b'[') => {
                    self.input.consume(1);
                    Shape::Array
                }
                _ => Shape::Objects,
            };
        }
        let first = self.skip_blanks(self.shape == Shape::Array)?;
        let line = self.line;
        match (self.shape, first) {
            (Shape::Array, Some(b']')) => {
                self.input.consume(1);
                self.shape = Shape::Done;
                return self.next_after_end();
            }
            (Shape::Array, None) => {
                self.shape = Shape::Done;
                return Ok(Some(self.broken(line, "the list is not closed; the file is cut off")));
            }
            (_, None) => return Ok(None),
            (Shape::Done, Some(_)) => return self.next_after_end(),
            _ => {}
        }
        let place = self.read_value()?;
        if place.is_too_long {
            let body = Body::Broken(too_long(), String::from_utf8_lossy(&self.buffer));
            return Ok(Some(Record { line, body }));
        }
        Ok(Some(Record { line, body: Body::Json(self.buffer.trim_ascii()) }))
    }

    /// Nothing, or one rejection of whatever follows the list.
    fn next_after_end(&mut self) -> io::Result<Option<Record<'_>>> {
        if self.skip_blanks(false)?.is_none() {
            return Ok(None);
        }
        let line = self.line;
        loop {
            let available = self.input.fill_buf()?;
            if available.is_empty() {
                break;
            }
            let kept = LINE_BYTES_MAX.saturating_sub(self.buffer.len()).min(available.len());
            self.buffer.extend_from_slice(available.get(..kept).unwrap_or_default());
            let length = available.len();
            self.input.consume(length);
        }
        Ok(Some(self.broken(line, "text after the end of the list; write one list per file")))
    }

    fn broken(&self, line: u64, detail: &str) -> Record<'_> {
        let rejection = Rejection::new(Reason::JsonInvalid, detail);
        Record { line, body: Body::Broken(rejection, String::from_utf8_lossy(&self.buffer)) }
    }

    /// The next byte that is no blank, nor a comma between values, without taking it.
    fn skip_blanks(&mut self, skip_commas: bool) -> io::Result<Option<u8>> {
        loop {
            let available = self.input.fill_buf()?;
            if available.is_empty() {
                return Ok(None);
            }
            let is_blank = |byte: &u8| byte.is_ascii_whitespace() || (skip_commas && *byte == b',');
            let blanks = available.iter().take_while(|byte| is_blank(byte)).count();
            let found = available.get(blanks).copied();
            self.line += newlines(available.get(..blanks).unwrap_or_default());
            self.input.consume(blanks);
            if found.is_some() {
                return Ok(found);
            }
        }
    }

    fn read_value(&mut self) -> io::Result<Place> {
        let mut place = Place::default();
        loop {
            let available = self.input.fill_buf()?;
            if available.is_empty() {
                // The value that is cut off says so itself.
                if place.depth > 0 || place.in_string {
                    self.shape = Shape::Done;
                }
                return Ok(place);
            }
            let mut taken = available.len();
            let mut end = Step::Inside;
            let mut at = 0;
            while let Some(rest) = available.get(at..) {
                at += place.plain_bytes(rest);
                let Some(byte) = available.get(at) else { break };
                end = place.step(*byte, self.shape);
                if !matches!(end, Step::Inside) {
                    taken = at + usize::from(matches!(end, Step::EndsWith));
                    break;
                }
                at += 1;
            }
            let part = available.get(..taken).unwrap_or_default();
            let room = LINE_BYTES_MAX.saturating_sub(self.buffer.len());
            place.is_too_long |= part.len() > room;
            self.buffer.extend_from_slice(part.get(..part.len().min(room)).unwrap_or_default());
            self.line += newlines(part);
            let separator = usize::from(matches!(end, Step::EndsBefore | Step::Closes));
            self.input.consume(taken + separator);
            match end {
                Step::Inside => {}
                Step::Closes => {
                    self.shape = Shape::Done;
                    return Ok(place);
                }
                Step::EndsWith | Step::EndsBefore => return Ok(place),
            }
        }
    }
}

impl Place {
    /// How many of the next bytes are text in which nothing ends.
    fn plain_bytes(&self, bytes: &[u8]) -> usize {
        if !self.in_string || self.is_escaped {
            return 0;
        }
        let special = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\'));
        special.unwrap_or(bytes.len())
    }

    fn step(&mut self, byte: u8, shape: Shape) -> Step {
        if self.in_string {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return Step::Inside;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b',' if self.depth == 0 && shape == Shape::Array => return Step::EndsBefore,
            b']' if self.depth == 0 && shape == Shape::Array => return Step::Closes,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 && shape == Shape::Objects {
                    return Step::EndsWith;
                }
            }
            // Outside a list a value that is no object ends with its line.
            b'\n' if self.depth == 0 && shape == Shape::Objects => return Step::EndsWith,
            _ => {}
        }
        Step::Inside
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}
