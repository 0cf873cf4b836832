//! Which codes something came for.

use std::sync::atomic::{AtomicBool, Ordering};

use fastbloom::AtomicBloomFilter;

/// About what the entries of a code take on disk.
const BYTES_PER_CODE: u64 = 128;
/// One code in a hundred that nothing came for is looked for.
const BITS_PER_CODE: u64 = 10;
const HASHES: u32 = 7;
const BITS_MIN: u64 = 1 << 16;

/// A filter of codes.
pub(crate) struct SeenCodes {
    codes: AtomicBloomFilter,
    /// Not before those were noted that were there when the index was opened.
    has_all: AtomicBool,
}

impl SeenCodes {
    /// Large enough for entries of so many bytes on disk, in a hundredth of that.
    pub(super) fn new(disk_bytes: u64, has_all: bool) -> Self {
        let bits = (disk_bytes / BYTES_PER_CODE * BITS_PER_CODE).max(BITS_MIN);
        let bits = usize::try_from(bits).unwrap_or(usize::MAX);
        let codes = AtomicBloomFilter::with_num_bits(bits).hashes(HASHES);
        Self { codes, has_all: AtomicBool::new(has_all) }
    }

    /// Before the entry of the code can be read.
    pub(crate) fn note(&self, code: &str) {
        self.codes.insert(code);
    }

    pub(super) fn may_have(&self, code: &str) -> bool {
        !self.has_all() || self.codes.contains(code)
    }

    pub(crate) fn has_all(&self) -> bool {
        self.has_all.load(Ordering::Acquire)
    }

    /// Once every code that was there has been noted.
    pub(crate) fn set_has_all(&self) {
        self.has_all.store(true, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::SeenCodes;

    #[test]
    fn what_came_is_never_missed_and_what_did_not_seldom_looked_for() {
        const CODES: u64 = 10_000;
        let seen = SeenCodes::new(CODES * super::BYTES_PER_CODE, false);
        assert!(seen.may_have("before all are noted"));
        for code in 0..CODES {
            seen.note(&format!("A{code}"));
        }
        seen.set_has_all();
        assert!((0..CODES).all(|code| seen.may_have(&format!("A{code}"))));
        let wrong = (0..CODES).filter(|code| seen.may_have(&format!("B{code}"))).count();
        assert!(wrong < CODES as usize / 50, "{wrong} of {CODES}");
    }
}
