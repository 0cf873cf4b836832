//! Telling most values that are no keys apart from keys.

use datafusion::common::HashSet;

/// One value in sixteen that is no key looks like one.
const BITS_OF_A_KEY: usize = 16;

const WORD_BITS: usize = u64::BITS as usize;

/// A bit for each of some hashes. It fits into the processor's cache where the hashes do not: most values are no keys, and this says so.
#[derive(Debug)]
pub(super) struct KeyBits {
    words: Vec<u64>,
    mask: u64,
}

impl KeyBits {
    pub(super) fn of(hashes: &HashSet<u64>) -> Self {
        let bits = (hashes.len() * BITS_OF_A_KEY).next_power_of_two().max(WORD_BITS);
        let mut bits = Self { words: vec![0; bits / WORD_BITS], mask: bits as u64 - 1 };
        for hash in hashes {
            let (word, bit) = bits.place(*hash);
            bits.words[word] |= bit;
        }
        bits
    }

    /// No: it is none of them.
    pub(super) fn may_have(&self, hash: u64) -> bool {
        let (word, bit) = self.place(hash);
        self.words[word] & bit != 0
    }

    fn place(&self, hash: u64) -> (usize, u64) {
        let place = (hash & self.mask) as usize;
        (place / WORD_BITS, 1 << (place % WORD_BITS))
    }
}

#[cfg(test)]
mod tests {
    use super::super::keys::hash;
    use super::*;

    #[test]
    fn every_hash_has_its_bit_and_few_others_have() {
        assert!(!KeyBits::of(&HashSet::new()).may_have(7));
        let hash = |n: u64| hash(&n.to_string());
        let hashes: HashSet<u64> = (0..10_000).map(hash).collect();
        let bits = KeyBits::of(&hashes);
        assert!(hashes.iter().all(|hash| bits.may_have(*hash)));
        let others = (10_000..110_000).filter(|n| bits.may_have(hash(*n))).count();
        assert!(others < 10_000, "{others} of 100000");
    }
}
