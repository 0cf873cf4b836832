//! How an index is opened.

use std::collections::HashSet;

/// Enough for the filters and inner blocks of 10^8 codes.
const CACHE_BYTES: u64 = 256 << 20;
/// Per space and before it is written to disk; spaces with little data never reach it.
const MEMTABLE_BYTES: u64 = 32 << 20;
/// How much of a bulk build is sorted at a time.
const SORT_BYTES: usize = 256 << 20;

/// Memory bounds of an index and the rules it reads codes by.
#[derive(Debug, Clone)]
pub struct IndexOptions {
    /// Blocks kept in memory, in bytes.
    pub cache_bytes: u64,
    /// New entries of one space kept in memory before they are written out, in bytes, at least 1 MiB; up to
    /// four times that while the disk is behind.
    pub memtable_bytes: u64,
    /// Entries a bulk build sorts at a time, in bytes.
    pub sort_bytes: usize,
    /// Codes of damaged labels, normalised, besides all zeros: they never join. They are read by
    /// and not written, so a changed list needs no new index.
    pub placeholders: HashSet<String>,
}

impl Default for IndexOptions {
    fn default() -> Self {
        Self {
            cache_bytes: CACHE_BYTES,
            memtable_bytes: MEMTABLE_BYTES,
            sort_bytes: SORT_BYTES,
            placeholders: HashSet::new(),
        }
    }
}

impl IndexOptions {
    /// Whether a normalised code stands for a damaged label.
    pub(crate) fn is_placeholder(&self, code: &str) -> bool {
        code.bytes().all(|byte| byte == b'0') || self.placeholders.contains(code)
    }
}
