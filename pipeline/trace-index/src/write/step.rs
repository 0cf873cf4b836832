//! What is committed at once.

use fjall::{OwnedWriteBatch, PersistMode};

use super::sorting::Sorting;
use crate::error::IndexError;
use crate::index::TraceIndex;
use crate::store::{CodeKey, Space, WAIT_MAX_S, wait_until};

/// The store itself waits without end once four are there, even if it cannot write any more.
const SEALED_MEMTABLES_MAX: usize = 2;

/// Entries that are there together or not at all.
pub(super) struct Step<'i> {
    index: &'i TraceIndex,
    entries: [Sorting; Space::ALL.len()],
}

impl<'i> Step<'i> {
    pub(super) fn new(index: &'i TraceIndex) -> Self {
        Self { index, entries: Default::default() }
    }

    pub(super) fn put(&mut self, space: Space, key: &[u8], value: &[u8]) {
        if let Some(entries) = self.entries.get_mut(space as usize) {
            entries.push(key, value);
        }
    }

    /// What the store has under a hash; what this step puts there it does not have yet.
    pub(super) fn stored(
        &self,
        space: Space,
        hash: u128,
    ) -> Result<Option<fjall::Slice>, IndexError> {
        let stored = self.index.spaces().of(space).get(hash.to_be_bytes());
        stored.map_err(self.index.failed("read"))
    }

    /// Commits what was put and begins anew.
    ///
    /// Once it returns the commit has left the process, which may then be killed. The store takes
    /// entries fastest in the order of their keys.
    pub(super) fn commit(&mut self) -> Result<(), IndexError> {
        wait_for_disk(self.index)?;
        let spaces = self.index.spaces();
        let codes = spaces.codes.current();
        let count = self.entries.iter().map(Sorting::len).sum();
        let batch = OwnedWriteBatch::with_capacity(spaces.database.clone(), count);
        let mut batch = batch.durability(Some(PersistMode::Buffer));
        for (space, entries) in Space::ALL.into_iter().zip(&mut self.entries) {
            if space == Space::Void && !entries.is_empty() {
                // Before the events are visible, so that no reader misses a void.
                self.index.expect_voids();
            }
            let keyspace = spaces.of(space);
            for (key, value) in entries.sorted() {
                if space == Space::Code
                    && let Some(key) = CodeKey::read(key)
                {
                    codes.newest().seen.note(key.code);
                }
                batch.insert(&keyspace, key, value);
            }
            entries.clear();
        }
        batch
            .commit()
            .and_then(|()| spaces.rotate_largest(self.index.options().memtables_bytes))
            .map_err(self.index.failed("write to"))
    }
}

/// Waits until the store has written enough of what it holds in memory.
fn wait_for_disk(index: &TraceIndex) -> Result<(), IndexError> {
    if wait_until(|| index.spaces().sealed_memtables() <= SEALED_MEMTABLES_MAX) {
        return Ok(());
    }
    Err(IndexError::Stalled { folder: index.folder().to_owned(), waited_s: WAIT_MAX_S })
}
