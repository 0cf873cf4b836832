//! However a record is read, it says the same: the quick way against the full parser.

use crate::support::{Outcome, arrived_at, drain, rows_of, rules};
use proptest::prelude::*;
use serde_json::{Map, Value};
use yuanliu_scans::{EventReader, EventRows, Format, parse_event};

pub(crate) const NAMES: &[&str] = &[
    "event_type",
    "eventType",
    "event_time",
    "codes",
    "code",
    "Codes",
    "aliases",
    "parent_code",
    "to_party",
    "level",
    "longitude",
    "lat",
    "accuracy_m",
    "quantity",
    "qty",
    "event_id",
    "unit",
    "recorded_at",
    "ip",
    "region_code",
    "inputs",
    "attributes",
    "operator",
    "x",
    "y",
    "备注",
    "",
    "a name that is longer than anybody would spell any of ours",
    "$serde_json::private::Number",
    "co\\u0064es",
];

pub(crate) const VALUES: &[&str] = &[
    "\"\"",
    "\" \"",
    "\"A1\"",
    "\" a1 \"",
    "\"上海\"",
    "\"Ａ１\"",
    "\"\u{7f}\"",
    "\"\u{feff}A\"",
    "\"a\\\"b\"",
    "\"\\u4e0a\"",
    "\"\\ud800\"",
    "\"\\x\"",
    "\"a\nb\"",
    "\"a\u{1}b\"",
    "\"open",
    "\"ship\"",
    "\"PACK\"",
    "\"case\"",
    "\"1900-01-01\"",
    "\"2024-05-01 08:00:00\"",
    "\"10.0.0.1\"",
    "\"310000\"",
    "\"{\\\"a\\\":1}\"",
    "\"[1]\"",
    "\"{}\"",
    "null",
    "nul",
    "true",
    "false",
    "0",
    "-0",
    "00",
    "01",
    "-",
    "1",
    "-1",
    "12.50",
    "1.",
    ".5",
    "+1",
    "1e3",
    "1E+2",
    "1.5e-1",
    "1e999",
    "12a",
    "123456789012345678901234567890",
    "0.1",
    "-90.0",
    "[]",
    "[ ]",
    "[\"A1\"]",
    "[ \"A1\" , \"b 2\",\"A1\" ]",
    "[null]",
    "[null,\"A\",3,-4.5]",
    "[\"A\",]",
    "[,]",
    "[1e2]",
    "[\"a\\u0062\"]",
    "[[\"A\"]]",
    "[true]",
    "[{\"material_code\":\"M\",\"qty\":1.50}]",
    "[{\"material_code\":\"M\",\"x\":1}]",
    "{}",
    "{\"a\":1}",
    "{\"b\":[1,{\"c\":null}],\"a\":1e2}",
    "{\"a\":1,\"a\":2}",
    "[",
    "{",
    "\"A;B\"",
    "\"https://t.example/ab12\"",
];

const BLANKS: &[&str] = &["", "", "", " ", "\t", "\r\n ", "\u{a0}", "\u{c}"];

/// A good record with anything added to it, then perhaps cut or with a character changed.
pub(crate) fn record() -> impl Strategy<Value = String> {
    let entry = (
        prop::sample::select(NAMES),
        prop::sample::select(VALUES),
        prop::sample::select(BLANKS),
        prop::sample::select(BLANKS),
    );
    let entries = prop::collection::vec(entry, 0..6);
    let damage =
        prop::option::weighted(0.2, (any::<prop::sample::Index>(), "[ ,:\"\\[{}\\]a0\\\\]{0,1}"));
    (entries, any::<bool>(), any::<prop::sample::Index>(), damage).prop_map(
        |(entries, is_good, place, damage)| {
            let mut parts: Vec<String> = entries
                .iter()
                .map(|(name, value, one, two)| format!("{one}\"{name}\"{two}:{one}{value}{two}"))
                .collect();
            if is_good {
                let good =
                    r#""event_type":"ship","event_time":"2024-05-01T00:00:00Z","codes":["A1"]"#;
                parts.insert(place.index(parts.len() + 1), good.to_owned());
            }
            let mut text = format!("{{{}}}", parts.join(","));
            if let Some((at, with)) = damage {
                let at = at.index(text.chars().count());
                let cut: String = text.chars().take(at).collect();
                let rest: String = text.chars().skip(at + 1).collect();
                text = format!("{cut}{with}{rest}");
            }
            text.replace(['\n', '\r'], " ")
        },
    )
}

/// The row of a record or why it has none, by the full parser.
fn in_full(text: &str) -> Result<Value, String> {
    let object: Map<String, Value> = serde_json::from_str(text).map_err(|_| String::new())?;
    let event = parse_event(&object, &rules(), arrived_at()).map_err(|e| e.to_string())?;
    let mut rows = EventRows::new("a", arrived_at());
    rows.push(&event, 1);
    Ok(Value::Object(rows_of(&rows.finish().unwrap()).remove(0)))
}

fn outcome(text: &str) -> Outcome {
    let bytes = text.to_owned().into_bytes();
    let reader =
        EventReader::from_bytes(bytes, Format::JsonLines, "a", &rules(), arrived_at()).unwrap();
    drain(reader, 10).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn both_ways_of_reading_say_the_same(text in record()) {
        let mut outcome = outcome(&text);
        match in_full(text.trim_ascii()) {
            Ok(row) => prop_assert_eq!(Value::Object(outcome.rows.remove(0)), row),
            Err(message) if message.is_empty() => {
                let reason = outcome.rejected[0].reason.as_str();
                prop_assert!(reason == "json_invalid" || reason == "not_an_object", "{}", reason);
            }
            Err(message) => prop_assert_eq!(&outcome.rejected[0].message, &message),
        }
    }
}
