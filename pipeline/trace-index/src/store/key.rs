//! Keys. They sort as the answers need them: by code, then by time.

use std::ops::Range;

use yuanliu_law::EventType;

use crate::event::{EventRow, id_hash};

/// A longer code is not indexed; the store allows keys of 65,535 bytes, and no carrier holds more
/// than 2,953.
pub(crate) const CODE_BYTES_MAX: usize = 60_000;

const EVENT_KEY_BYTES: usize = 17;
/// After the code: a separator, the role, the event.
const CODE_TAIL_BYTES: usize = 2 + EVENT_KEY_BYTES;
const SIGN: u64 = 1 << 63;
/// An event without a time, after all others.
const NO_TIME: u64 = u64::MAX;

/// An event within the index: its time, the precedence of its type, and a hash of id and content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct EventKey([u8; EVENT_KEY_BYTES]);

impl EventKey {
    pub(crate) fn of(row: &EventRow<'_>) -> Self {
        let [a, b, c, d, e, f, g, h] = time_bytes(row.time_us);
        let tail = row.content_hash.cast_unsigned() ^ id_tail(row.event_id);
        let [i, j, k, l, m, n, o, p] = tail.to_be_bytes();
        let precedence = row.event_type.precedence();
        Self([a, b, c, d, e, f, g, h, precedence, i, j, k, l, m, n, o, p])
    }

    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn time_us(&self) -> Option<i64> {
        self.0.first_chunk().and_then(|time| read_time(*time))
    }

    pub(crate) fn event_type(&self) -> Option<EventType> {
        EventType::ALL.get(usize::from(self.0[8])).copied()
    }

    /// The content hash, which is kept in the key together with the id.
    pub(crate) fn content_hash(&self, event_id: &str) -> i64 {
        let tail = self.0.last_chunk().map_or(0, |tail| u64::from_be_bytes(*tail));
        (tail ^ id_tail(event_id)).cast_signed()
    }

    /// Whether it counts at an instant: events without a time always do.
    pub(crate) fn is_seen(&self, as_of_us: i64) -> bool {
        self.time_us().is_none_or(|time_us| time_us <= as_of_us)
    }
}

fn id_tail(event_id: &str) -> u64 {
    id_hash(event_id) as u64
}

/// A time so that bytes sort as times do; none sorts last.
pub(crate) fn time_bytes(time_us: Option<i64>) -> [u8; 8] {
    time_us.map_or(NO_TIME, |time_us| time_us.cast_unsigned() ^ SIGN).to_be_bytes()
}

fn read_time(bytes: [u8; 8]) -> Option<i64> {
    let time = u64::from_be_bytes(bytes);
    (time != NO_TIME).then_some((time ^ SIGN).cast_signed())
}

/// What a code is to an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// It was scanned.
    Own = 1,
    /// A commission says that it is another carrier of its code.
    Alias = 2,
    /// It is the container of a pack or unpack.
    Parent = 3,
}

/// The key of an entry of a code.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CodeKey<'a> {
    pub(crate) code: &'a str,
    pub(crate) role: Role,
    pub(crate) event: EventKey,
}

impl<'a> CodeKey<'a> {
    /// Reads from the end, where the length is known, so that a code may hold any character.
    pub(crate) fn read(key: &'a [u8]) -> Option<Self> {
        let (code, tail) = key.split_at_checked(key.len().checked_sub(CODE_TAIL_BYTES)?)?;
        let ([0, role], event) = tail.split_first_chunk()? else {
            return None;
        };
        let role = match role {
            1 => Role::Own,
            2 => Role::Alias,
            3 => Role::Parent,
            _ => return None,
        };
        Some(Self { code: std::str::from_utf8(code).ok()?, role, event: EventKey::read(event)? })
    }
}

/// Writes the key of an entry of a code in place of what `key` held.
pub(crate) fn set_code_key(key: &mut Vec<u8>, code: &str, role: Role, event: &EventKey) {
    key.clear();
    key.extend_from_slice(code.as_bytes());
    key.extend_from_slice(&[0, role as u8]);
    key.extend_from_slice(event.as_bytes());
}

/// Where the entries of a code in the roles `from` to `to` lie.
///
/// A code that holds a NUL may have entries among those of a shorter one, and a code that is too
/// long to be indexed has the range of its beginning: whoever reads compares the code.
pub(crate) fn code_range(code: &str, from: Role, to: Role) -> Range<Vec<u8>> {
    let code = code.as_bytes();
    let code = code.get(..CODE_BYTES_MAX).unwrap_or(code);
    let bound = |role: u8| [code, &[0, role]].concat();
    bound(from as u8)..bound(to as u8 + 1)
}

#[cfg(test)]
mod tests {
    use super::{CodeKey, EventKey, Role, code_range, set_code_key};
    use crate::event::{EventRow, TEXT_COUNT};
    use yuanliu_law::EventType;

    fn key(time_us: Option<i64>, event_id: &str, content_hash: i64) -> EventKey {
        EventKey::of(&EventRow {
            event_id,
            content_hash,
            event_type: EventType::Ship,
            time_us,
            texts: [None; TEXT_COUNT],
            accuracy_m: None,
            codes_listed: 0,
            codes: Vec::new(),
            aliases: Vec::new(),
            inputs: Vec::new(),
        })
    }

    #[test]
    fn keys_sort_by_time_and_say_what_they_were_made_of() {
        let times = [Some(i64::MIN), Some(-1), Some(0), Some(1), Some(i64::MAX - 1), None];
        let keys: Vec<EventKey> = times.iter().map(|time| key(*time, "e", -5)).collect();
        assert!(keys.is_sorted());
        for (key, time_us) in keys.iter().zip(times) {
            assert_eq!(key.time_us(), time_us);
            assert_eq!(key.event_type(), Some(EventType::Ship));
            assert_eq!(key.content_hash("e"), -5);
            assert_eq!(key.is_seen(0), time_us.is_none_or(|time_us| time_us <= 0));
        }
    }

    #[test]
    fn codes_come_back_even_with_a_separator_in_them() {
        let mut bytes = b"before".to_vec();
        for code in ["A", "", "A\0\u{1}B", "码"] {
            let event = key(Some(1), "e", 1);
            set_code_key(&mut bytes, code, Role::Parent, &event);
            let read = CodeKey::read(&bytes).unwrap();
            assert_eq!((read.code, read.role, read.event), (code, Role::Parent, event));
            assert!(code_range(code, Role::Own, Role::Parent).contains(&bytes));
            assert!(!code_range(code, Role::Own, Role::Alias).contains(&bytes));
        }
        assert!(CodeKey::read(b"short").is_none());
    }
}
