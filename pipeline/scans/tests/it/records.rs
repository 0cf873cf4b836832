//! The rules of one record, as tables of text in and text out.

use crate::support::{arrived_at, read, rules};
use serde_json::{Map, Value, json};
use yuanliu_scans::{CodeRules, PatternError, parse_event, raw_event_schema};

const GOOD: &str =
    r#"{"event_type":"ship","event_time":"2024-05-01T08:00:00+08:00","codes":["A1"]}"#;

/// A good record with `changes` made to it; null takes a field away.
fn record(changes: &str) -> String {
    let mut record: Map<String, Value> = serde_json::from_str(GOOD).unwrap();
    record.extend(serde_json::from_str::<Map<String, Value>>(changes).unwrap());
    Value::Object(record).to_string()
}

#[test]
fn every_field_reaches_its_column() {
    let line = json!({
        "event_id": "e1", "event_type": "commission",
        "event_time": "2024-05-01 08:00:00.5", "recorded_at": "2024-05-01T00:00:01Z",
        "codes": " ａbc-1 ", "parent_code": "p1", "level": "Item", "aliases": ["rfid1", "ABC-1"],
        "product_code": " P ", "work_order_no": 12, "longitude": 121.5, "latitude": "31.2",
        "accuracy_m": 10, "datum": "GCJ-02", "location_source": "GPS", "region_code": "310000",
        "ip": "10.0.0.1", "quantity": "1.50", "unit": "盒",
        "inputs": [{"material_code": "M1", "lot_no": "L1", "qty": 0.1, "unit": "kg"}],
        "attributes": {"b": 1, "a": {"z": 1, "y": 2}}, "操作": "开",
    });
    let outcome = read("events.jsonl", line.to_string());
    assert_eq!(outcome.reasons(), [""; 0]);
    let mut row = outcome.rows[0].clone();
    assert!(row.remove("content_hash").is_some());
    let expected = r#"{
        "event_id": "e1", "event_type": "commission",
        "event_time": "2024-05-01T00:00:00.500Z", "recorded_at": "2024-05-01T00:00:01Z",
        "codes": ["ABC-1"], "printed_codes": ["ａbc-1"], "parent_code": "P1", "level": "item",
        "aliases": ["RFID1"], "product_code": "P", "work_order_no": "12",
        "longitude": 121.5, "latitude": 31.2, "accuracy_m": 10.0, "datum": "gcj02",
        "location_source": "gps", "region_code": "310000", "ip": "10.0.0.1",
        "inputs": [
            {"material_code": "M1", "lot_no": "L1", "qty": 0.1000000000, "unit": "kg"}
        ],
        "quantity": 1.5000000000, "unit": "盒",
        "attributes": "{\"a\":{\"y\":2,\"z\":1},\"b\":1,\"操作\":\"开\"}",
        "source_file": "events.jsonl", "source_line": 1, "landed_at": "2024-05-01T08:00:00Z"
    }"#;
    assert_eq!(row, serde_json::from_str::<Map<String, Value>>(expected).unwrap());
}

#[test]
fn the_schema_is_the_published_one() {
    let schema = raw_event_schema();
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    assert_eq!(
        names.join(" "),
        "event_id event_type event_time recorded_at codes printed_codes parent_code level aliases \
         product_code batch_no work_order_no order_no delivery_no from_party to_party store_code \
         promoter_code warehouse_code bin line team operator device_id longitude latitude \
         accuracy_m datum location_source region_code address ip inputs consumer_ref channel \
         quantity unit corrects_event_id attributes content_hash source_file source_line landed_at"
    );
}

