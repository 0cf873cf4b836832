//! Written anew in any form, a record says the same.

use chrono::SecondsFormat;
use serde_json::{Map, Value};
use yuanliu_scans::{CODE_LENGTH_MAX, Format, Reason, Rejected};

use super::reading::{ARRIVALS, Reading, arrival, read};
use super::{Row, records};

/// Where a row has another name than the record, or where it came from.
const NOT_SAID: [&str; 6] =
    ["codes", "printed_codes", "content_hash", "source_file", "source_line", "landed_at"];
const TIMES: [&str; 2] = ["event_time", "recorded_at"];

pub(super) fn check(whole: &Reading, bytes: &[u8], format: Format) {
    if let Some(texts) = records::texts(bytes, format) {
        check_texts(whole, &texts);
    }
    let stored: Vec<(&Row, Map<String, Value>)> =
        whole.rows.iter().filter_map(|row| Some((row, record_of(row)?))).collect();
    let once = read_all(stored.iter().map(|(_, record)| record));
    let again: Vec<_> = once.iter().map(|row| record_of(row).expect("as before")).collect();
    let twice = read_all(again.iter());
    let is_plain = is_plain(bytes);
    for (((before, _), once), twice) in stored.iter().zip(&once).zip(&twice) {
        assert_eq!(said(before, !is_plain), said(once, !is_plain));
        assert_eq!(said(once, false), said(twice, false));
    }
}

/// Whether the codes of the rows are all that was said: none is reduced to what another says too,
/// and none is left out for being an alias of itself.
fn is_plain(bytes: &[u8]) -> bool {
    let letters: Vec<u8> = bytes
        .iter()
        .filter(|byte| !matches!(byte, b'_' | b'-' | b' '))
        .map(u8::to_ascii_lowercase)
        .collect();
    let has = |part: &[u8]| letters.windows(part.len()).any(|found| found == part);
    bytes.is_ascii() && ![&b"\\"[..], b"(", b"://", b"alias"].into_iter().any(has)
}

/// The accepted records in another order of fields, another format and another layout.
fn check_texts(whole: &Reading, texts: &[std::borrow::Cow<'_, [u8]>]) {
    let rejected: Vec<u64> = whole.rejected.iter().map(|one| one.record).collect();
    let accepted = (1_u64..).zip(texts).filter(|(at, _)| rejected.binary_search(at).is_err());
    let records: Vec<Map<String, Value>> = accepted
        .map(|(_, text)| serde_json::from_slice(text).expect("an accepted record is an object"))
        .collect();
    let turned: Vec<Map<String, Value>> =
        records.iter().map(|record| record.clone().into_iter().rev().collect()).collect();
    let layouts = [
        (lines_of(records.iter()), Format::JsonLines),
        (lines_of(turned.iter()), Format::Json),
        (serde_json::to_vec(&records).expect("text"), Format::Json),
        (serde_json::to_vec_pretty(&turned).expect("text"), Format::Json),
    ];
    for (bytes, format) in layouts {
        let other = read(&bytes, format).expect("JSON is never refused as a whole");
        assert_eq!(other.rejected, [], "{format:?}");
        assert_eq!(other.rows.len(), whole.rows.len(), "{format:?}");
        for (one, other) in whole.rows.iter().zip(&other.rows) {
            assert_eq!(said(one, false), said(other, false), "{format:?}");
        }
    }
}

/// What is kept of a record that breaks a rule breaks the same rule.
pub(super) fn check_rejected_again(rejected: &Rejected) {
    let is_unread = matches!(
        rejected.reason,
        Reason::LineLengthMax
            | Reason::EncodingInvalid
            | Reason::JsonInvalid
            | Reason::NotAnObject
            | Reason::CsvColumns
            | Reason::CsvQuote
    );
    if !is_unread {
        let again = read(rejected.payload.as_bytes(), Format::Json).expect("as before");
        let reasons: Vec<_> = again.rejected.iter().map(|one| one.reason).collect();
        assert_eq!(reasons, [rejected.reason], "{rejected:?}");
    }
}

fn read_all<'r>(records: impl Iterator<Item = &'r Map<String, Value>>) -> Vec<Row> {
    let reading = read(&lines_of(records), Format::JsonLines).expect("as before");
    assert_eq!(reading.rejected, [], "of what was accepted before");
    reading.rows
}

fn lines_of<'r>(records: impl Iterator<Item = &'r Map<String, Value>>) -> Vec<u8> {
    let line = |record: &Map<String, Value>| serde_json::to_vec(record).expect("text");
    records.map(line).collect::<Vec<_>>().join(&b'\n')
}

/// The record that a row tells; `None` if it cannot be written as one.
fn record_of(row: &Row) -> Option<Map<String, Value>> {
    let said = row.iter().filter(|(name, _)| !NOT_SAID.contains(&name.as_str()));
    let mut record: Map<String, Value> =
        said.map(|(name, value)| (name.clone(), value.clone())).collect();
    if let Some(printed) = row.get("printed_codes") {
        record.insert("codes".to_owned(), printed.clone());
    }
    let arrived = arrival(ARRIVALS[0]).to_rfc3339_opts(SecondsFormat::AutoSi, true);
    if record.get("recorded_at").and_then(Value::as_str) == Some(&arrived) {
        record.remove("recorded_at");
    }
    record.entry("event_time").or_insert("1900-01-01".into());
    let is_written = |name: &&str| match record.get(*name).and_then(Value::as_str) {
        // Beyond these years an instant is "no time" in some zone, or has no four digits.
        Some(time) => time == "1900-01-01" || ("1902"..="9998").contains(&&time[..4]),
        None => true,
    };
    let is_long = |code: &Value| code.as_str().is_some_and(|code| code.len() > CODE_LENGTH_MAX);
    let has_long_code = record.get("parent_code").is_some_and(is_long)
        || record
            .get("aliases")
            .and_then(Value::as_array)
            .is_some_and(|all| all.iter().any(is_long));
    (TIMES.iter().all(is_written) && !has_long_code).then_some(record)
}

/// The row without what the way to it decides.
fn said(row: &Row, is_hash_free: bool) -> Map<String, Value> {
    let is_way = |name: &str| {
        matches!(name, "source_file" | "source_line" | "landed_at")
            || (is_hash_free && name == "content_hash")
    };
    let said = row.iter().filter(|(name, _)| !is_way(name));
    said.map(|(name, value)| (name.clone(), value.clone())).collect()
}
