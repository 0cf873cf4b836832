//! Reads files of events and shows them as text.

use std::io::Cursor;
use std::path::PathBuf;

use arrow::array::RecordBatch;
use arrow::json::LineDelimitedWriter;
use chrono::{DateTime, Utc};
use chrono_tz::Asia::Shanghai;
use serde_json::{Map, Value};
use tempfile::TempDir;
use yuanliu_scans::{CodeRules, EventReader, Format, Receipt, Rejected, ScanError, ScanRules};

/// Every file arrives at this time.
pub(crate) fn arrived_at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_714_550_400, 0).unwrap()
}

/// No patterns, times in Shanghai.
pub(crate) fn rules() -> ScanRules {
    ScanRules::new(&CodeRules::default(), Shanghai).unwrap()
}

/// What became of a file.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) rows: Vec<Map<String, Value>>,
    pub(crate) rejected: Vec<Rejected>,
    pub(crate) receipt: Receipt,
    pub(crate) chunks: usize,
}

impl Outcome {
    /// One column of every row, as JSON.
    pub(crate) fn column(&self, name: &str) -> Vec<String> {
        let value = |row: &Map<String, Value>| row.get(name).map_or("-".into(), Value::to_string);
        self.rows.iter().map(value).collect()
    }

    /// `line reason` of every rejected record.
    pub(crate) fn reasons(&self) -> Vec<String> {
        self.rejected.iter().map(|one| format!("{} {}", one.line, one.reason)).collect()
    }
}

pub(crate) fn write(name: &str, content: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    (folder, path)
}

pub(crate) fn try_read(
    name: &str,
    content: impl AsRef<[u8]>,
    rows_max: usize,
) -> Result<Outcome, ScanError> {
    let (_folder, path) = write(name, content.as_ref());
    let outcome =
        EventReader::open(&path, &rules(), arrived_at()).and_then(|reader| drain(reader, rows_max));
    if let Some(format) = format_of(name) {
        let bytes = content.as_ref().to_vec();
        let stream = Cursor::new(bytes.clone());
        let others = [
            EventReader::from_bytes(bytes, format, name, &rules(), arrived_at()),
            EventReader::from_reader(stream, format, name, &rules(), arrived_at()),
        ];
        for other in others.map(|reader| reader.and_then(|reader| drain(reader, rows_max))) {
            match (&outcome, other) {
                (Ok(outcome), Ok(other)) => assert_eq!(*outcome, other),
                (Err(_), Err(_)) => {}
                (_, other) => panic!("{outcome:?} from a file, {other:?} from memory"),
            }
        }
    }
    outcome
}

/// `None` is a format that is read from files only.
fn format_of(name: &str) -> Option<Format> {
    match name.rsplit_once('.')?.1 {
        "jsonl" | "NDJSON" => Some(Format::JsonLines),
        "json" => Some(Format::Json),
        "csv" => Some(Format::Csv),
        _ => None,
    }
}

pub(crate) fn drain(mut reader: EventReader, rows_max: usize) -> Result<Outcome, ScanError> {
    let mut outcome = Outcome::default();
    while let Some(chunk) = reader.next_chunk(rows_max)? {
        assert!(chunk.receipt.total <= rows_max as u64);
        assert_eq!(chunk.events.num_rows() as u64, chunk.receipt.accepted);
        outcome.rows.extend(rows_of(&chunk.events));
        outcome.rejected.extend(chunk.rejected);
        outcome.receipt.add(&chunk.receipt);
        outcome.chunks += 1;
    }
    let counts = &outcome.receipt;
    assert_eq!(counts.total, counts.accepted + counts.rejected);
    assert!(reader.bytes_total() == 0 || reader.bytes_read() == reader.bytes_total());
    assert!(outcome.rejected.is_sorted_by_key(|one| one.record));
    Ok(outcome)
}

pub(crate) fn read(name: &str, content: impl AsRef<[u8]>) -> Outcome {
    try_read(name, content, 1_000).unwrap()
}

pub(crate) fn rows_of(batch: &RecordBatch) -> Vec<Map<String, Value>> {
    let mut writer = LineDelimitedWriter::new(Vec::new());
    writer.write(batch).unwrap();
    writer.finish().unwrap();
    let text = String::from_utf8(writer.into_inner()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
