//! A normalised code is stable, and every spelling of it leads to it.

use std::fmt::Write;
use std::sync::LazyLock;

use yuanliu_scans::{CodeReader, CodeRules};

const GTIN: &str = "06901234567892";
const SSCC_DIGITS: usize = 18;

static PLAIN: LazyLock<CodeReader> = LazyLock::new(|| reader(&[]));
static WITH_PATTERN: LazyLock<CodeReader> =
    LazyLock::new(|| reader(&[r"^https?://q\.example/([0-9A-Za-z]+)/x$"]));

fn reader(patterns: &[&str]) -> CodeReader {
    let patterns = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
    let rules = CodeRules { patterns, ..CodeRules::default() };
    rules.compile().expect("the patterns are regular expressions")
}

/// Panics if a rule of codes does not hold for what is printed.
pub(crate) fn check(printed: &[u8]) {
    let Ok(printed) = std::str::from_utf8(printed) else { return };
    for codes in [&*PLAIN, &*WITH_PATTERN] {
        let code = codes.normalize(printed).into_owned();
        assert_eq!(codes.normalize(&code), code, "{printed:?} is not stable");
        if code.is_empty() {
            continue;
        }
        for spelling in spellings(&code) {
            assert_eq!(codes.normalize(&spelling), code, "{spelling:?} of {printed:?}");
        }
    }
}

/// Other carriers of the same code.
fn spellings(code: &str) -> Vec<String> {
    let encoded = percent_encoded(code);
    let mut all = vec![
        format!(" \t{code}\u{3000}"),
        format!("\u{feff}{code}\u{1d}"),
        code.to_ascii_lowercase(),
        code.chars().map(full_width).collect(),
        format!("https://t.example/p/{encoded}/?from=app#top"),
        format!("HTTP://t.example/?v=1&Code={encoded}"),
        format!("https://id.example/01/{GTIN}/21/{encoded}"),
    ];
    if !code.contains('(') {
        all.push(format!("(01){GTIN}(10)B1(21){code}"));
    }
    if code.len() == SSCC_DIGITS && code.bytes().all(|byte| byte.is_ascii_digit()) {
        all.push(format!("https://id.example/00/{code}"));
        all.push(format!("(00){code}"));
    }
    all
}

fn full_width(c: char) -> char {
    match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c),
        _ => c,
    }
}

fn percent_encoded(code: &str) -> String {
    code.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() {
            text.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02x}");
        }
        text
    })
}
