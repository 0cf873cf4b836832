//! Reads files of events and shows them as text.

use std::path::PathBuf;

use arrow::array::RecordBatch;
use arrow::json::LineDelimitedWriter;
use chrono::{DateTime, Utc};
use chrono_tz::Asia::Shanghai;
use serde_json::{Map, Value};
use tempfile::TempDir;
use yuanliu_scans::{CodeRules, EventReader, Receipt, Rejected, ScanError, ScanRules};

/// Every file arrives at this time.
pub(crate) fn arrived_at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_714_550_400, 0).unwrap()
}

/// No patterns, times in Shanghai.
pub(crate) fn rules() -> ScanRules {
    ScanRules::new(&CodeRules::default(), Shanghai).unwrap()
}

/// What became of a file.
#[derive(Debug, Default)]
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
    let mut reader = EventReader::open(&path, &rules(), arrived_at())?;
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
    assert_eq!(reader.bytes_read(), reader.bytes_total());
    Ok(outcome)
}

pub(crate) fn read(name: &str, content: impl AsRef<[u8]>) -> Outcome {
    try_read(name, content, 1_000).unwrap()
}

fn rows_of(batch: &RecordBatch) -> Vec<Map<String, Value>> {
    let mut writer = LineDelimitedWriter::new(Vec::new());
    writer.write(batch).unwrap();
    writer.finish().unwrap();
    let text = String::from_utf8(writer.into_inner()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
