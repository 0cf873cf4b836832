//! The properties of fuzzing on what proptest makes up and on the inputs that are kept.

use std::fmt;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use yuanliu_scans::Format;

use crate::flat::{NAMES, VALUES, record};
use crate::properties::{codes, events};

const CODE_PARTS: &[&str] = &[
    "a",
    "B1",
    "0",
    "ß",
    "ŉ",
    "ǰ",
    "ﷺ",
    "Ａ",
    "／",
    "：",
    "（",
    "\u{345}",
    "\u{30a}",
    "\u{200b}",
    "\u{feff}",
    "\u{1d}",
    " ",
    "\u{3000}",
    "¨",
    "İ",
    "ı",
    "%",
    "%2",
    "%2F",
    "%3A",
    "%e4%b8%8a",
    "%ff",
    "%20",
    "%28",
    "/",
    "//",
    "://",
    "http://",
    "https://",
    "HTTPS://t.example/",
    "https://q.example/",
    "/x",
    "?",
    "#",
    "&",
    "=",
    "code=",
    "C=",
    "sn=",
    "01/",
    "/21/",
    "/00/",
    "06901234567892",
    "106901234567890124",
    "(",
    ")",
    "(00)",
    "(01)",
    "(21)",
    "-",
    ".",
];

const SEPARATORS: &[&str] =
    &["\n", "\n", "\r\n", ",", ",\n", "", " ", "\n\n", "]", "[", "\"", "\u{c}"];

fn code() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        8 => prop::sample::select(CODE_PARTS).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(part, 0..10).prop_map(|parts| parts.concat())
}

/// Records with anything between them, in a list or not, perhaps behind a byte-order mark.
fn json() -> impl Strategy<Value = Bytes> {
    let records = prop::collection::vec((record(), prop::sample::select(SEPARATORS)), 0..4);
    let code = prop::option::weighted(0.3, code());
    (records, code, 0..8_usize, damage()).prop_map(|(records, code, shape, damage)| {
        let code = serde_json::Value::from(code.unwrap_or_else(|| "A1".to_owned()));
        let separated = records.iter().map(|(record, separator)| {
            let record = record.replacen("\"A1\"", &code.to_string(), 1);
            if shape < 4 { format!("{record},") } else { format!("{record}{separator}") }
        });
        let mut text: String = separated.collect();
        if shape < 4 {
            text.pop();
            text = format!("[{text}]");
        }
        if shape % 4 == 0 {
            text.insert(0, '\u{feff}');
        }
        damaged(text.into_bytes(), damage)
    })
}

fn csv() -> impl Strategy<Value = Bytes> {
    let names = prop::collection::vec(prop::sample::select(NAMES), 0..4);
    let cell = prop_oneof![
        4 => prop::sample::select(VALUES).prop_map(|value| value.trim_matches('"').to_owned()),
        1 => prop::sample::select(VALUES).prop_map(|value| format!("\"{}\"", value.replace('"', "\"\""))),
        1 => prop::sample::select(VALUES).prop_map(str::to_owned),
        1 => code(),
    ];
    let good = "ship,2024-05-01 08:00:00,a1";
    let row =
        (any::<bool>(), prop::collection::vec(cell, 0..5)).prop_map(move |(is_good, cells)| {
            let cells = cells.join(",");
            if is_good { format!("{good},{cells}") } else { cells }
        });
    let rows = prop::collection::vec(row, 0..5);
    (names, rows, any::<bool>(), damage()).prop_map(|(names, rows, is_utf8, damage)| {
        let header = ["event_type", "event_time", "codes"].into_iter().chain(names);
        let text = format!("{}\n{}", header.collect::<Vec<_>>().join(","), rows.join("\n"));
        let bytes = if is_utf8 {
            text.into_bytes()
        } else {
            encoding_rs::GB18030.encode(&text).0.into_owned()
        };
        damaged(bytes, damage)
    })
}

/// Bytes that are shown as text.
#[derive(Clone)]
struct Bytes(Vec<u8>);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

type Damage = Option<(prop::sample::Index, Vec<u8>)>;

fn damage() -> impl Strategy<Value = Damage> {
    let bytes =
        prop::collection::vec(prop::sample::select(&b"a,\"\n{}[]:1\xe4\xff;\\ %"[..]), 0..4);
    prop::option::weighted(0.4, (any::<prop::sample::Index>(), bytes))
}

fn damaged(mut bytes: Vec<u8>, damage: Damage) -> Bytes {
    if let Some((at, with)) = damage {
        let at = at.index(bytes.len() + 1);
        let end = bytes.len().min(at + 1);
        bytes.splice(at..end, with);
    }
    Bytes(bytes)
}

fn kept(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let entries = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    // What a run of the fuzzer leaves beside them has no extension.
    let kept = entries.filter(|path| path.extension().is_some());
    let inputs: Vec<_> = kept.map(|path| std::fs::read(path).unwrap()).collect();
    assert!(!inputs.is_empty(), "{} is empty", folder.display());
    inputs
}

#[test]
fn kept_inputs_break_no_property() {
    for bytes in kept("event_json") {
        events::check(&bytes, Format::JsonLines);
        events::check(&bytes, Format::Json);
    }
    kept("event_csv").iter().for_each(|bytes| events::check(bytes, Format::Csv));
    kept("code").iter().for_each(|bytes| codes::check(bytes));
}

/// The same inputs each time; `PROPTEST_RNG_SEED` asks for others.
fn repeatable(cases: u32) -> ProptestConfig {
    let given = ProptestConfig::default();
    let seed = match given.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => 20_240_501,
    };
    println!("PROPTEST_RNG_SEED={seed}");
    // What fails goes into the corpus, where the fuzzer finds it too.
    let failure_persistence = None;
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(seed), failure_persistence, ..given }
}

proptest! {
    #![proptest_config(repeatable(2_000))]

    #[test]
    fn a_code_is_stable_and_has_many_spellings(printed in code()) {
        codes::check(printed.as_bytes());
    }

    #[test]
    fn json_is_counted_and_kept(bytes in json()) {
        events::check(&bytes.0, Format::JsonLines);
        events::check(&bytes.0, Format::Json);
    }

    #[test]
    fn csv_is_counted_and_kept(bytes in csv()) {
        events::check(&bytes.0, Format::Csv);
    }
}
