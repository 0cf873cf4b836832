//! Records of plain texts, plain numbers and lists of them, read without a copy.
//!
//! Nearly all records are such. Whatever is not, from an escape to an object within, and whatever
//! is no JSON at all, is left to the full parser: what is read here means the same there.

use crate::fields::{FIELD_COUNT, Kind};
use crate::names;
use crate::record::{Raw, Slots};

/// Names without a field are compared with each other, which is only quick if they are few.
const UNKNOWN_MAX: usize = 8;

/// The slots of a record, or `None` if the full parser is to read it.
pub(crate) fn read_flat(text: &str) -> Option<Slots<'_>> {
    let mut slots = Slots::default();
    let mut seen = [false; FIELD_COUNT];
    let mut unknown: [&str; UNKNOWN_MAX] = [""; UNKNOWN_MAX];
    let mut unknown_count = 0;
    let mut rest = after(text, b'{')?;
    if let Some(end) = after(rest, b'}') {
        return blank(end).is_empty().then_some(slots);
    }
    loop {
        let (name, value) = string(blank(rest))?;
        let (raw, behind) = read_value(blank(after(value, b':')?))?;
        let field = names::field(name);
        let is_again = match field {
            Some(field) => std::mem::replace(seen.get_mut(field as usize)?, true),
            None if unknown.get(..unknown_count)?.contains(&name) => true,
            None => {
                *unknown.get_mut(unknown_count)? = name;
                unknown_count += 1;
                false
            }
        };
        let may_be_list = field.is_some_and(|field| matches!(field.spec().kind, Kind::Codes));
        // Of equal names the last counts, of spellings of one field none may differ.
        if is_again || (matches!(raw, Raw::List(_)) && !may_be_list) {
            return None;
        }
        slots.put(field, name, raw);
        rest = match after(behind, b',') {
            Some(next) => next,
            None => return blank(after(behind, b'}')?).is_empty().then_some(slots),
        };
    }
}

/// The entries of a list that [`read_flat`] took; those that are null are left out.
pub(crate) fn entries(list: &str) -> impl Iterator<Item = &str> {
    let mut rest = list;
    std::iter::from_fn(move || {
        loop {
            let (raw, behind) = read_scalar(blank(rest))?;
            rest = after(behind, b',').unwrap_or_default();
            if let Some(text) = raw.text() {
                return Some(text);
            }
        }
    })
}

fn read_value(text: &str) -> Option<(Raw<'_>, &str)> {
    let Some(list) = after(text, b'[') else {
        return read_scalar(text);
    };
    if let Some(behind) = after(list, b']') {
        return Some((Raw::List(""), behind));
    }
    let mut rest = list;
    loop {
        let (_, behind) = read_scalar(blank(rest))?;
        rest = match after(behind, b',') {
            Some(next) => next,
            None => {
                let inner = list.get(..list.len() - behind.len())?;
                return Some((Raw::List(inner), after(behind, b']')?));
            }
        };
    }
}

fn read_scalar(text: &str) -> Option<(Raw<'_>, &str)> {
    match text.as_bytes().first()? {
        b'"' => string(text).map(|(text, behind)| (Raw::Text(text), behind)),
        b'n' => text.strip_prefix("null").map(|behind| (Raw::Null, behind)),
        _ => number(text).map(|(number, behind)| (Raw::Number(number), behind)),
    }
}

/// A text without escapes, and what follows it.
fn string(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('"')?;
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
    let end = inner.as_bytes().iter().position(special)?;
    Some((inner.get(..end)?, inner.get(end..)?.strip_prefix('"')?))
}

/// A number without an exponent, which the full parser would spell in its own way.
fn number(text: &str) -> Option<(&str, &str)> {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let bytes = text.as_bytes();
    let sign = usize::from(bytes.first() == Some(&b'-'));
    let whole = digits(bytes.get(sign..)?);
    let is_padded = whole > 1 && bytes.get(sign) == Some(&b'0');
    let mut end = sign + whole;
    if bytes.get(end) == Some(&b'.') {
        let fraction = digits(bytes.get(end + 1..)?);
        end += 1 + fraction;
        if fraction == 0 {
            return None;
        }
    }
    if whole == 0 || is_padded || matches!(bytes.get(end), Some(b'e' | b'E')) {
        return None;
    }
    text.split_at_checked(end)
}

/// What follows this byte, if it is the next one that is not blank.
fn after(text: &str, byte: u8) -> Option<&str> {
    let text = blank(text);
    (text.as_bytes().first() == Some(&byte)).then(|| text.get(1..)).flatten()
}

/// The text without the blanks it starts with; these four are the only ones of JSON.
fn blank(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\n', '\r'])
}
