//! Applying a batch of events to an open index.

use std::collections::HashMap;
use std::thread::sleep;
use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use fjall::OwnedWriteBatch;

use super::columns::EventColumns;
use super::entries::{KnownSettings, id_entry, put_entries, void_entry};
use super::merge::{content_bytes, with_content};
use super::progress::{KEY, Progress};
use crate::error::IndexError;
use crate::event::EventRow;
use crate::index::TraceIndex;
use crate::store::{Space, contained};

/// A larger batch is committed in several steps, to bound the memory they take.
const STEP_ENTRIES_MAX: usize = 262_144;
/// The store itself waits without end once four are there, even if it cannot write any more.
const SEALED_MEMTABLES_MAX: usize = 2;
/// A full memtable takes seconds on a slow disk.
const STALL_MAX_S: u64 = 60;
const STALL_STEP_MS: u64 = 5;

/// What became of the events of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Applied {
    /// Events that were not in the index.
    pub added: u64,
    /// Events that were in it already, or stood in the batch before.
    pub known: u64,
    /// Rows that are no event: without an id, a content hash, or a type the law knows.
    pub skipped: u64,
}

/// What only one thread at a time may use.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    settings: KnownSettings,
}

pub(crate) fn apply(
    index: &TraceIndex,
    batch: &RecordBatch,
    progress: Progress,
) -> Result<Applied, IndexError> {
    let columns = EventColumns::new(batch)?;
    index.expect_there()?;
    contained(index.folder(), || {
        let mut writer = index.writer();
        let mut applied = Applied::default();
        let mut step = Step::new(index);
        let outcome = (|| {
            for at in 0..columns.len() {
                let Some(row) = columns.row(at) else {
                    applied.skipped += 1;
                    continue;
                };
                let is_new = step.add(&row, &mut writer.settings)?;
                applied.added += u64::from(is_new);
                applied.known += u64::from(!is_new);
                if step.entries.len() >= STEP_ENTRIES_MAX {
                    std::mem::replace(&mut step, Step::new(index)).commit()?;
                }
            }
            step.put(Space::Meta, KEY.to_vec(), progress.to_bytes());
            step.commit()
        })();
        if outcome.is_err() {
            writer.settings.clear();
        }
        outcome.map(|()| applied)
    })
}

/// What is committed at once.
struct Step<'i> {
    index: &'i TraceIndex,
    entries: OwnedWriteBatch,
    /// Shared entries of this step, which the store does not show yet.
    ids: HashMap<u128, Vec<u8>>,
    voids: HashMap<u128, [u8; 8]>,
}

impl<'i> Step<'i> {
    fn new(index: &'i TraceIndex) -> Self {
        let entries = index.spaces().database.batch();
        Self { index, entries, ids: HashMap::new(), voids: HashMap::new() }
    }

    fn put(&mut self, space: Space, key: Vec<u8>, value: Vec<u8>) {
        self.entries.insert(self.index.spaces().of(space), key, value);
    }

    /// Adds an event; answers whether it is new.
    fn add(
        &mut self,
        row: &EventRow<'_>,
        settings: &mut KnownSettings,
    ) -> Result<bool, IndexError> {
        let (id, content) = id_entry(row);
        let stored = match self.ids.get(&id) {
            Some(pending) => Some(pending.as_slice().into()),
            None => self.get(Space::Id, id)?,
        };
        let contents = match stored {
            None => content_bytes(row.content_hash).to_vec(),
            Some(stored) => match with_content(&stored, content) {
                Some(contents) => contents,
                None => return Ok(false),
            },
        };
        self.ids.insert(id, contents);
        if let Some((named, from)) = void_entry(row) {
            let stored = match self.voids.get(&named) {
                Some(pending) => Some(pending.as_slice().into()),
                None => self.get(Space::Void, named)?,
            };
            if stored.is_none_or(|stored| from[..] < *stored) {
                self.voids.insert(named, from);
            }
        }
        let (index, entries) = (self.index, &mut self.entries);
        put_entries(row, settings, &mut |space, key, value| {
            entries.insert(index.spaces().of(space), key, value);
        });
        Ok(true)
    }

    fn get(&self, space: Space, hash: u128) -> Result<Option<fjall::Slice>, IndexError> {
        let stored = self.index.spaces().of(space).get(hash.to_be_bytes());
        stored.map_err(self.index.failed("read"))
    }

    fn commit(mut self) -> Result<(), IndexError> {
        for (id, contents) in std::mem::take(&mut self.ids) {
            self.put(Space::Id, id.to_be_bytes().to_vec(), contents);
        }
        let has_voids = !self.voids.is_empty();
        for (named, from) in std::mem::take(&mut self.voids) {
            self.put(Space::Void, named.to_be_bytes().to_vec(), from.to_vec());
        }
        wait_for_disk(self.index)?;
        if has_voids {
            // Before the events are visible, so that no reader misses a void.
            self.index.expect_voids();
        }
        self.entries.commit().map_err(self.index.failed("write to"))
    }
}

/// Waits until the store has written enough of what it holds in memory.
fn wait_for_disk(index: &TraceIndex) -> Result<(), IndexError> {
    let started = Instant::now();
    let is_behind = || {
        let mut spaces = Space::ALL.iter().map(|space| index.spaces().of(*space));
        spaces.any(|space| space.sealed_memtable_count() > SEALED_MEMTABLES_MAX)
    };
    while is_behind() {
        let waited_s = started.elapsed().as_secs();
        if waited_s >= STALL_MAX_S {
            return Err(IndexError::Stalled { folder: index.folder().to_owned(), waited_s });
        }
        sleep(Duration::from_millis(STALL_STEP_MS));
    }
    Ok(())
}
