//! Reading bytes in the two ways there are.

use std::io::{self, Read};
use std::sync::LazyLock;

use arrow::array::RecordBatch;
use arrow::json::LineDelimitedWriter;
use chrono::{DateTime, Utc};
use chrono_tz::Asia::Shanghai;
use yuanliu_scans::{CodeRules, EventReader, Format, Receipt, Rejected, ScanError, ScanRules};

use super::Row;

/// Two times of arrival: what differs between them was not said by the sender.
pub(super) const ARRIVALS: [i64; 2] = [1_714_550_400_123_457, 1_714_636_800_123_457];
const PIECE_BYTES: usize = 7;

static RULES: LazyLock<ScanRules> = LazyLock::new(|| {
    ScanRules::new(&CodeRules::default(), Shanghai).expect("there are no patterns")
});

/// What became of the bytes.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) rows: Vec<Row>,
    pub(super) rejected: Vec<Rejected>,
    pub(super) receipt: Receipt,
}

pub(super) fn read(bytes: &[u8], format: Format) -> Result<Reading, ScanError> {
    let reader =
        EventReader::from_bytes(bytes.to_vec(), format, "fuzz", &RULES, arrival(ARRIVALS[0]))?;
    drain(reader, 1_000)
}

/// A few bytes and a few rows at a time, and later.
pub(super) fn read_in_pieces(bytes: &[u8], format: Format) -> Result<Reading, ScanError> {
    let input = Pieces { bytes: bytes.to_vec(), at: 0 };
    let reader = EventReader::from_reader(input, format, "fuzz", &RULES, arrival(ARRIVALS[1]))?;
    drain(reader, 2)
}

pub(super) fn arrival(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).expect("a time")
}

fn drain(mut reader: EventReader, rows_max: usize) -> Result<Reading, ScanError> {
    let mut reading = Reading::default();
    while let Some(chunk) = reader.next_chunk(rows_max)? {
        assert!(chunk.receipt.total <= rows_max as u64);
        reading.rows.extend(rows_of(&chunk.events));
        reading.rejected.extend(chunk.rejected);
        reading.receipt.add(&chunk.receipt);
    }
    assert!(reader.bytes_total() == 0 || reader.bytes_read() == reader.bytes_total());
    Ok(reading)
}

fn rows_of(batch: &RecordBatch) -> Vec<Row> {
    let mut writer = LineDelimitedWriter::new(Vec::new());
    writer.write(batch).expect("events are shown as JSON");
    writer.finish().expect("events are shown as JSON");
    let text = writer.into_inner();
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).expect("a row is an object")).collect()
}

/// The line an accepted event starts on.
pub(super) fn line_of(row: &Row) -> u64 {
    row.get("source_line").and_then(serde_json::Value::as_u64).expect("every event has its line")
}

struct Pieces {
    bytes: Vec<u8>,
    at: usize,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let count = rest.len().min(PIECE_BYTES).min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}
