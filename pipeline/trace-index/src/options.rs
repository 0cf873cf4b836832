//! How an index is opened.

use std::collections::HashSet;

/// Enough for the filters and inner blocks of 10^8 codes.
const CACHE_BYTES: u64 = 256 << 20;
/// Of all spaces together, before the largest is written to disk.
const MEMTABLES_BYTES: u64 = 64 << 20;
/// How much of a bulk build is sorted at a time.
const SORT_BYTES: usize = 256 << 20;

/// Smaller stores answer as fast without.
const COMPACTION_BYTES_MIN: u64 = 64 << 20;
/// An inbox that is full, and a landing of it.
const DISK_SPARE_BYTES: u64 = 1 << 30;

/// Memory bounds of an index and the rules it reads codes by.
#[derive(Debug, Clone)]
pub struct IndexOptions {
    /// Blocks kept in memory, in bytes.
    pub cache_bytes: u64,
    /// New entries of all spaces kept in memory, in bytes, at least 1 MiB; beyond it those of the
    /// largest space are written out, and up to three times as much is kept while the disk is
    /// behind.
    pub memtables_bytes: u64,
    /// Entries a bulk build sorts at a time, in bytes.
    pub sort_bytes: usize,
    /// Entries of codes since the last compaction before there is another, in bytes on disk; as many as
    /// at the last one, up to 512 MiB, and a quarter of those, if that is more; 0 for one whenever it is
    /// asked for.
    pub compaction_bytes_min: u64,
    /// What a compaction leaves free of its disk for whoever else writes to it, in bytes.
    pub disk_spare_bytes: u64,
    /// Codes of damaged labels, normalised, besides all zeros: they never join. They are read by
    /// and not written, so a changed list needs no new index.
    pub placeholders: HashSet<String>,
}

impl Default for IndexOptions {
    fn default() -> Self {
        Self {
            cache_bytes: CACHE_BYTES,
            memtables_bytes: MEMTABLES_BYTES,
            sort_bytes: SORT_BYTES,
            compaction_bytes_min: COMPACTION_BYTES_MIN,
            disk_spare_bytes: DISK_SPARE_BYTES,
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
