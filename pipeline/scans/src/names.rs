//! Finding a field, event type or word whatever its spelling.

use std::collections::HashMap;
use std::sync::LazyLock;

use yuanliu_law::EventType;

use crate::fields::{EVENT_TYPE_SPELLINGS, FIELDS, Field};

/// Longer names are nobody's spelling of anything we know.
const FOLDED_BYTES_MAX: usize = 32;

static FIELD_NAMES: LazyLock<HashMap<String, Field>> = LazyLock::new(|| {
    FIELDS
        .iter()
        .flat_map(|spec| {
            let spellings = spec.spellings.iter().map(|spelling| (*spelling).to_owned());
            spellings.chain([fold_owned(spec.name)]).map(|name| (name, spec.field))
        })
        .collect()
});

static EVENT_TYPE_NAMES: LazyLock<HashMap<String, EventType>> = LazyLock::new(|| {
    let own = EventType::ALL.into_iter().map(|kind| (fold_owned(kind.as_str()), kind));
    own.chain(EVENT_TYPE_SPELLINGS.iter().map(|(name, kind)| ((*name).to_owned(), *kind))).collect()
});

pub(crate) fn field(name: &str) -> Option<Field> {
    folded(name, |folded| FIELD_NAMES.get(folded).copied())
}

pub(crate) fn event_type(name: &str) -> Option<EventType> {
    folded(name, |folded| EVENT_TYPE_NAMES.get(folded).copied())
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
