//! Building an index from the whole ledger.
//!
//! Entries are sorted outside the store and go into it in the order of their keys, so that it has
//! nothing to compact afterwards and no duplicate has to be looked for on the way.

use std::fs;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use fjall::PersistMode;

use super::columns::EventColumns;
use super::entries::{EntryMaker, void_entry};
use super::merge::{content_bytes, merged};
use super::progress::{KEY, Progress};
use super::runs::{RunWriter, merge_runs};
use super::sorting::Sorting;
use crate::error::IndexError;
use crate::event::id_hash;
use crate::index::TraceIndex;
use crate::options::IndexOptions;
use crate::store::{Marker, Space, Spaces, contained, wait_until};

/// Runs of one space; more are merged into one first, to bound the open files.
const RUNS_MAX: usize = 128;
const SORT_FOLDER: &str = "sort";

/// An index that is being built in a folder of its own; it cannot be opened before
/// [`BulkBuild::finish`] returned.
///
/// It needs as much disk again for its sorted runs, and [`IndexOptions::sort_bytes`] of memory
/// besides the store's.
pub struct BulkBuild {
    folder: PathBuf,
    marker: Marker,
    options: IndexOptions,
    sorting: [Sorting; Space::ALL.len()],
    runs: [Vec<PathBuf>; Space::ALL.len()],
    runs_made: usize,
    entries: EntryMaker,
}

impl BulkBuild {
    /// Begins in a folder that is empty or not there.
    pub fn create(folder: impl AsRef<Path>, options: IndexOptions) -> Result<Self, IndexError> {
        let folder = folder.as_ref();
        let marker = Marker::create_building(folder)?;
        let sort = folder.join(SORT_FOLDER);
        fs::create_dir(&sort).map_err(IndexError::file("create", &sort))?;
        Ok(Self {
            folder: folder.to_owned(),
            marker,
            options,
            sorting: Default::default(),
            runs: Default::default(),
            runs_made: 0,
            entries: EntryMaker::default(),
        })
    }

    /// Adds the events of a batch of the raw event table; batches come in any order, and events
    /// any number of times. Answers how many rows are no event.
    pub fn push(&mut self, batch: &RecordBatch) -> Result<u64, IndexError> {
        let columns = EventColumns::new(batch)?;
        let mut skipped = 0;
        for at in 0..columns.len() {
            let Some(row) = columns.row(at) else {
                skipped += 1;
                continue;
            };
            let sorting = &mut self.sorting;
            let mut put = |space: Space, key: &[u8], value: &[u8]| {
                if let Some(sorting) = sorting.get_mut(space as usize) {
                    sorting.push(key, value);
                }
            };
            let id = id_hash(row.event_id);
            put(Space::Id, &id.to_be_bytes(), &content_bytes(row.content_hash));
            if let Some((named, from)) = void_entry(&row) {
                put(Space::Void, &named.to_be_bytes(), &from);
            }
            self.entries.put_entries(&row, &mut put);
            let held: usize = self.sorting.iter().map(Sorting::memory_bytes).sum();
            if held > self.options.sort_bytes {
                self.spill()?;
            }
        }
        Ok(skipped)
    }

    /// Puts everything into the store and opens it; what is returned survives a power cut.
    pub fn finish(mut self, progress: Progress) -> Result<TraceIndex, IndexError> {
        self.spill()?;
        let folder = self.folder.clone();
        contained(&folder, || {
            let spaces = Spaces::open(&self.folder, &self.options)?;
            let failed =
                |source| IndexError::Store { doing: "build", folder: self.folder.clone(), source };
            for space in Space::ALL {
                let keyspace = match space {
                    Space::Code => spaces.codes.next_base(),
                    _ => &spaces.of(space),
                };
                let mut ingestion = keyspace.start_ingestion().map_err(failed)?;
                merge_runs(space, &self.runs[space as usize], |key, value| {
                    ingestion.write(key, value).map_err(failed)
                })?;
                ingestion.finish().map_err(failed)?;
            }
            spaces.codes.end_compaction().map_err(failed)?;
            let meta = spaces.of(Space::Meta);
            meta.insert(KEY, progress.to_bytes()).map_err(failed)?;
            spaces.database.persist(PersistMode::SyncAll).map_err(failed)?;
            // The store puts what it was given in order into its place in the background; one that has
            // not got there works, and goes on.
            wait_until(|| !spaces.is_unsettled());
            let sort = self.folder.join(SORT_FOLDER);
            fs::remove_dir(&sort).map_err(IndexError::file("remove", &sort))?;
            self.marker.finish()?;
            TraceIndex::over(self.marker, spaces, &self.folder, self.options)
        })
    }

    /// Writes a sorted run of every space.
    fn spill(&mut self) -> Result<(), IndexError> {
        for space in Space::ALL {
            if self.sorting[space as usize].is_empty() {
                continue;
            }
            let mut run = RunWriter::create(&self.next_run())?;
            let sorting = &mut self.sorting[space as usize];
            let (mut last, mut value) = (None::<&[u8]>, Vec::new());
            for (key, other) in sorting.sorted() {
                if last == Some(key) {
                    merged(space, &mut value, other);
                    continue;
                }
                if let Some(last) = last.replace(key) {
                    run.put(last, &value)?;
                }
                value.clear();
                value.extend_from_slice(other);
            }
            if let Some(last) = last {
                run.put(last, &value)?;
            }
            sorting.clear();
            self.runs[space as usize].push(run.finish()?);
            self.merge_if_many(space)?;
        }
        Ok(())
    }

    fn merge_if_many(&mut self, space: Space) -> Result<(), IndexError> {
        if self.runs[space as usize].len() < RUNS_MAX {
            return Ok(());
        }
        let runs = std::mem::take(&mut self.runs[space as usize]);
        let mut one = RunWriter::create(&self.next_run())?;
        merge_runs(space, &runs, |key, value| one.put(key, value))?;
        self.runs[space as usize].push(one.finish()?);
        Ok(())
    }

    fn next_run(&mut self) -> PathBuf {
        self.runs_made += 1;
        self.folder.join(SORT_FOLDER).join(self.runs_made.to_string())
    }
}
