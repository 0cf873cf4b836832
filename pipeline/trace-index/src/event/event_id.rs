//! Event ids in few bytes: a UUID and the hub's own hash are sixteen bytes, not 36.

use std::borrow::Cow;

use super::bytes::{Bytes, put_text};

/// What the hub writes before the hash that stands in for a missing id.
const HASH_PREFIX: &str = "h-";
const DASHES: [usize; 4] = [8, 13, 18, 23];

const TEXT: u8 = 0;
const HASH: u8 = 1;
const UUID: u8 = 2;

pub(crate) fn put_id(out: &mut Vec<u8>, id: &str) {
    if let Some(packed) = id.strip_prefix(HASH_PREFIX).and_then(packed) {
        out.push(HASH);
        out.extend_from_slice(&packed);
    } else if let Some(packed) = undashed(id).as_deref().and_then(packed) {
        out.push(UUID);
        out.extend_from_slice(&packed);
    } else {
        out.push(TEXT);
        put_text(out, id);
    }
}

pub(crate) fn get_id<'a>(bytes: &mut Bytes<'a>) -> Option<Cow<'a, str>> {
    Some(match bytes.byte()? {
        TEXT => Cow::Borrowed(bytes.text()?),
        HASH => Cow::Owned(format!("{HASH_PREFIX}{:032x}", u128::from_be_bytes(bytes.array()?))),
        UUID => Cow::Owned(dashed(&format!("{:032x}", u128::from_be_bytes(bytes.array()?)))),
        _ => return None,
    })
}

/// Sixteen bytes, if the text is their lower-case hexadecimal form and nothing else.
fn packed(hex: &str) -> Option<[u8; 16]> {
    let is_hex = hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if hex.len() != 32 || !is_hex {
        return None;
    }
    u128::from_str_radix(hex, 16).ok().map(u128::to_be_bytes)
}

fn undashed(id: &str) -> Option<String> {
    let bytes = id.as_bytes();
    let is_uuid = bytes.len() == 36 && DASHES.iter().all(|at| bytes.get(*at) == Some(&b'-'));
    let hex = || id.chars().filter(|c| *c != '-').collect();
    is_uuid.then(hex)
}

fn dashed(hex: &str) -> String {
    let mut id = String::with_capacity(36);
    for (at, digit) in hex.chars().enumerate() {
        if matches!(at, 8 | 12 | 16 | 20) {
            id.push('-');
        }
        id.push(digit);
    }
    id
}

#[cfg(test)]
mod tests {
    use super::{Bytes, get_id, put_id};

    #[test]
    fn every_id_comes_back_as_it_was() {
        let ids = [
            ("h-00112233445566778899aabbccddeeff", 17),
            ("h-00112233445566778899AABBCCDDEEFF", 36),
            ("h-0011223344556677", 20),
            ("00112233-4455-6677-8899-aabbccddeeff", 17),
            ("00112233-4455-6677-8899-AABBCCDDEEFF", 38),
            ("00112233-4455-6677-8899-aabbccddee-f", 38),
            ("0011223--4455-6677-8899-aabbccddeeff", 38),
            ("+0112233-4455-6677-8899-aabbccddeeff", 38),
            ("", 2),
            ("线1-0001", 11),
        ];
        for (id, length) in ids {
            let mut out = Vec::new();
            put_id(&mut out, id);
            assert_eq!(out.len(), length, "{id}");
            assert_eq!(get_id(&mut Bytes::new(&out)).as_deref(), Some(id));
        }
        assert_eq!(get_id(&mut Bytes::new(&[9])), None);
    }
}
