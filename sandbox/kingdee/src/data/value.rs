//! One stored value and its JSON form.

use std::cmp::Ordering;
use std::fmt::Write as _;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime, Timelike};

use super::decimal::Decimal;

/// A value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Absent.
    Null,
    /// True or false.
    Bool(bool),
    /// An identifier or a count.
    Int(i64),
    /// A quantity, price or amount.
    Decimal(Decimal),
    /// Text; empty text travels as one space.
    Text(Arc<str>),
    /// A date or a date with time, in the server's wall clock.
    Moment(NaiveDateTime),
}

impl Value {
    /// Text.
    #[must_use]
    pub fn text(text: impl AsRef<str>) -> Self {
        Self::Text(Arc::from(text.as_ref()))
    }

    /// Appends the JSON form that the query calls use.
    pub fn write_json(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Int(value) => {
                let _ = write!(out, "{value}");
            }
            Self::Decimal(value) => {
                let _ = write!(out, "{value}");
            }
            Self::Text(text) if text.is_empty() => out.push_str("\" \""),
            Self::Text(text) => write_json_text(text, out),
            Self::Moment(moment) => {
                let _ = write!(out, "\"{}\"", moment_text(*moment));
            }
        }
    }

    /// Orders values as the database sorts them: null first, text without regard to case.
    #[must_use]
    pub fn sort_cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Null, Self::Null) => Ordering::Equal,
            (Self::Null, _) => Ordering::Less,
            (_, Self::Null) => Ordering::Greater,
            _ => self.compare(other).unwrap_or(Ordering::Equal),
        }
    }

    /// Compares as the database does, or `None` where a null makes the answer unknown or the kinds
    /// cannot be compared.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Text(left), Self::Text(right)) => Some(text_cmp(left, right)),
            (Self::Moment(left), Self::Moment(right)) => Some(left.cmp(right)),
            (Self::Bool(left), Self::Bool(right)) => Some(left.cmp(right)),
            (Self::Int(left), Self::Int(right)) => Some(left.cmp(right)),
            _ => Some(self.number()?.cmp(&other.number()?)),
        }
    }

    fn number(&self) -> Option<Decimal> {
        match self {
            Self::Int(value) => Some(Decimal::from(*value)),
            Self::Decimal(value) => Some(*value),
            Self::Bool(value) => Some(Decimal::from(i64::from(*value))),
            Self::Text(text) => text.parse().ok(),
            Self::Null | Self::Moment(_) => None,
        }
    }
}

/// Compares text like a `Chinese_PRC_CI_AS` column: case and trailing spaces do not count.
fn text_cmp(left: &str, right: &str) -> Ordering {
    folded(left).cmp(folded(right))
}

fn folded(text: &str) -> impl Iterator<Item = char> {
    text.trim_end_matches(' ').chars().flat_map(char::to_lowercase)
}

/// A moment with up to three fraction digits and trailing zeros cut.
#[must_use]
pub(crate) fn moment_text(moment: NaiveDateTime) -> String {
    let mut text = moment.format("%Y-%m-%dT%H:%M:%S").to_string();
    let millis = moment.nanosecond() / 1_000_000 % 1_000;
    if millis > 0 {
        let _ = write!(text, ".{}", format!("{millis:03}").trim_end_matches('0'));
    }
    text
}

/// Reads a date or a date with time, separated by a space or a `T`.
#[must_use]
pub(crate) fn parse_moment(text: &str) -> Option<NaiveDateTime> {
    let text = text.trim();
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return date.and_hms_opt(0, 0, 0);
    }
    let formats =
        ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];
    formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
}

/// Appends `text` as a JSON string.
pub(crate) fn write_json_text(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if (control as u32) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", control as u32);
            }
            plain => out.push(plain),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(value: &Value) -> String {
        let mut out = String::new();
        value.write_json(&mut out);
        out
    }

    #[test]
    fn writes_values_as_the_server_does() {
        assert_eq!(json(&Value::text("")), "\" \"");
        assert_eq!(json(&Value::text("a\"\n轴")), "\"a\\\"\\n轴\"");
        let moment = parse_moment("2026-01-01 09:42:55.040").unwrap();
        assert_eq!(json(&Value::Moment(moment)), "\"2026-01-01T09:42:55.04\"");
        let date = parse_moment("2026-01-01").unwrap();
        assert_eq!(json(&Value::Moment(date)), "\"2026-01-01T00:00:00\"");
        assert_eq!(json(&Value::Null), "null");
    }

    #[test]
    fn compares_text_like_the_database() {
        assert_eq!(text_cmp("abc ", "ABC"), Ordering::Equal);
        assert_eq!(text_cmp("", " "), Ordering::Equal);
        assert_eq!(text_cmp("a", "ab"), Ordering::Less);
        assert_eq!(text_cmp("b", "ab"), Ordering::Greater);
    }
}
