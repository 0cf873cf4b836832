//! Nothing is lost and nothing is invented on the way from bytes to events.

mod reading;
mod records;
mod respelled;

use serde_json::{Map, Value};
use yuanliu_scans::{Format, Rejected, ScanError};

use reading::{Reading, line_of, read, read_in_pieces};

/// One accepted event as a JSON object.
type Row = Map<String, Value>;

/// Panics if reading these bytes breaks a rule of the event stream.
pub(crate) fn check(bytes: &[u8], format: Format) {
    let whole = match (read(bytes, format), read_in_pieces(bytes, format)) {
        (Ok(whole), Ok(pieces)) => {
            assert_same(&whole, &pieces);
            whole
        }
        (Err(one), Err(other)) => {
            assert_eq!(one.to_string(), other.to_string());
            return check_refused(&one, bytes, format);
        }
        (one, other) => panic!("{one:?} at once, {other:?} in pieces"),
    };
    check_counts(&whole);
    if let Some(expected) = records::count(bytes, format) {
        assert_eq!(whole.receipt.total, expected, "of the records in the file");
    }
    for rejected in &whole.rejected {
        check_rejected(rejected, bytes, format);
    }
    respelled::check(&whole, bytes, format);
}

fn assert_same(whole: &Reading, pieces: &Reading) {
    assert_eq!(whole.receipt, pieces.receipt);
    assert_eq!(whole.rejected, pieces.rejected);
    assert_eq!(whole.rows.len(), pieces.rows.len());
    for (one, other) in whole.rows.iter().zip(&pieces.rows) {
        for (name, value) in one {
            // The second reading came at another time.
            let is_arrival = name == "landed_at" || name == "recorded_at";
            assert!(is_arrival || other.get(name) == Some(value), "{name}: {one:?} {other:?}");
        }
    }
}

/// A file is refused as a whole only for what makes every record of it unreadable.
fn check_refused(error: &ScanError, bytes: &[u8], format: Format) {
    match error {
        ScanError::Utf16 { .. } => {
            assert!(bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]));
        }
        ScanError::Header { .. } => assert_eq!(format, Format::Csv),
        other => panic!("{other}"),
    }
}

/// Every record is accepted or rejected, once, in the order of the file.
fn check_counts(reading: &Reading) {
    let receipt = &reading.receipt;
    assert_eq!(receipt.total, receipt.accepted + receipt.rejected);
    assert_eq!(receipt.accepted, reading.rows.len() as u64);
    assert_eq!(receipt.rejected, reading.rejected.len() as u64);
    assert_eq!((receipt.duplicate, receipt.collisions), (0, 0));
    assert_eq!(receipt.rejected, receipt.reasons.values().sum::<u64>());
    for (reason, count) in &receipt.reasons {
        let with_it = reading.rejected.iter().filter(|one| one.reason.as_str() == reason).count();
        assert_eq!(with_it as u64, *count, "{reason}");
    }
    assert!(reading.rejected.is_sorted_by(|one, next| one.record < next.record));
    assert!(reading.rejected.is_sorted_by(|one, next| one.line <= next.line));
    assert!(reading.rejected.iter().all(|one| (1..=receipt.total).contains(&one.record)));
    assert!(reading.rows.is_sorted_by_key(line_of));
}

/// A rejected record says why in words, and keeps what came.
fn check_rejected(rejected: &Rejected, bytes: &[u8], format: Format) {
    let reason = rejected.reason.as_str();
    assert!(!reason.is_empty() && reason.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
    let words = rejected.message.strip_prefix(rejected.reason.title_zh());
    assert!(words.is_some_and(|words| words.len() > 2), "{rejected:?}");
    assert!(!rejected.message.chars().any(char::is_control), "{rejected:?}");
    records::check_kept(rejected, bytes, format);
    respelled::check_rejected_again(rejected);
}