#[test]
fn a_broken_record_is_rejected_with_a_stable_reason() {
    for (changes, reason) in [
        (r#"{"event_type":null}"#, "event_type_missing"),
        (r#"{"event_type":" "}"#, "event_type_missing"),
        (r#"{"event_type":"fly"}"#, "event_type_unknown"),
        (r#"{"event_type":["ship"]}"#, "event_type_unknown"),
        (r#"{"event_time":null}"#, "event_time_missing"),
        (r#"{"event_time":"yesterday"}"#, "event_time_invalid"),
        (r#"{"event_time":1714521600}"#, "event_time_invalid"),
        (r#"{"event_time":{"at":1}}"#, "event_time_invalid"),
        (r#"{"recorded_at":"soon"}"#, "recorded_at_invalid"),
        (r#"{"codes":[]}"#, "code_missing"),
        (r#"{"codes":[null," "]}"#, "code_missing"),
        (r#"{"codes":{"a":1}}"#, "code_invalid"),
        (r#"{"codes":[["A"]]}"#, "code_invalid"),
        (r#"{"codes":[true]}"#, "code_invalid"),
        (r#"{"codes":"A\u0000B"}"#, "code_invalid"),
        (r#"{"codes":"https://t.example/a%00b"}"#, "code_invalid"),
        (r#"{"parent_code":["P"]}"#, "code_invalid"),
        (r#"{"event_type":"pack"}"#, "parent_missing"),
        (r#"{"event_type":"pack","parent_code":" "}"#, "parent_missing"),
        (r#"{"event_type":"pack","parent_code":"a1"}"#, "parent_is_child"),
        (r#"{"codes":["A","B"],"aliases":["C"]}"#, "aliases_need_one_code"),
        (r#"{"level":"box"}"#, "word_unknown"),
        (r#"{"datum":"nad27"}"#, "word_unknown"),
        (r#"{"location_source":"guess"}"#, "word_unknown"),
        (r#"{"longitude":"east"}"#, "number_invalid"),
        (r#"{"longitude":"NaN"}"#, "number_invalid"),
        (r#"{"longitude":180.01}"#, "number_range"),
        (r#"{"latitude":-91}"#, "number_range"),
        (r#"{"accuracy_m":-1}"#, "number_range"),
        (r#"{"accuracy_m":1e400}"#, "number_invalid"),
        (r#"{"quantity":"1,000"}"#, "number_invalid"),
        (r#"{"quantity":[1]}"#, "number_invalid"),
        (r#"{"quantity":1e30}"#, "number_range"),
        (r#"{"inputs":"M1"}"#, "inputs_invalid"),
        (r#"{"inputs":[{"lot_no":"L"}]}"#, "inputs_invalid"),
        (r#"{"inputs":[{"material_code":"M","qty":"much"}]}"#, "inputs_invalid"),
        (r#"{"inputs":["M1"]}"#, "inputs_invalid"),
        (r#"{"to_party":{"code":"D1"}}"#, "text_invalid"),
        (r#"{"to_party":true}"#, "text_invalid"),
        (r#"{"operator":"a\u0007b"}"#, "text_invalid"),
        (r#"{"event_id":["e"]}"#, "text_invalid"),
        (r#"{"region_code":"上海"}"#, "region_code_invalid"),
        (r#"{"ip":"300.1.1.1"}"#, "ip_invalid"),
        (r#"{"attributes":"none"}"#, "attributes_invalid"),
        (r#"{"attributes":[1]}"#, "attributes_invalid"),
        (r#"{"$serde_json::private::Number":"x"}"#, "attributes_invalid"),
        (r#"{"a":{"b":1,"$serde_json::private::Number":"x"}}"#, "attributes_invalid"),
        (r#"{"eventType":"sell"}"#, "field_twice"),
        (r#"{"code":"B1"}"#, "field_twice"),
        (r#"{"x":1,"attributes":{"x":2}}"#, "field_twice"),
    ] {
        let outcome = read("events.jsonl", record(changes));
        assert_eq!(outcome.reasons(), [format!("1 {reason}")], "{changes}");
        assert_eq!(outcome.receipt.reasons.get(reason), Some(&1), "{changes}");
        assert_eq!(outcome.rejected[0].payload, record(changes));
        assert!(!outcome.rejected[0].message.contains('\u{7}'));
    }
    for (line, reason) in [
        ("{", "json_invalid"),
        ("nonsense", "json_invalid"),
        ("[1]", "not_an_object"),
        ("\"ship\"", "not_an_object"),
    ] {
        assert_eq!(read("events.jsonl", line).reasons(), [format!("1 {reason}")], "{line}");
    }
}

#[test]
fn empty_values_are_absent_and_equal_ones_may_repeat() {
    let outcome = read(
        "events.jsonl",
        record(r#"{"eventType":"ship","longitude":"","quantity":null,"to_party":"  ","x":null}"#),
    );
    assert_eq!(outcome.reasons(), [""; 0]);
    for column in ["longitude", "quantity", "to_party", "attributes", "aliases"] {
        assert_eq!(outcome.column(column), ["-"], "{column}");
    }
}

#[test]
fn sentinels_are_kept_without_a_time_and_counted() {
    let lines = [
        record(r#"{"event_time":"1900-01-01T00:00:00"}"#),
        record(r#"{"event_time":"1901-01-01"}"#),
        record(r#"{"event_time":"9999-12-31T23:59:59+08:00"}"#),
        record(r#"{"recorded_at":"1900-01-01 00:00:00"}"#),
    ];
    let outcome = read("events.jsonl", lines.join("\n"));
    assert_eq!(outcome.receipt.sentinels, 3);
    assert_eq!(outcome.receipt.accepted, 4);
    assert_eq!(outcome.column("event_time"), ["-", "-", "-", "\"2024-05-01T00:00:00Z\""]);
    assert_eq!(outcome.column("recorded_at")[3], "\"2024-05-01T08:00:00Z\"");
}

#[test]
fn codes_are_reduced_to_what_is_compared() {
    let rules = CodeRules {
        patterns: vec![r"^https?://q\.example/([0-9A-Za-z]+)/x$".into()],
        placeholders: vec!["none".into()],
        test_codes: vec!["test1".into()],
    };
    let plain = CodeRules::default().compile().unwrap();
    let reader = rules.compile().unwrap();
    for (printed, expected) in [
        ("ABC-1", "ABC-1"),
        (" abc 1\t", "ABC 1"),
        ("ＡＢＣ１２３", "ABC123"),
        ("\u{feff}x1\u{1d}", "X1"),
        ("ßŉ", "SSʼN"),
        ("https://t.example/ab12", "AB12"),
        ("HTTP://t.example/p/ab12/?from=app#top", "AB12"),
        ("https://t.example/q?v=1&code=ab%2D12", "AB-12"),
        ("https://t.example/ab%zz", "AB%ZZ"),
        ("https://t.example", "HTTPS://T.EXAMPLE"),
        ("https://id.example/01/06901234567892/21/sn%2F9?17=1", "SN/9"),
        ("https://id.example/x/01/6901234567892/10/B1/21/s7", "S7"),
        ("https://id.example/01/6901234567892", "6901234567892"),
        ("https://id.example/00/106901234567890124", "106901234567890124"),
        ("(01)06901234567892(10)B1(21)s7", "S7"),
        ("(00)106901234567890124", "106901234567890124"),
        ("(01)1(21)7", "(01)1(21)7"),
        ("https://w.example/?c=https%3A%2F%2Ft.example%2Fp%2Fab", "AB"),
        ("https://w.example/%2801%2906901234567892%2821%29s7", "S7"),
        ("ftp://t.example/ab", "FTP://T.EXAMPLE/AB"),
        ("", ""),
    ] {
        assert_eq!(plain.normalize(printed), expected, "{printed}");
        assert_eq!(plain.normalize(expected), expected, "{printed} is not stable");
    }
    assert_eq!(reader.normalize("http://q.example/ab1/x"), "AB1");
    assert_eq!(reader.normalize("http://q.example/ab1/y"), "Y");
    assert!(reader.is_placeholder("0000") && reader.is_placeholder("NONE"));
    assert!(!reader.is_placeholder("") && !reader.is_placeholder("00A"));
    assert!(reader.is_test("TEST1") && !reader.is_test("TEST2"));
}

#[test]
fn patterns_are_checked_before_anything_is_read() {
    let with = |pattern: &str| CodeRules { patterns: vec![pattern.into()], ..Default::default() };
    assert!(matches!(with("(").compile(), Err(PatternError::Syntax { .. })));
    assert!(matches!(with("abc").compile(), Err(PatternError::NoGroup { .. })));
    let rules: CodeRules = toml::from_str(r#"patterns = ["c=(\\w+)"]"#).unwrap();
    assert_eq!(rules, with(r"c=(\w+)"));
    assert!(toml::from_str::<CodeRules>("pattern = []").is_err());
}

#[test]
fn event_types_and_fields_are_taken_in_common_spellings() {
    for (changes, expected) in [
        (r#"{"event_type":"Void-Ship"}"#, "\"void_ship\""),
        (r#"{"event_type":"VOID_SHIPPING"}"#, "\"void_ship\""),
        (r#"{"event_type":"storeIn"}"#, "\"store_in\""),
        (r#"{"event_type":"purchase check"}"#, "\"purchase_check\""),
        (r#"{"event_type":"receiving"}"#, "\"receive\""),
    ] {
        assert_eq!(read("e.jsonl", record(changes)).column("event_type"), [expected], "{changes}");
    }
    let line = r#"{"eventType":"ship","EventTime":"2024-05-01T00:00:00Z","code":"A",
        "toParty":"D1","DELIVERY-NO":"X","lat":1,"lng":2,"qty":3}"#
        .replace('\n', " ");
    let outcome = read("events.jsonl", line);
    assert_eq!(outcome.column("to_party"), ["\"D1\""]);
    assert_eq!(outcome.column("delivery_no"), ["\"X\""]);
    assert_eq!(outcome.column("longitude"), ["2.0"]);
    assert_eq!(outcome.column("attributes"), ["-"]);
}

#[test]
fn a_megabyte_of_code_is_one_rejected_record() {
    let long = "9".repeat(1 << 20);
    let lines = [record(&json!({ "codes": [long] }).to_string()), GOOD.to_owned()];
    let outcome = read("events.jsonl", lines.join("\n"));
    assert_eq!(outcome.reasons(), ["1 code_length_max"]);
    assert!(outcome.rejected[0].payload.len() <= 64 * 1024);
    assert!(outcome.rejected[0].message.contains("1048576 bytes"));
    assert_eq!(outcome.receipt.accepted, 1);
}

#[test]
fn unknown_parts_of_inputs_are_kept_in_attributes() {
    let inputs = r#"{"event_type":"consume","codes":null,
        "inputs":[{"materialCode":"M1","supplierLot":"S9"}]}"#;
    let outcome = read("events.jsonl", record(inputs));
    assert_eq!(outcome.reasons(), [""; 0]);
    assert_eq!(
        outcome.rows[0]["attributes"],
        r#"{"inputs":[{"materialCode":"M1","supplierLot":"S9"}]}"#
    );
}

#[test]
fn an_absent_id_is_the_hash_of_the_content() {
    let id = |text: &str| {
        let record: Map<String, Value> = serde_json::from_str(text).unwrap();
        parse_event(&record, &rules(), arrived_at()).unwrap().event_id.into_owned()
    };
    assert_eq!(id(GOOD), id(&record(r#"{"codes":"a1","event_time":"2024-05-01 08:00:00"}"#)));
    assert_ne!(id(GOOD), id(&record(r#"{"codes":"A2"}"#)));
    assert_ne!(id(GOOD), id(&record(r#"{"recorded_at":"2024-05-01T08:00:00Z"}"#)));
    assert!(id(GOOD).starts_with("h-") && id(GOOD).len() == 34);
}
