//! How values of one type compare, and `like`.

use std::cmp::Ordering;

use super::{Value, uuid_from_wire};

/// Compares two values of the same type; nulls come first, as in an `order by` or an index.
pub(crate) fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => compare_text(a, b),
        (Value::RowVersion(a), Value::RowVersion(b)) => a.cmp(b),
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Less,
        (_, Value::Null) => Ordering::Greater,
        (Value::Decimal(a), Value::Decimal(b)) => a.cmp(b),
        (Value::Bit(a), Value::Bit(b)) => a.cmp(b),
        (Value::Float(a), Value::Float(b)) => a.total_cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Time(a), Value::Time(b)) | (Value::DateTime(a), Value::DateTime(b)) => a.cmp(b),
        (Value::DateTimeOffset(a, _), Value::DateTimeOffset(b, _)) => a.cmp(b),
        (Value::Binary(a), Value::Binary(b)) => compare_bytes(a, b),
        (Value::Binary(a), Value::RowVersion(b)) => compare_bytes(a, &b.to_be_bytes()),
        (Value::RowVersion(a), Value::Binary(b)) => compare_bytes(&a.to_be_bytes(), b),
        (Value::Uuid(a), Value::Uuid(b)) => compare_uuid(a, b),
        (Value::Variant(a), Value::Variant(b)) => {
            a.0.rank().cmp(&b.0.rank()).then_with(|| compare(&a.1, &b.1))
        }
        (a, b) => match (a.as_text(), b.as_text()) {
            (Some(a), Some(b)) => compare_text(&a, &b),
            _ => Ordering::Equal,
        },
    }
}

/// Trailing blanks do not count, nor does the case of ASCII letters.
fn compare_text(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_end_matches(' '), b.trim_end_matches(' '));
    let fold = |c: char| c.to_ascii_lowercase();
    a.chars().map(fold).cmp(b.chars().map(fold))
}

/// Trailing zero bytes do not count.
fn compare_bytes(a: &[u8], b: &[u8]) -> Ordering {
    let (short, long, turned) = if a.len() <= b.len() { (a, b, false) } else { (b, a, true) };
    let order = short.iter().chain(std::iter::repeat(&0)).take(long.len()).cmp(long.iter());
    if turned { order.reverse() } else { order }
}

/// The last six bytes weigh most (SqlGuid's documentation).
fn compare_uuid(a: &[u8; 16], b: &[u8; 16]) -> Ordering {
    const ORDER: [usize; 16] = [10, 11, 12, 13, 14, 15, 8, 9, 6, 7, 4, 5, 0, 1, 2, 3];
    let (a, b) = (uuid_from_wire(*a), uuid_from_wire(*b));
    ORDER.iter().map(|&at| a[at]).cmp(ORDER.iter().map(|&at| b[at]))
}

/// `like` with `%`, `_`, `[…]`, `[^…]` and an escape character.
pub(crate) fn like(text: &str, pattern: &str, escape: Option<char>) -> bool {
    let fold = |s: &str| s.chars().map(|c| c.to_ascii_lowercase()).collect::<Vec<_>>();
    matches(&fold(text), &fold(pattern), escape)
}

fn matches(text: &[char], pattern: &[char], escape: Option<char>) -> bool {
    let Some((&first, rest)) = pattern.split_first() else { return text.iter().all(|c| *c == ' ') };
    if Some(first) == escape {
        let Some((literal, rest)) = rest.split_first() else { return false };
        return text.first() == Some(literal) && matches(&text[1..], rest, escape);
    }
    match first {
        '%' => (0..=text.len()).any(|skip| matches(&text[skip..], rest, escape)),
        '_' => !text.is_empty() && matches(&text[1..], rest, escape),
        '[' => {
            let Some(end) = rest.iter().position(|c| *c == ']') else { return false };
            let Some(&c) = text.first() else { return false };
            let (set, negated) = match rest[..end].split_first() {
                Some(('^', set)) => (set, true),
                _ => (&rest[..end], false),
            };
            in_set(c, set) != negated && matches(&text[1..], &rest[end + 1..], escape)
        }
        literal => text.first() == Some(&literal) && matches(&text[1..], rest, escape),
    }
}

fn in_set(c: char, set: &[char]) -> bool {
    let mut at = 0;
    while at < set.len() {
        if let (Some('-'), Some(&to)) = (set.get(at + 1), set.get(at + 2)) {
            if (set[at]..=to).contains(&c) {
                return true;
            }
            at += 3;
        } else {
            if set[at] == c {
                return true;
            }
            at += 1;
        }
    }
    false
}
