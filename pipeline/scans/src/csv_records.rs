//! CSV rows of bounded length.
//!
//! Rows are found in the bytes, before decoding: no multi-byte character of UTF-8 or GB18030
//! contains a comma, a quotation mark or a line end. A quotation mark that is not closed costs its
//! own line only: what was read in search of its end is read again.

use std::io;

use crate::encoding::Encoding;
use crate::lines::{LINE_BYTES_MAX, too_long};
use crate::record::{Body, Column, Record, Row};
use crate::reject::{Reason, Rejection};
use crate::rewind::Rewind;
use crate::source::Input;

/// Reads rows, holding one.
pub(crate) struct CsvReader {
    input: Rewind,
    encoding: Encoding,
    columns: Vec<Column>,
    /// The bytes of the row.
    raw: Vec<u8>,
    cells: Cells,
    line: u64,
}

/// The cells of a row, one after the other, with the places where they end.
#[derive(Debug, Default)]
struct Cells {
    text: String,
    ends: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    CellStart,
    Bare,
    Quoted,
    /// After a quotation mark in a quoted cell: it is closed, or a second mark follows.
    Closing,
}

/// What was read into `raw`.
enum Found {
    Row,
    /// A quotation mark is not closed.
    Unclosed,
    TooLong,
    End,
}

impl CsvReader {
    pub(crate) fn new(input: Input, encoding: Encoding) -> Self {
        Self {
            input: Rewind::new(input),
            encoding,
            columns: Vec::new(),
            raw: Vec::new(),
            cells: Cells::default(),
            line: 0,
        }
    }

    /// How many lines were read.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// The cells of the first row that is not blank, or what is wrong with it.
    pub(crate) fn read_header(&mut self) -> io::Result<Result<Vec<String>, Rejection>> {
        match self.next()?.map(|record| record.body) {
            None => return Ok(Ok(Vec::new())),
            Some(Body::Broken(rejection, _)) if rejection.reason != Reason::CsvColumns => {
                return Ok(Err(rejection));
            }
            Some(_) => {}
        }
        let starts = std::iter::once(0).chain(self.cells.ends.iter().copied());
        let cell = |(start, end): (usize, &usize)| self.cells.text.get(start..*end);
        let names = starts.zip(&self.cells.ends).filter_map(cell);
        Ok(Ok(names.map(|name| name.trim().to_owned()).collect()))
    }

    pub(crate) fn set_columns(&mut self, columns: Vec<Column>) {
        self.columns = columns;
    }

