//! Codes: from what a carrier prints to what is compared.
//!
//! NFKC, trimming and upper-casing make one code of its spellings; a configured pattern, a GS1
//! Digital Link or a plain URL is reduced to the code in it. Whether a code exists is not asked.

use std::borrow::Cow;
use std::collections::HashSet;

use regex::Regex;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// The longest printed form in bytes; the largest QR code holds 2,953.
pub const CODE_LENGTH_MAX: usize = 3_000;

/// Query parameters that carry the code in a plain URL, in order of trust.
const CODE_PARAMETERS: [&str; 3] = ["code", "c", "sn"];
/// Lengths a GTIN is written in.
const GTIN_DIGITS: [usize; 4] = [8, 12, 13, 14];
const SSCC_DIGITS: usize = 18;

/// The `[codes]` section of the rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CodeRules {
    /// Regular expressions whose first group is the code; the first that fits decides.
    pub patterns: Vec<String>,
    /// Codes of damaged labels, besides all zeros: kept, but they never join.
    pub placeholders: Vec<String>,
    /// Codes printed for tests.
    pub test_codes: Vec<String>,
}

/// A pattern that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PatternError {
    /// It is no regular expression.
    #[error("code pattern `{pattern}` is no regular expression")]
    Syntax {
        /// As configured.
        pattern: String,
        /// What is wrong.
        source: regex::Error,
    },
    /// It does not say which part is the code.
    #[error("code pattern `{pattern}` has no group; put the part that is the code in parentheses")]
    NoGroup {
        /// As configured.
        pattern: String,
    },
}

impl CodeRules {
    /// Checks the patterns and makes the lists comparable.
    pub fn compile(&self) -> Result<CodeReader, PatternError> {
        let patterns =
            self.patterns.iter().map(|pattern| compile(pattern)).collect::<Result<_, _>>()?;
        let mut reader = CodeReader { patterns, ..CodeReader::default() };
        reader.placeholders = reader.normalize_all(&self.placeholders);
        reader.test_codes = reader.normalize_all(&self.test_codes);
        Ok(reader)
    }
}

fn compile(pattern: &str) -> Result<Regex, PatternError> {
    let regex = Regex::new(pattern)
        .map_err(|source| PatternError::Syntax { pattern: pattern.to_owned(), source })?;
    if regex.captures_len() < 2 {
        return Err(PatternError::NoGroup { pattern: pattern.to_owned() });
    }
    Ok(regex)
}

/// The code rules, ready to use.
#[derive(Debug, Clone, Default)]
pub struct CodeReader {
    patterns: Vec<Regex>,
    placeholders: HashSet<String>,
    test_codes: HashSet<String>,
}

impl CodeReader {
    /// The form in which a printed code is compared; empty if nothing is printed.
    pub fn normalize<'a>(&self, printed: &'a str) -> Cow<'a, str> {
        let trimmed = trim(printed);
        if self.patterns.is_empty() && is_plain(trimmed) {
            return Cow::Borrowed(trimmed);
        }
        Cow::Owned(spelled(&self.reduced(trimmed)).into_owned())
    }

    /// Whether a normalised code stands for a damaged label: all zeros, or configured.
    pub fn is_placeholder(&self, code: &str) -> bool {
        (!code.is_empty() && code.bytes().all(|byte| byte == b'0'))
            || self.placeholders.contains(code)
    }

    /// Whether a normalised code was printed for a test.
    pub fn is_test(&self, code: &str) -> bool {
        self.test_codes.contains(code)
    }

    /// Taken out of a carrier until none is left: the code in an address may be an address itself.
    ///
    /// Ends because an address is longer than what it carries. What a pattern takes out is the code,
    /// for nothing tells whether it would fit again by chance.
    fn reduced(&self, trimmed: &str) -> String {
        let mut folded = folded(trimmed);
        loop {
            if let Some(code) = self.by_pattern(&folded) {
                return code;
            }
            folded = match from_url(&folded).or_else(|| from_brackets(&folded)) {
                Some(carried) => self::folded(&carried),
                None => return folded,
            };
        }
    }

    fn by_pattern(&self, folded: &str) -> Option<String> {
        let captures = self.patterns.iter().find_map(|pattern| pattern.captures(folded))?;
        captures.get(1).map(|group| group.as_str().to_owned())
    }

    fn normalize_all(&self, codes: &[String]) -> HashSet<String> {
        codes.iter().map(|code| self.normalize(code).into_owned()).collect()
    }
}

