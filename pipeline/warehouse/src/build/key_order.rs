//! Keys in order, by which it is told of two bounds whether a key may lie between.

use arrow::array::{StringArray, StringBuilder};

use crate::lake::prefix;

/// Keys of so many bytes are in most pages of a table: to know their order would save little.
const BYTES_MAX: usize = 32 << 20;

/// Different keys as they come.
#[derive(Debug, Default)]
pub(super) struct KeyTexts {
    texts: StringBuilder,
    are_too_many: bool,
}

impl KeyTexts {
    pub(super) fn add(&mut self, key: &str) {
        if self.are_too_many {
            return;
        }
        if self.texts.values_slice().len() + key.len() > BYTES_MAX {
            *self = Self { are_too_many: true, ..Self::default() };
            return;
        }
        self.texts.append_value(key);
    }

    /// The keys in order; none if they are too many.
    pub(super) fn in_order(mut self) -> Option<KeyOrder> {
        if self.are_too_many {
            return None;
        }
        let texts = self.texts.finish();
        let common = common(&texts).to_vec();
        let rest = texts.iter().flatten().map(|text| prefix(&text.as_bytes()[common.len()..]));
        let mut rest: Vec<_> = rest.collect();
        rest.sort_unstable();
        rest.dedup();
        Some(KeyOrder { common, rest })
    }
}

/// Keys in order, by so much of each as tells most of them apart.
#[derive(Debug)]
pub(super) struct KeyOrder {
    /// What all keys begin with.
    common: Vec<u8>,
    /// Of each the bytes that follow, in order.
    rest: Vec<u128>,
}

impl KeyOrder {
    /// Whether a key may be neither smaller than one value nor greater than the other.
    pub(super) fn any_between(&self, least: &[u8], greatest: &[u8]) -> bool {
        let from = match self.rest_of(least) {
            Some(rest) => self.rest.partition_point(|key| *key < rest),
            None if least < self.common.as_slice() => 0,
            None => return false,
        };
        let Some(next) = self.rest.get(from) else { return false };
        match self.rest_of(greatest) {
            Some(rest) => *next <= rest,
            None => greatest > self.common.as_slice(),
        }
    }

    fn rest_of(&self, value: &[u8]) -> Option<u128> {
        value.strip_prefix(self.common.as_slice()).map(prefix)
    }
}

/// What all texts begin with.
fn common(texts: &StringArray) -> &[u8] {
    let mut texts = texts.iter().flatten().map(str::as_bytes);
    let first = texts.next().unwrap_or_default();
    texts.fold(first, |common, text| {
        let same = common.iter().zip(text).take_while(|(a, b)| a == b).count();
        &common[..same]
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ordered(keys: &[&str]) -> KeyOrder {
        let mut texts = KeyTexts::default();
        keys.iter().for_each(|key| texts.add(key));
        texts.in_order().unwrap()
    }

    #[test]
    fn a_key_lies_between_bounds_or_not() {
        let keys = ordered(&["A07", "A03", "A05"]);
        let between =
            |least: &str, greatest: &str| keys.any_between(least.as_bytes(), greatest.as_bytes());
        assert!(between("A03", "A03"));
        assert!(between("A04", "A06"));
        assert!(between("", "Z"));
        assert!(!between("A04", "A04zz"));
        assert!(!between("A08", "B"));
        assert!(!between("", "A02"));
        assert!(!ordered(&[]).any_between(b"", b"Z"));
    }

    #[test]
    fn keys_that_begin_alike_are_told_apart_by_what_follows() {
        let keys = ordered(&[
            "https://example.cn/01/06900000000017/21/B",
            "https://example.cn/01/06900000000017/21/D",
        ]);
        let between = |least: &str, greatest: &str| {
            let whole = |end: &str| format!("https://example.cn/01/06900000000017/21/{end}");
            keys.any_between(whole(least).as_bytes(), whole(greatest).as_bytes())
        };
        assert!(between("A", "B"));
        assert!(!between("C", "C9"));
        assert!(!between("E", "F"));
        assert!(keys.any_between(b"https", b"https~"));
        assert!(!keys.any_between(b"http", b"https"));
    }

    proptest! {
        #[test]
        fn no_page_with_a_key_is_left_out(
            keys in prop::collection::vec("[a-c]{0,19}", 1..4),
            bounds in ["[a-c]{0,19}", "[a-c]{0,19}"],
        ) {
            let order = ordered(&keys.iter().map(String::as_str).collect::<Vec<_>>());
            let [least, greatest] = if bounds[0] < bounds[1] { [0, 1] } else { [1, 0] };
            let (least, greatest) = (&bounds[least], &bounds[greatest]);
            if keys.iter().any(|key| (least..=greatest).contains(&key)) {
                prop_assert!(order.any_between(least.as_bytes(), greatest.as_bytes()));
            }
        }
    }
}