    /// The next row that is not blank.
    pub(crate) fn next(&mut self) -> io::Result<Option<Record<'_>>> {
        loop {
            let found = self.read_row()?;
            let line = self.line + 1;
            if matches!(found, Found::End) {
                return Ok(None);
            }
            self.line += newlines(&self.raw).max(1);
            let broken = match found {
                Found::TooLong => Some(too_long()),
                Found::Unclosed => {
                    let detail = "close the quotation mark, or double it within a cell";
                    Some(Rejection::new(Reason::CsvQuote, detail))
                }
                _ if !self.cells.fill(&self.raw, self.encoding) => {
                    let detail = format!("the row is no {} text", self.encoding.name());
                    Some(Rejection::new(Reason::EncodingInvalid, detail))
                }
                _ if self.cells.are_blank() => continue,
                _ => self.cells.fit(self.columns.len()),
            };
            let body = match broken {
                Some(rejection) => {
                    Body::Broken(rejection, self.encoding.shown(self.raw.trim_ascii_end()))
                }
                None => Body::Row(Row {
                    columns: &self.columns,
                    text: &self.cells.text,
                    ends: &self.cells.ends,
                }),
            };
            return Ok(Some(Record { line, body }));
        }
    }

    fn read_row(&mut self) -> io::Result<Found> {
        self.raw.clear();
        let mut state = State::CellStart;
        let mut is_sound = true;
        loop {
            let available = self.input.available()?;
            if available.is_empty() {
                return Ok(match state {
                    _ if self.raw.is_empty() => Found::End,
                    State::Quoted => self.give_back(),
                    _ => self.complete(is_sound),
                });
            }
            let mut used = available.len();
            let mut is_end = false;
            for (at, byte) in available.iter().enumerate() {
                if *byte == b'\n' && state != State::Quoted {
                    (used, is_end) = (at + 1, true);
                    break;
                }
                (state, is_sound) = (state.after(*byte), is_sound && state.allows(*byte));
            }
            self.raw.extend_from_slice(available.get(..used).unwrap_or_default());
            self.input.consume(used);
            if is_end && self.raw.len() <= LINE_BYTES_MAX {
                return Ok(self.complete(is_sound));
            }
            if self.raw.len() > LINE_BYTES_MAX {
                if state == State::Quoted && self.raw.contains(&b'\n') {
                    return Ok(self.give_back());
                }
                if !is_end {
                    self.skip_line()?;
                }
                self.raw.truncate(LINE_BYTES_MAX);
                return Ok(Found::TooLong);
            }
        }
    }

    fn complete(&mut self, is_sound: bool) -> Found {
        if is_sound { Found::Row } else { self.give_back() }
    }

    /// Keeps the first line of what was read; the rest is read again.
    fn give_back(&mut self) -> Found {
        let first =
            self.raw.iter().position(|byte| *byte == b'\n').map_or(self.raw.len(), |at| at + 1);
        self.input.give_back(self.raw.split_off(first));
        Found::Unclosed
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let available = self.input.available()?;
            let end = available.iter().position(|byte| *byte == b'\n');
            let used = end.map_or(available.len(), |at| at + 1);
            self.input.consume(used);
            if end.is_some() || used == 0 {
                return Ok(());
            }
        }
    }
}

impl State {
    fn after(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::CellStart, b'"') | (Self::Closing, b'"') => Self::Quoted,
            (Self::Quoted, b'"') => Self::Closing,
            (Self::Quoted, _) => Self::Quoted,
            (_, b',') => Self::CellStart,
            (Self::Closing, b'\r') => Self::Closing,
            _ => Self::Bare,
        }
    }

    /// Text after a closed cell means that the mark was no closing one.
    fn allows(self, byte: u8) -> bool {
        self != Self::Closing || matches!(byte, b'"' | b',' | b'\r')
    }
}

impl Cells {
    /// Splits a row; false if it is no text in this encoding.
    fn fill(&mut self, raw: &[u8], encoding: Encoding) -> bool {
        self.text.clear();
        self.ends.clear();
        let row = raw.strip_suffix(b"\n").unwrap_or(raw);
        let row = row.strip_suffix(b"\r").unwrap_or(row);
        let Some(text) = encoding.decode(row) else {
            return false;
        };
        let mut state = State::CellStart;
        for c in text.chars() {
            // Characters beyond ASCII are all alike here.
            let byte = u8::try_from(c).ok().filter(u8::is_ascii).unwrap_or(b'x');
            let next = state.after(byte);
            match (state, byte) {
                (State::Quoted, b'"') => {}
                (State::Quoted, _) | (State::Closing, b'"') => self.text.push(c),
                (_, b',') => self.ends.push(self.text.len()),
                (State::CellStart, b'"') => {}
                _ => self.text.push(c),
            }
            state = next;
        }
        self.ends.push(self.text.len());
        true
    }

    fn are_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Drops empty cells beyond the header, which spreadsheets add; other differences are refused.
    fn fit(&mut self, columns: usize) -> Option<Rejection> {
        let kept = self.ends.get(columns.wrapping_sub(1)).copied();
        if self.ends.len() > columns && kept == self.ends.last().copied() {
            self.ends.truncate(columns);
        }
        (self.ends.len() != columns).then(|| {
            let detail = format!(
                "{} cells under a header of {columns}; complete the row, and quote cells with commas",
                self.ends.len()
            );
            Rejection::new(Reason::CsvColumns, detail)
        })
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}
