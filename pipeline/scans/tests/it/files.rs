//! Files: formats, encodings, bounds and damage.

use std::io::Write;

use crate::support::{read, try_read, write};
use encoding_rs::GB18030;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use yuanliu_scans::ScanError;

const LINE: &str = r#"{"event_type":"ship","event_time":"2024-05-01T08:00:00+08:00","codes":"A"}"#;
const HEADER: &str = "event_type,event_time,codes,address";
const ROW: &str = "ship,2024-05-01 08:00:00,a1;a2,上海市浦东新区";

fn csv(rows: &[&str]) -> String {
    [&[HEADER], rows].concat().join("\n")
}

#[test]
fn lines_are_read_whatever_their_ends() {
    let outcome = read("a.jsonl", format!("\u{feff}{LINE}\r\n\n  \n{LINE}"));
    assert_eq!(outcome.column("source_line"), ["1", "4"]);
    assert_eq!(read("a.NDJSON", LINE).receipt.accepted, 1);
    assert_eq!(read("a.jsonl", "").receipt.total, 0);
}

#[test]
fn chunks_have_the_asked_size() {
    let outcome = try_read("a.jsonl", [LINE; 7].join("\n"), 3).unwrap();
    assert_eq!((outcome.chunks, outcome.receipt.accepted), (3, 7));
}

#[test]
fn a_damaged_line_costs_only_itself() {
    let long = "x".repeat(5 << 20);
    let mut bytes = format!("{LINE}\n{long}\n{LINE}\n").into_bytes();
    bytes.extend_from_slice(b"{\"a\":\"\xff\"}\n");
    bytes.extend_from_slice(&LINE.as_bytes()[..30]);
    let outcome = read("a.jsonl", bytes);
    assert_eq!(outcome.reasons(), ["2 line_length_max", "4 encoding_invalid", "5 json_invalid"]);
    assert_eq!(outcome.receipt.accepted, 2);
}

#[test]
fn json_lists_and_objects_are_streamed() {
    let pretty = LINE.replace(',', ",\n  ");
    for (text, accepted, reasons) in [
        (format!("[{LINE}, {pretty}\n,{LINE}]\n"), 3, vec![]),
        (format!("{pretty}\n{LINE}{LINE}"), 3, vec![]),
        ("[]".to_owned(), 0, vec![]),
        (format!("[{LINE},\n5,\n{LINE}]"), 2, vec!["2 not_an_object"]),
        (format!("[{LINE},\n{{\"a\":]}},\n{LINE}]"), 2, vec!["2 json_invalid"]),
        (format!("[{LINE},\n{}", &LINE[..30]), 1, vec!["2 json_invalid"]),
        (format!("[{LINE},\n"), 1, vec!["2 json_invalid"]),
        (format!("[{LINE}]\n[{LINE}]"), 1, vec!["2 json_invalid"]),
        (r#"[{"a":"]},{\"["}]"#.to_owned(), 0, vec!["1 event_type_missing"]),
    ] {
        let outcome = read("a.json", &text);
        assert_eq!(outcome.reasons(), reasons, "{text}");
        assert_eq!(outcome.receipt.accepted, accepted, "{text}");
    }
}

#[test]
fn compressed_files_are_read_and_cut_off_ones_say_so() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all([LINE; 50].join("\n").as_bytes()).unwrap();
    let bytes = encoder.finish().unwrap();
    assert_eq!(read("a.jsonl.gz", &bytes).receipt.accepted, 50);
    let cut = try_read("a.jsonl.gz", &bytes[..bytes.len() - 12], 10).unwrap_err();
    assert!(matches!(cut, ScanError::Read { .. }), "{cut}");
}

