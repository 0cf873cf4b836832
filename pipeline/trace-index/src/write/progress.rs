//! How far into its sources an index is.

use crate::error::IndexError;
use crate::index::TraceIndex;
use crate::store::{Space, contained};

pub(super) const KEY: &[u8] = b"progress";

/// Positions of the sources an index was made from, stored with the events themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// The last frame of the inbox that is in the index.
    pub inbox_sequence: u64,
    /// The last frame of the inbox that is in the lake as far as the index knows.
    pub lake_sequence: i64,
    /// The version of the ledger's table that is in the index.
    pub lake_version: i64,
}

impl Progress {
    /// The further of two in each source: whoever notes one source may have read the others earlier.
    pub(super) fn further(self, other: Self) -> Self {
        Self {
            inbox_sequence: self.inbox_sequence.max(other.inbox_sequence),
            lake_sequence: self.lake_sequence.max(other.lake_sequence),
            lake_version: self.lake_version.max(other.lake_version),
        }
    }

    pub(super) fn to_bytes(self) -> Vec<u8> {
        let parts = [self.inbox_sequence, self.lake_sequence as u64, self.lake_version as u64];
        parts.iter().flat_map(|part| part.to_be_bytes()).collect()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let ([a, b, c], []) = bytes.as_chunks::<8>() else {
            return None;
        };
        let signed = |part: &[u8; 8]| i64::from_be_bytes(*part);
        Some(Self {
            inbox_sequence: u64::from_be_bytes(*a),
            lake_sequence: signed(b),
            lake_version: signed(c),
        })
    }
}

pub(crate) fn read_progress(index: &TraceIndex) -> Result<Progress, IndexError> {
    contained(index.folder(), || {
        let stored = index.spaces().of(Space::Meta).get(KEY);
        let Some(bytes) = stored.map_err(index.failed("read the progress of"))? else {
            return Ok(Progress::default());
        };
        Progress::read(&bytes).ok_or_else(|| index.damaged("its progress is unreadable"))
    })
}
