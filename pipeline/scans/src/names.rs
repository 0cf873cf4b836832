//! Finding a field, event type or word whatever its spelling.

use std::sync::LazyLock;

use yuanliu_law::EventType;

use crate::fields::{EVENT_TYPE_SPELLINGS, FIELDS, Field};

/// Longer names are nobody's spelling of anything we know.
const FOLDED_BYTES_MAX: usize = 32;
const BUCKETS: usize = 128;

static FIELD_NAMES: LazyLock<Names<Field>> = LazyLock::new(|| {
    Names::new(FIELDS.iter().flat_map(|spec| {
        let spellings = spec.spellings.iter().map(|spelling| (*spelling).to_owned());
        spellings.chain([fold_owned(spec.name)]).map(|name| (name, spec.field))
    }))
});

static EVENT_TYPE_NAMES: LazyLock<Names<EventType>> = LazyLock::new(|| {
    let own = EventType::ALL.into_iter().map(|kind| (fold_owned(kind.as_str()), kind));
    Names::new(
        own.chain(EVENT_TYPE_SPELLINGS.iter().map(|(name, kind)| ((*name).to_owned(), *kind))),
    )
});

/// A map from folded names whose hash is cheap: every value of every record asks for one.
struct Names<T>([Vec<(String, T)>; BUCKETS]);

impl<T: Copy> Names<T> {
    fn new(names: impl Iterator<Item = (String, T)>) -> Self {
        let mut buckets = [const { Vec::new() }; BUCKETS];
        for (name, value) in names {
            if let Some(bucket) = buckets.get_mut(bucket(&name)) {
                bucket.push((name, value));
            }
        }
        Self(buckets)
    }

    fn get(&self, name: &str) -> Option<T> {
        let found = self.0.get(bucket(name))?.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| *value)
    }
}

fn bucket(name: &str) -> usize {
    let bytes = name.as_bytes();
    let at = |at: usize| usize::from(bytes.get(at).copied().unwrap_or_default());
    let end = bytes.len();
    (end * 31 + at(0) * 7 + at(end / 2) * 3 + at(end.wrapping_sub(1))) % BUCKETS
}

pub(crate) fn field(name: &str) -> Option<Field> {
    folded(name, |folded| FIELD_NAMES.get(folded))
}

pub(crate) fn event_type(name: &str) -> Option<EventType> {
    folded(name, |folded| EVENT_TYPE_NAMES.get(folded))
}

pub(crate) fn word(text: &str, words: &[(&'static str, &'static str)]) -> Option<&'static str> {
    folded(text, |folded| {
        words.iter().find(|(spelling, _)| *spelling == folded).map(|(_, word)| *word)
    })
}

fn fold_owned(name: &str) -> String {
    folded(name, |folded| Some(folded.to_owned())).unwrap_or_default()
}

/// Hands `find` the name in lower case without `_`, `-` and spaces, on the stack.
fn folded<T>(name: &str, find: impl FnOnce(&str) -> Option<T>) -> Option<T> {
    let mut buffer = [0_u8; FOLDED_BYTES_MAX];
    let mut length = 0;
    for byte in name.bytes().filter(|byte| !matches!(byte, b'_' | b'-' | b' ')) {
        *buffer.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    std::str::from_utf8(buffer.get(..length)?).ok().and_then(find)
}
