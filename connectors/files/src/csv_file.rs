//! Rows out of a CSV file, in bounded memory.

use std::fs::File;
use std::io::{self, BufReader, Read};

use csv::{ErrorKind as CsvKind, ReaderBuilder, StringRecord, Terminator};
use encoding_rs::{GB18030, UTF_8};
use encoding_rs_io::DecodeReaderBytesBuilder;
use yuanliu_contract::{ConnectorError, Result};

use crate::config::EncodingChoice;
use crate::error::{io as io_error, unfinished, unusable};
use crate::fingerprint::Content;
use crate::folder::TableFile;
use crate::rows::{Cells, RowVisitor};

/// The largest record; beyond it a quote was opened and never closed.
const RECORD_BYTES_MAX: usize = 4 << 20;

/// Hands every row of the file to the visitor until it has enough.
pub(crate) fn visit(
    file: &TableFile,
    choice: EncodingChoice,
    content: Content,
    visitor: &mut dyn RowVisitor,
) -> Result<()> {
    let name = &file.name;
    let encoding = match choose(name, choice, content)? {
        EncodingChoice::Gb18030 => GB18030,
        _ => UTF_8,
    };
    let opened = File::open(&file.path)
        .map_err(|source| io_error(format!("opening {name}"), &file.path, source))?;
    // GB18030 has bytes that look like commas or quotes, so decoding comes before parsing.
    let decoded = DecodeReaderBytesBuilder::new()
        .encoding(Some(encoding))
        .bom_override(true)
        .strip_bom(true)
        .build(BufReader::new(opened));
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .terminator(Terminator::CRLF)
        .from_reader(RecordGuard::new(decoded));
    // A record is handed on when the next one has been read: only then is it known to be whole.
    let (mut record, mut next) = (StringRecord::new(), StringRecord::new());
    let mut width = None;
    let mut has_record = false;
    loop {
        let has_next = reader.read_record(&mut next).map_err(|error| failure(file, error))?;
        if !has_next {
            check_end(name, reader.get_ref(), has_record.then_some(&record), width)?;
        }
        let cells = Cells::Record(&record);
        if has_record && !cells.is_blank() {
            let line = record.position().map_or(0, csv::Position::line);
            let flow = match width.replace(width.unwrap_or(cells.len())) {
                None => visitor.header(cells)?,
                Some(_) => visitor.row(line, cells)?,
            };
            if flow.is_break() {
                return Ok(());
            }
        }
        if !has_next {
            return match width {
                None => Err(unfinished(name, "it is empty; its first line should be the header")),
                Some(_) => Ok(()),
            };
        }
        std::mem::swap(&mut record, &mut next);
        has_record = true;
    }
}

/// A file that is still being written ends in the middle of something.
fn check_end<R>(
    name: &str,
    end: &RecordGuard<R>,
    last: Option<&StringRecord>,
    width: Option<usize>,
) -> Result<()> {
    if end.is_in_quotes() {
        return Err(unfinished(name, "it ends inside a quoted field"));
    }
    let (Some(last), Some(width)) = (last, width) else { return Ok(()) };
    if last.len() < width && !end.ends_with_line_end() {
        let detail = format!("its last line has {} of {width} cells and no line end", last.len());
        return Err(unfinished(name, detail));
    }
    Ok(())
}

fn choose(name: &str, choice: EncodingChoice, content: Content) -> Result<EncodingChoice> {
    let save_as = "save it as CSV UTF-8, or as XLSX";
    if content.head.starts_with(&[0xff, 0xfe]) || content.head.starts_with(&[0xfe, 0xff]) {
        return Err(unusable(name, "it is encoded in UTF-16", save_as));
    }
    if content.head.starts_with(b"PK\x03\x04") {
        return Err(unusable(
            name,
            "it is a spreadsheet, not a CSV file",
            "rename it to end in .xlsx, or save it as CSV",
        ));
    }
    let is_marked = content.head.starts_with(&[0xef, 0xbb, 0xbf]);
    match choice {
        EncodingChoice::Utf8 if !content.is_utf8 => Err(unusable(
            name,
            "it is not valid UTF-8",
            "save it as UTF-8, or set encoding = \"auto\" or \"gb18030\"",
        )),
        EncodingChoice::Auto if content.is_utf8 || is_marked => Ok(EncodingChoice::Utf8),
        EncodingChoice::Auto => Ok(EncodingChoice::Gb18030),
        // A byte order mark is proof, whatever was configured.
        EncodingChoice::Gb18030 if is_marked => Ok(EncodingChoice::Utf8),
        choice => Ok(choice),
    }
}

fn failure(file: &TableFile, error: csv::Error) -> ConnectorError {
    let name = &file.name;
    let line = error.position().map(csv::Position::line);
    match error.into_kind() {
        CsvKind::Io(source) if source.kind() == io::ErrorKind::InvalidData => unusable(
            name,
            source.to_string(),
            format!("look for a quote that is never closed in {name}"),
        ),
        CsvKind::Io(source) => io_error(format!("reading {name}"), &file.path, source),
        _ => unusable(
            name,
            format!("line {} is no CSV", line.unwrap_or_default()),
            "save it as CSV UTF-8",
        ),
    }
}

/// Passes decoded bytes on, knowing where records and quoted fields end.
///
/// It follows the same rules as the parser behind it: a quote opens a field only at its start.
struct RecordGuard<R> {
    inner: R,
    state: QuoteState,
    record_bytes: usize,
    last_byte: u8,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum QuoteState {
    FieldStart,
    Plain,
    Quoted,
    QuoteInQuoted,
}

impl<R> RecordGuard<R> {
    fn new(inner: R) -> Self {
        Self { inner, state: QuoteState::FieldStart, record_bytes: 0, last_byte: b'\n' }
    }

    fn is_in_quotes(&self) -> bool {
        self.state == QuoteState::Quoted
    }

    fn ends_with_line_end(&self) -> bool {
        matches!(self.last_byte, b'\n' | b'\r')
    }

    fn follow(&mut self, byte: u8) {
        use QuoteState::{FieldStart, Plain, QuoteInQuoted, Quoted};
        self.record_bytes += 1;
        self.last_byte = byte;
        self.state = match (self.state, byte) {
            (FieldStart, b'"') | (QuoteInQuoted, b'"') => Quoted,
            (Quoted, b'"') => QuoteInQuoted,
            (Quoted, _) => Quoted,
            (_, b'\n' | b'\r') => {
                self.record_bytes = 0;
                FieldStart
            }
            (_, b',') => FieldStart,
            _ => Plain,
        };
    }
}

impl<R: Read> Read for RecordGuard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        for byte in &buffer[..length] {
            self.follow(*byte);
        }
        if self.record_bytes > RECORD_BYTES_MAX {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("it holds a record of more than {} MiB", RECORD_BYTES_MAX >> 20),
            ));
        }
        Ok(length)
    }
}
