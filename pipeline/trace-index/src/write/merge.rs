//! Entries that several events share. Merging is the same in any order and any number of times.

use crate::store::{Space, time_bytes};

/// A content hash as it is stored.
pub(super) fn content_bytes(content_hash: i64) -> [u8; 8] {
    content_hash.to_be_bytes()
}

/// The content hashes stored under an id.
pub(crate) fn contents_in(stored: &[u8]) -> impl Iterator<Item = i64> {
    stored.as_chunks().0.iter().map(|content| i64::from_be_bytes(*content))
}

/// From when on a correction counts; one without a time always does.
pub(super) fn void_bytes(time_us: Option<i64>) -> [u8; 8] {
    time_us.map_or([0; 8], |time_us| time_bytes(Some(time_us)))
}

/// Whether an event with this stored void is void at an instant.
pub(crate) fn voids_at(stored: &[u8], as_of_us: i64) -> bool {
    *stored <= time_bytes(Some(as_of_us))[..]
}

/// Adds a content to those that are stored; answers whether it was not there.
pub(super) fn add_content(stored: &mut Vec<u8>, content: [u8; 8]) -> bool {
    let Err(at) = stored.as_chunks().0.binary_search(&content) else {
        return false;
    };
    let at = at * content.len();
    stored.splice(at..at, content);
    true
}

/// What stands under a key that was written twice.
pub(super) fn merged(space: Space, stored: &mut Vec<u8>, other: &[u8]) {
    match space {
        Space::Id => {
            for content in other.as_chunks().0 {
                add_content(stored, *content);
            }
        }
        Space::Void if other < stored.as_slice() => *stored = other.to_vec(),
        // Equal keys elsewhere come from one event.
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{content_bytes, contents_in, merged, void_bytes, voids_at};
    use crate::store::Space;

    #[test]
    fn contents_are_a_set_and_the_earliest_void_counts() {
        let mut ids = content_bytes(5).to_vec();
        for other in [-1, 5, 7, -1] {
            merged(Space::Id, &mut ids, &content_bytes(other));
        }
        let mut found: Vec<i64> = contents_in(&ids).collect();
        found.sort_unstable();
        assert_eq!(found, [-1, 5, 7]);

        let mut void = void_bytes(Some(10)).to_vec();
        assert!(!voids_at(&void, 9) && voids_at(&void, 10));
        merged(Space::Void, &mut void, &void_bytes(Some(20)));
        assert!(voids_at(&void, 10));
        merged(Space::Void, &mut void, &void_bytes(None));
        assert!(voids_at(&void, i64::MIN));
    }
}
