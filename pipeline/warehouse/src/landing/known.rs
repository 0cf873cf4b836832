//! A small, bounded answer to "has this key certainly never been landed?".
//!
//! Looking keys up means reading a column of the table. Most keys of a first read are new, and a filter
//! that says so spares almost every such reading. It is a Bloom filter: it may say "perhaps" for a key
//! that is new, never "new" for a key that is there.

use std::sync::{Mutex, PoisonError};

use arrow::array::ArrayRef;
use datafusion::common::hash_utils::{RandomState, create_hashes};
use datafusion::error::DataFusionError;

/// 64 MiB: enough for 22 million keys at one false "perhaps" in a hundred thousand.
const FILTER_BITS_MAX: u64 = 64 * 8 * 1024 * 1024;

/// Smaller filters would only be rebuilt sooner.
const FILTER_BITS_MIN: u64 = 4 * 1024 * 1024;

const BITS_PER_KEY: u64 = 24;

/// Best for 24 bits per key.
const PROBES: u64 = 16;

const SEED: u64 = 0x7975_616e_6c69_7500;

/// A filter over the keys of one table.
#[derive(Debug)]
pub(crate) struct KnownKeys {
    bits: Mutex<Bits>,
}

#[derive(Debug)]
struct Bits {
    words: Vec<u64>,
    mask: u64,
    keys: u64,
}

impl KnownKeys {
    /// A filter with room for twice `rows`, within its bounds.
    pub(crate) fn with_room_for(rows: u64) -> Self {
        let wanted = rows.saturating_mul(2 * BITS_PER_KEY);
        let bits = wanted.clamp(FILTER_BITS_MIN, FILTER_BITS_MAX).next_power_of_two();
        let bits = bits.min(FILTER_BITS_MAX);
        let words = vec![0; usize::try_from(bits / 64).unwrap_or(usize::MAX)];
        Self { bits: Mutex::new(Bits { words, mask: bits - 1, keys: 0 }) }
    }

    /// Whether a larger filter would answer better.
    pub(crate) fn is_full(&self) -> bool {
        let bits = self.bits.lock().unwrap_or_else(PoisonError::into_inner);
        let size = bits.mask + 1;
        size < FILTER_BITS_MAX && bits.keys.saturating_mul(BITS_PER_KEY) > size
    }

    /// Notes keys as landed.
    pub(crate) fn insert(&self, keys: &ArrayRef) -> Result<(), DataFusionError> {
        let hashes = hashes(keys)?;
        let mut bits = self.bits.lock().unwrap_or_else(PoisonError::into_inner);
        bits.keys += hashes.len() as u64;
        for hash in hashes {
            for bit in probes(hash, bits.mask) {
                bits.words[(bit / 64) as usize] |= 1 << (bit % 64);
            }
        }
        Ok(())
    }

    /// For each key whether it may have been landed.
    pub(crate) fn may_contain(&self, keys: &ArrayRef) -> Result<Vec<bool>, DataFusionError> {
        let hashes = hashes(keys)?;
        let bits = self.bits.lock().unwrap_or_else(PoisonError::into_inner);
        let is_set = |bit: u64| bits.words[(bit / 64) as usize] & (1 << (bit % 64)) != 0;
        Ok(hashes.into_iter().map(|hash| probes(hash, bits.mask).all(is_set)).collect())
    }
}

fn hashes(keys: &ArrayRef) -> Result<Vec<u64>, DataFusionError> {
    let mut hashes = vec![0; keys.len()];
    create_hashes([keys], &RandomState::with_seed(SEED), &mut hashes)?;
    Ok(hashes)
}

/// Double hashing; the second step is odd so that it reaches every bit.
fn probes(hash: u64, mask: u64) -> impl Iterator<Item = u64> {
    let step = hash.rotate_left(32).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..PROBES).map(move |probe| hash.wrapping_add(step.wrapping_mul(probe)) & mask)
}
