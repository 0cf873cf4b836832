//! Reading a file of scan events in bounded chunks.

use std::borrow::Cow;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::RecordBatch;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::csv_records::CsvReader;
use crate::encoding::Encoding;
use crate::error::ScanError;
use crate::event::ScanEvent;
use crate::fields::Field;
use crate::flat::read_flat;
use crate::json_values::ValueReader;
use crate::lines::LineReader;
use crate::names;
use crate::parse::{parse_event, read_slots};
use crate::receipt::Receipt;
use crate::record::{Body, Column, Record, Row, Slots};
use crate::reject::{Reason, Rejected, Rejection, shown};
use crate::rows::EventRows;
use crate::rules::ScanRules;
use crate::source::{Format, Input, Source, format_of, memory, open, stream};

/// A chunk ends after so many bytes of records, however few they are.
const CHUNK_BYTES_MAX: usize = 16 * 1024 * 1024;

/// A part of a file or stream.
#[derive(Debug)]
pub struct Chunk {
    /// The events, in the order of the file.
    pub events: RecordBatch,
    /// The records that break a rule.
    pub rejected: Vec<Rejected>,
    /// Their counts; every event counts as accepted until it is classified.
    pub receipt: Receipt,
}

/// Reads one file or stream from beginning to end.
///
/// Holds one chunk: the rows asked for, at most 16 MiB of records, none of them over 4 MiB.
pub struct EventReader {
    path: PathBuf,
    rules: ScanRules,
    arrived_at: DateTime<Utc>,
    records: Records,
    records_read: u64,
    rows: EventRows,
    bytes_read: Arc<AtomicU64>,
    bytes_total: u64,
}

enum Records {
    Lines(LineReader),
    Values(ValueReader),
    Csv(CsvReader),
}

impl EventReader {
    /// Opens a file; the extension says what it is: `.jsonl`, `.ndjson`, `.json` (a list, or objects
    /// one after the other) or `.csv`, each also with `.gz`.
    pub fn open(
        path: &Path,
        rules: &ScanRules,
        arrived_at: DateTime<Utc>,
    ) -> Result<Self, ScanError> {
        let (format, is_compressed) = format_of(path)?;
        let source = open(path, format, is_compressed)?;
        let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        Self::of_source(source, format, path, &name, rules, arrived_at)
    }

    /// Reads bytes in memory, for instance the body of a request; they are not copied.
    ///
    /// `source_name` stands in `source_file` and in messages.
    pub fn from_bytes(
        bytes: impl AsRef<[u8]> + Send + Sync + 'static,
        format: Format,
        source_name: &str,
        rules: &ScanRules,
        arrived_at: DateTime<Utc>,
    ) -> Result<Self, ScanError> {
        let path = Path::new(source_name);
        let source = memory(bytes, format, path)?;
        Self::of_source(source, format, path, source_name, rules, arrived_at)
    }

    /// Reads any stream once; the encoding of CSV is told from its first megabyte.
    ///
    /// Otherwise as [`EventReader::from_bytes`]. How long the stream is the caller bounds.
    pub fn from_reader(
        input: impl Read + Send + 'static,
        format: Format,
        source_name: &str,
        rules: &ScanRules,
        arrived_at: DateTime<Utc>,
    ) -> Result<Self, ScanError> {
        let path = Path::new(source_name);
        let source = stream(input, format, path)?;
        Self::of_source(source, format, path, source_name, rules, arrived_at)
    }

    fn of_source(
        source: Source,
        format: Format,
        path: &Path,
        name: &str,
        rules: &ScanRules,
        arrived_at: DateTime<Utc>,
    ) -> Result<Self, ScanError> {
        let Source { input, encoding, bytes_read, bytes_total } = source;
        let records = match format {
            Format::JsonLines => Records::Lines(LineReader::new(input)),
            Format::Json => Records::Values(ValueReader::new(input)),
            Format::Csv => Records::Csv(open_csv(path, input, encoding)?),
        };
        Ok(Self {
            path: path.to_owned(),
            rules: rules.clone(),
            arrived_at,
            records,
            records_read: 0,
            rows: EventRows::new(name, arrived_at),
            bytes_read,
            bytes_total,
        })
    }

    /// The next at most `rows_max` records, or `None` at the end of the file.
    ///
    /// After an error the file is to be opened again; chunks handed out before it stand.
    pub fn next_chunk(&mut self, rows_max: usize) -> Result<Option<Chunk>, ScanError> {
        let mut receipt = Receipt::default();
        let mut rejected = Vec::new();
        let mut bytes = 0;
        while receipt.total < rows_max.max(1) as u64 && bytes < CHUNK_BYTES_MAX {
            let line = self.records.line();
            let record = self.records.next().map_err(|e| read_failed(&self.path, line, e))?;
            let Some(record) = record else {
                break;
            };
            bytes += record.body.bytes();
            self.records_read += 1;
            let line = record.line;
            match take(record, &self.rules, self.arrived_at, &mut self.rows) {
                Ok(has_time) => receipt.accept(has_time),
                Err((rejection, payload)) => {
                    receipt.reject(rejection.reason);
                    rejected.push(Rejected::new(self.records_read, line, &rejection, &payload));
                }
            }
        }
        if receipt.total == 0 {
            return Ok(None);
        }
        let events = self.rows.finish();
        let events =
            events.map_err(|source| ScanError::Rows { path: self.path.clone(), source })?;
        Ok(Some(Chunk { events, rejected, receipt }))
    }