#[test]
fn csv_is_read_in_utf8_and_gb18030() {
    let text = csv(&[ROW, "verify,2024-05-01 08:00,b1,\"说\"\"好\"\",\n吧\""]);
    let gb18030 = GB18030.encode(&text).0.into_owned();
    let marked = format!("\u{feff}{text}").into_bytes();
    for bytes in [text.into_bytes(), gb18030, marked] {
        let outcome = read("a.csv", bytes);
        assert_eq!(outcome.reasons(), [""; 0]);
        assert_eq!(outcome.column("codes"), [r#"["A1","A2"]"#, r#"["B1"]"#]);
        assert_eq!(outcome.column("address"), ["\"上海市浦东新区\"", r#""说\"好\",\n吧""#]);
        assert_eq!(outcome.column("source_line"), ["2", "3"]);
    }
}

#[test]
fn a_row_that_is_no_text_does_not_change_the_encoding_of_a_file() {
    let mut bytes = csv(&[ROW, ROW, ""]).into_bytes();
    bytes.extend_from_slice(&GB18030.encode(ROW).0);
    let outcome = read("a.csv", bytes);
    assert_eq!(outcome.reasons(), ["4 encoding_invalid"]);
    assert_eq!(outcome.receipt.accepted, 2);
}

#[test]
fn damaged_rows_cost_only_themselves() {
    let long = format!("ship,2024-05-01 08:00:00,{},x", "9".repeat(5 << 20));
    let text = csv(&[
        ROW,
        "ship,2024-05-01 08:00:00,a1",
        "ship,2024-05-01 08:00:00,a1,x,y",
        "ship,2024-05-01 08:00:00,a1,x,,",
        "ship,2024-05-01 08:00:00,a1,\"open",
        ROW,
        "ship,2024-05-01 08:00:00,a1,\"a\"b",
        ",,,",
        &long,
        "ship,never,a1,x",
        ROW,
        "ship,2024-05-01 08:00:00,a1,\"open",
        ROW,
        "ship,2024-05",
    ]);
    let outcome = read("a.csv", text);
    assert_eq!(
        outcome.reasons(),
        [
            "3 csv_columns",
            "4 csv_columns",
            "6 csv_quote",
            "8 csv_quote",
            "10 line_length_max",
            "11 event_time_invalid",
            "13 csv_quote",
            "15 csv_columns",
        ]
    );
    assert_eq!(outcome.column("source_line"), ["2", "5", "7", "12", "14"]);
    let payload = r#"{"event_type":"ship","event_time":"never","codes":["a1"],"address":"x"}"#;
    assert_eq!(outcome.rejected[5].payload, payload);
}

#[test]
fn what_is_rejected_is_kept() {
    let outcome = read("a.json", format!("[{LINE}]\n{{\"a\":1}} b\n"));
    assert_eq!(outcome.rejected[0].payload, "{\"a\":1} b\n");
    let text = csv(&[ROW, ROW, "ship,上海市", "ship,\"上海市"]);
    for bytes in [GB18030.encode(&text).0.into_owned(), text.into_bytes()] {
        let outcome = read("a.csv", bytes);
        assert_eq!(outcome.reasons(), ["4 csv_columns", "5 csv_quote"]);
        assert_eq!(outcome.rejected[0].payload, "ship,上海市");
        assert_eq!(outcome.rejected[1].payload, "ship,\"上海市");
    }
}

#[test]
fn a_useless_header_is_an_error_of_the_file() {
    for (text, expected) in [
        ("", "has no column `event_type`"),
        ("event_time,codes\n", "has no column `event_type`"),
        ("event_type,codes\n", "has no column `event_time`"),
        ("event_type,event_time,eventType\n", "`event_type` and `eventType`"),
        ("event_type,event_time,备注,备注\n", "`备注` and `备注`"),
        ("event_type,event_time,column_4,\n", "`column_4` and `column_4`"),
        ("event_type;event_time;codes\n", "separate the columns by commas"),
        ("\"event_type,event_time", "cannot be read"),
    ] {
        let error = try_read("a.csv", text, 10).unwrap_err();
        assert!(matches!(error, ScanError::Header { .. }), "{error}");
        assert!(error.to_string().contains(expected), "{error}");
    }
    assert_eq!(read("a.csv", HEADER).receipt.total, 0);
}

#[test]
fn columns_without_a_name_or_meaning_become_attributes() {
    let text = "Event-Type,eventTime,code,备注,\nship,2024-05-01 08:00:00,a1,急,x\n";
    let outcome = read("a.csv", text);
    assert_eq!(outcome.rows[0]["attributes"], r#"{"column_5":"x","备注":"急"}"#);
}

#[test]
fn files_that_are_none_of_ours_are_refused() {
    let message = |name: &str, bytes: &[u8]| try_read(name, bytes, 10).unwrap_err().to_string();
    assert!(message("a.xlsx", b"PK").contains("no known extension"));
    assert!(message("a.csv", b"\xff\xfee\0v\0").contains("UTF-16"));
    let (folder, _) = write("a.csv", b"");
    let gone = folder.path().join("gone.jsonl");
    let opened = yuanliu_scans::EventReader::open(
        &gone,
        &crate::support::rules(),
        crate::support::arrived_at(),
    );
    assert!(matches!(opened.err(), Some(ScanError::Open { .. })));
}

proptest! {
    #[test]
    fn cells_survive_quoting(cells in prop::collection::vec("[a,\"\n\r 源;]{0,6}", 1..6)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["event_type", "event_time", "codes", "备注"]).unwrap();
        for cell in &cells {
            writer.write_record(["ship", "2024-05-01 08:00:00", "a1", cell]).unwrap();
        }
        let outcome = read("a.csv", writer.into_inner().unwrap());
        let expected: Vec<String> = cells
            .iter()
            .map(|cell| match cell.trim() {
                "" => "-".to_owned(),
                cell => {
                    serde_json::Value::from(serde_json::json!({"备注": cell}).to_string()).to_string()
                }
            })
            .collect();
        prop_assert_eq!(outcome.column("attributes"), expected);
    }

    #[test]
    fn garbage_is_counted_and_stops_nothing(
        bytes in prop::collection::vec(prop::sample::select(&b"a,\"\n{}[]:1\xe4\xff;\\"[..]), 0..80),
        name in prop::sample::select(vec!["a.jsonl", "a.json", "a.csv"]),
    ) {
        let mut file = if name == "a.csv" { csv(&["", ""]).into_bytes() } else { Vec::new() };
        file.extend_from_slice(&bytes);
        let outcome = read(name, file);
        prop_assert_eq!(outcome.receipt.accepted, 0);
        prop_assert_eq!(outcome.rejected.len() as u64, outcome.receipt.rejected);
    }
}
