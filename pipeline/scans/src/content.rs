//! The hash of an event's content.
//!
//! Fields are fed in the order of the table under their canonical names and in canonical form, so
//! neither their order in the record nor their spelling matters, and a new field changes no old
//! hash. The rules of the hub do not enter: a new code pattern makes no resend a collision.

use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// Enough for most events.
const USUAL_BYTES: usize = 512;

/// Collects the canonical form.
#[derive(Debug)]
pub(crate) struct Content(Vec<u8>);

impl Content {
    pub(crate) fn new() -> Self {
        Self(Vec::with_capacity(USUAL_BYTES))
    }

    pub(crate) fn put(&mut self, name: &str, value: &[u8]) {
        self.part(name.as_bytes());
        self.part(value);
    }

    pub(crate) fn put_list<'v>(&mut self, name: &str, values: impl Iterator<Item = &'v str>) {
        self.part(name.as_bytes());
        let count_at = self.0.len();
        for value in values {
            self.part(value.as_bytes());
        }
        let length = (self.0.len() - count_at) as u64;
        self.0.extend_from_slice(&length.to_le_bytes());
    }

    /// Every part goes with its length, so that no two contents run together.
    fn part(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn hash(&self) -> i64 {
        xxh3_64(&self.0).cast_signed()
    }

    /// The id of an event whose sender gave none; 128 bits, since ids decide what is a duplicate.
    pub(crate) fn id(&self) -> String {
        format!("h-{:032x}", xxh3_128(&self.0))
    }
}