/// The printed form without the differences that never matter, whatever the rules say.
pub(crate) fn spelled(printed: &str) -> Cow<'_, str> {
    let trimmed = trim(printed);
    if is_plain(trimmed) {
        return Cow::Borrowed(trimmed);
    }
    if trimmed.is_ascii() {
        return Cow::Owned(trimmed.to_ascii_uppercase());
    }
    // Upper-casing can undo the composition, for instance of `ŉ`.
    let upper = compose(&compose(trimmed).to_uppercase()).into_owned();
    Cow::Owned(trim(&upper).to_owned())
}

/// Compares as it stands: most codes of most files.
fn is_plain(code: &str) -> bool {
    code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.'))
}

fn compose(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.nfkc().collect()) }
}

fn folded(text: &str) -> String {
    trim(&compose(text)).to_owned()
}

/// Scanners put a group separator around GS1 data; editors put a byte-order mark before text.
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '\u{1d}' | '\u{feff}' | '\u{200b}')
    })
}

fn from_url(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let rest = rest.split('#').next().unwrap_or(rest);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let segments: Vec<&str> = path.split('/').skip(1).filter(|part| !part.is_empty()).collect();
    digital_link(&segments)
        .or_else(|| parameter(query))
        .or_else(|| segments.last().map(|last| percent_decoded(last)))
}

/// The unit a GS1 Digital Link names: the SSCC of `00`, or the serial of `01` and `21`.
///
/// The serial stands alone because that is what lines register and labels print beside it. Where
/// serials repeat from product to product, a pattern that takes both in one group comes first.
fn digital_link(segments: &[&str]) -> Option<String> {
    segments.iter().enumerate().find_map(|(at, key)| {
        let value = segments.get(at + 1)?;
        match *key {
            "00" => is_sscc(value).then(|| (*value).to_owned()),
            "01" if is_gtin(value) => {
                let mut pairs = segments.get(at + 2..)?.chunks_exact(2);
                pairs.find_map(|pair| (pair[0] == "21").then(|| percent_decoded(pair[1])))
            }
            _ => None,
        }
    })
}

/// The same of `(00)…` or `(01)…(21)…`, as printed under a carrier.
fn from_brackets(text: &str) -> Option<String> {
    if let Some(value) = text.strip_prefix("(00)") {
        return is_sscc(value).then(|| value.to_owned());
    }
    let (value, rest) = text.strip_prefix("(01)")?.split_once('(')?;
    let serial = rest
        .strip_prefix("21)")
        .or_else(|| rest.split_once("(21)").map(|(_, serial)| serial))
        .filter(|_| is_gtin(value))?;
    serial.split('(').next().map(str::to_owned)
}

fn is_sscc(value: &str) -> bool {
    value.len() == SSCC_DIGITS && is_digits(value)
}

fn is_gtin(value: &str) -> bool {
    GTIN_DIGITS.contains(&value.len()) && is_digits(value)
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn parameter(query: &str) -> Option<String> {
    CODE_PARAMETERS.iter().find_map(|name| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) =
            pairs.find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_empty())?;
        Some(percent_decoded(value))
    })
}

/// Undoes percent encoding; text that is not encoded properly stays as it is.
fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let decoded = (first == b'%')
            .then(|| Some((hex_digit(*after.first()?)? << 4) | hex_digit(*after.get(1)?)?))
            .flatten();
        bytes.push(decoded.unwrap_or(first));
        rest = if decoded.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
