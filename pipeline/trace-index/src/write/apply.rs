//! Applying a batch of events to an open index.

use arrow::array::RecordBatch;

use super::columns::EventColumns;
use super::entries::{EntryMaker, void_entry};
use super::ids::{Found, Ids, new_events};
use super::progress::{KEY, Progress, read_progress};
use super::step::Step;
use crate::error::IndexError;
use crate::index::TraceIndex;
use crate::store::{Space, contained};

/// A larger batch is committed in several steps, to bound the memory they take.
const STEP_ENTRIES_MAX: usize = 65_536;
/// About how many entries an event makes besides two for each of its codes.
const OWN_ENTRIES: usize = 3;

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
    entries: EntryMaker,
}

pub(crate) fn apply(
    index: &TraceIndex,
    batch: &RecordBatch,
    ids: Ids,
    progress: Progress,
) -> Result<Applied, IndexError> {
    let columns = EventColumns::new(batch)?;
    index.expect_there()?;
    contained(index.folder(), || {
        let mut writer = index.writer();
        let outcome = apply_steps(index, &columns, ids, progress, &mut writer.entries);
        if outcome.is_err() {
            writer.entries.forget_settings();
        }
        outcome
    })
}

fn apply_steps(
    index: &TraceIndex,
    columns: &EventColumns,
    ids: Ids,
    progress: Progress,
    entries: &mut EntryMaker,
) -> Result<Applied, IndexError> {
    let mut applied = Applied::default();
    let mut step = Step::new(index);
    let mut from = 0;
    while from < columns.len() {
        if from > 0 {
            step.commit()?;
        }
        let to = step_end(columns, from);
        let found = new_events(&mut step, columns, from..to, ids)?;
        add(&mut step, columns, found, entries, &mut applied)?;
        from = to;
    }
    let progress = progress.further(read_progress(index)?);
    step.put(Space::Meta, KEY, &progress.to_bytes());
    step.commit()?;
    Ok(applied)
}

/// The row before which a step ends that begins at another; one row is never divided.
fn step_end(columns: &EventColumns, from: usize) -> usize {
    let mut entries = 0;
    for at in from..columns.len() {
        entries += OWN_ENTRIES + 2 * columns.codes_listed(at);
        if entries >= STEP_ENTRIES_MAX {
            return at + 1;
        }
    }
    columns.len()
}

fn add(
    step: &mut Step<'_>,
    columns: &EventColumns,
    found: Found,
    entries: &mut EntryMaker,
    applied: &mut Applied,
) -> Result<(), IndexError> {
    applied.added += found.new.len() as u64;
    applied.known += found.known;
    applied.skipped += found.skipped;
    let mut voids = Vec::new();
    for row in found.new.into_iter().filter_map(|at| columns.row(at)) {
        voids.extend(void_entry(&row));
        entries.put_entries(&row, &mut |space, key, value| step.put(space, key, value));
    }
    // The earliest void of an event comes first, and counts.
    voids.sort_unstable();
    voids.dedup_by_key(|(named, _)| *named);
    for (named, since) in voids {
        let stored = step.stored(Space::Void, named)?;
        if stored.is_none_or(|stored| since[..] < *stored) {
            step.put(Space::Void, &named.to_be_bytes(), &since);
        }
    }
    Ok(())
}