    /// Bytes read so far, as stored: for a progress bar.
    pub fn bytes_read(&self) -> u64 {
        self.bytes_read.load(Ordering::Relaxed)
    }

    /// Bytes in all, as stored; 0 for a stream.
    pub fn bytes_total(&self) -> u64 {
        self.bytes_total
    }
}

impl Records {
    fn next(&mut self) -> io::Result<Option<Record<'_>>> {
        match self {
            Self::Lines(records) => records.next(),
            Self::Values(records) => records.next(),
            Self::Csv(records) => records.next(),
        }
    }

    fn line(&self) -> u64 {
        match self {
            Self::Lines(records) => records.line(),
            Self::Values(records) => records.line(),
            Self::Csv(records) => records.line(),
        }
    }
}

impl Body<'_> {
    fn bytes(&self) -> usize {
        match self {
            Self::Json(text) => text.len(),
            Self::Broken(_, text) => text.len(),
            Self::Row(row) => row.text.len(),
        }
    }
}

/// Adds the event of a record and says whether it has a time; else the reason and the payload.
fn take<'a>(
    record: Record<'a>,
    rules: &ScanRules,
    arrived_at: DateTime<Utc>,
    rows: &mut EventRows,
) -> Result<bool, (Rejection, Cow<'a, str>)> {
    match record.body {
        Body::Broken(rejection, text) => Err((rejection, text)),
        Body::Json(text) => {
            let taken = take_json(text, record.line, rules, arrived_at, rows);
            taken.map_err(|rejection| (rejection, String::from_utf8_lossy(text)))
        }
        Body::Row(row) => take_row(row, record.line, rules, arrived_at, rows)
            .map_err(|rejection| (rejection, Cow::Owned(row.to_json()))),
    }
}

fn take_json(
    text: &[u8],
    line: u64,
    rules: &ScanRules,
    arrived_at: DateTime<Utc>,
    rows: &mut EventRows,
) -> Result<bool, Rejection> {
    let Ok(text) = std::str::from_utf8(text) else {
        return Err(Rejection::new(Reason::EncodingInvalid, "write the record as UTF-8"));
    };
    if let Some(slots) = read_flat(text) {
        return Ok(keep(&read_slots(&slots, rules, arrived_at)?, line, rows));
    }
    Ok(keep(&parse_event(&json_object(text)?, rules, arrived_at)?, line, rows))
}

fn keep(event: &ScanEvent<'_>, line: u64, rows: &mut EventRows) -> bool {
    rows.push(event, line);
    event.event_time_us.is_some()
}

fn take_row(
    row: Row<'_>,
    line: u64,
    rules: &ScanRules,
    arrived_at: DateTime<Utc>,
    rows: &mut EventRows,
) -> Result<bool, Rejection> {
    Ok(keep(&read_slots(&Slots::of_row(row)?, rules, arrived_at)?, line, rows))
}

fn json_object(text: &str) -> Result<Map<String, Value>, Rejection> {
    serde_json::from_str(text).map_err(|error| match serde_json::from_str::<Value>(text) {
        Ok(_) => Rejection::new(Reason::NotAnObject, "write one JSON object per event"),
        Err(_) => Rejection::new(Reason::JsonInvalid, format!("{error}; send the record again")),
    })
}

fn open_csv(path: &Path, input: Input, encoding: Encoding) -> Result<CsvReader, ScanError> {
    let problem = |problem: String| ScanError::Header { path: path.to_owned(), problem };
    let mut reader = CsvReader::new(input, encoding);
    let names = reader
        .read_header()
        .map_err(|source| read_failed(path, 0, source))?
        .map_err(|rejection| problem(format!("cannot be read: {}", rejection.detail)))?;
    let columns = header_columns(names).map_err(problem)?;
    reader.set_columns(columns);
    Ok(reader)
}

fn header_columns(names: Vec<String>) -> Result<Vec<Column>, String> {
    let mut columns: Vec<Column> = Vec::with_capacity(names.len());
    if let [only] = names.as_slice()
        && only.contains([';', '\t', '|'])
    {
        return Err("has one column; separate the columns by commas".to_owned());
    }
    for (at, name) in names.into_iter().enumerate() {
        let name = if name.is_empty() { format!("column_{}", at + 1) } else { name };
        let field = names::field(&name);
        let is_same = |other: &&Column| match field {
            Some(_) => other.field == field,
            None => other.name == name,
        };
        if let Some(first) = columns.iter().find(is_same) {
            let (first, second) = (shown(&first.name), shown(&name));
            return Err(format!("names one column twice: `{first}` and `{second}`; remove one"));
        }
        columns.push(Column { field, name });
    }
    for needed in [Field::EventType, Field::EventTime] {
        if !columns.iter().any(|column| column.field == Some(needed)) {
            return Err(format!("has no column `{}`; add it", needed.name()));
        }
    }
    Ok(columns)
}

fn read_failed(path: &Path, line: u64, source: io::Error) -> ScanError {
    ScanError::Read { path: path.to_owned(), line, source }
}
