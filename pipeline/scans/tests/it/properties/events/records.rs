//! The records of a file as other readers find them.

use std::borrow::Cow;

use encoding_rs::GB18030;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use yuanliu_scans::{Format, Reason, Rejected};

/// How many records there are; `None` where only the reader itself can tell.
pub(super) fn count(bytes: &[u8], format: Format) -> Option<u64> {
    match format {
        Format::Csv => rows(bytes),
        _ => texts(bytes, format).map(|texts| texts.len() as u64),
    }
}

/// The texts of the records of a JSON file.
pub(super) fn texts(bytes: &[u8], format: Format) -> Option<Vec<Cow<'_, [u8]>>> {
    let bytes = without_mark(bytes);
    match format {
        Format::Csv => None,
        Format::JsonLines => {
            let lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
            Some(lines.filter(|line| !line.is_empty()).map(Cow::Borrowed).collect())
        }
        Format::Json if bytes.trim_ascii_start().starts_with(b"[") => {
            let list: Vec<&RawValue> = serde_json::from_slice(bytes).ok()?;
            Some(list.iter().map(|value| Cow::Borrowed(value.get().as_bytes())).collect())
        }
        Format::Json => {
            let objects = serde_json::Deserializer::from_slice(bytes).into_iter();
            let objects: Result<Vec<Map<String, Value>>, _> = objects.collect();
            let text = |object| Cow::Owned(Value::Object(object).to_string().into_bytes());
            Some(objects.ok()?.into_iter().map(text).collect())
        }
    }
}

/// The rows of a CSV file, its header left out; with quotation marks a row is no longer a line.
fn rows(bytes: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(without_mark(bytes)).ok()?;
    if text.contains('"') {
        return None;
    }
    let filled = text.split('\n').filter(|line| !line.replace(',', "").trim().is_empty());
    Some(filled.count().saturating_sub(1) as u64)
}

/// Panics unless the payload is what came.
pub(super) fn check_kept(rejected: &Rejected, bytes: &[u8], format: Format) {
    let payload = &rejected.payload;
    let is_row = !matches!(
        rejected.reason,
        Reason::LineLengthMax | Reason::EncodingInvalid | Reason::CsvColumns | Reason::CsvQuote
    );
    match format {
        Format::Csv if is_row => {
            let object = serde_json::from_str::<Map<String, Value>>(payload);
            assert!(object.is_ok(), "{rejected:?}");
        }
        Format::Csv => {
            let in_utf8 = String::from_utf8_lossy(bytes);
            let in_gb18030 = GB18030.decode_without_bom_handling(bytes).0;
            let is_kept = in_utf8.contains(payload) || in_gb18030.contains(payload);
            assert!(is_kept && !payload.is_empty(), "{rejected:?}");
        }
        Format::JsonLines => {
            let mut lines = without_mark(bytes).split(|byte| *byte == b'\n');
            let line = lines.nth(rejected.line as usize - 1).unwrap_or_default();
            assert_eq!(*payload, String::from_utf8_lossy(line.trim_ascii()));
        }
        Format::Json => {
            let is_cut_off = rejected.message.contains("the list is not closed");
            assert!(String::from_utf8_lossy(bytes).contains(payload), "{rejected:?}");
            assert!(!payload.is_empty() || is_cut_off, "{rejected:?}");
        }
    }
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}
