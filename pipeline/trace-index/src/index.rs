//! An open index.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use arrow::array::RecordBatch;
use fjall::PersistMode;

use crate::documents::Documents;
use crate::error::IndexError;
use crate::history::{Reader, SettingCache, UnitHistory};
use crate::options::IndexOptions;
use crate::store::{Marker, Space, Spaces, contained};
use crate::write::{self, Applied, Ids, Progress, Writer};

/// The trace index in one folder; one process may have it open, any number of its threads may use
/// it. Writers take turns.
pub struct TraceIndex {
    folder: PathBuf,
    marker: Marker,
    options: IndexOptions,
    spaces: Spaces,
    writer: Mutex<Writer>,
    compacting: Mutex<()>,
    settings: SettingCache,
    has_voids: AtomicBool,
}

impl TraceIndex {
    /// Opens the index in a folder, or makes an empty one there.
    ///
    /// Refuses an index of another format and one whose bulk build did not end.
    pub fn open(folder: impl AsRef<Path>, options: IndexOptions) -> Result<Self, IndexError> {
        let folder = folder.as_ref();
        let marker = Marker::check_or_create(folder)?;
        contained(folder, || Self::over(marker, Spaces::open(folder, &options)?, folder, options))
    }

    pub(crate) fn over(
        marker: Marker,
        spaces: Spaces,
        folder: &Path,
        options: IndexOptions,
    ) -> Result<Self, IndexError> {
        let has_voids = spaces.of(Space::Void).first_key_value().is_some();
        Ok(Self {
            folder: folder.to_owned(),
            marker,
            options,
            spaces,
            writer: Mutex::default(),
            compacting: Mutex::default(),
            settings: SettingCache::default(),
            has_voids: AtomicBool::new(has_voids),
        })
    }

    /// Adds the events of a batch of the raw event table and notes how far its sources have been
    /// read, all in one commit; a large batch is committed in several steps, the progress with the
    /// last. No source goes back: where the index is further already it stays so.
    ///
    /// Events that are there already change nothing, so a batch may be applied again and batches
    /// in any order. Two rows with one id and one content are taken to say the same. What was
    /// applied survives the end of the process; [`TraceIndex::persist`] makes it survive a power
    /// cut.
    pub fn apply(&self, batch: &RecordBatch, progress: Progress) -> Result<Applied, IndexError> {
        write::apply(self, batch, Ids::Any, progress)
    }

    /// As [`TraceIndex::apply`], of events whose ids differ and are not in the index, which is not asked
    /// for them: that takes a third of the time.
    ///
    /// For who has just asked for their [`TraceIndex::contents`] and is the only writer. Of an id
    /// that is there after all, the contents it had would be forgotten.
    pub fn apply_new(
        &self,
        batch: &RecordBatch,
        progress: Progress,
    ) -> Result<Applied, IndexError> {
        write::apply(self, batch, Ids::New, progress)
    }

    /// How far its sources have been read.
    pub fn progress(&self) -> Result<Progress, IndexError> {
        write::read_progress(self)
    }

    /// Returns when everything applied so far survives a power cut.
    pub fn persist(&self) -> Result<(), IndexError> {
        self.expect_there()?;
        contained(&self.folder, || {
            let persisted = self.spaces.database.persist(PersistMode::SyncAll);
            persisted.map_err(self.failed("sync"))
        })
    }

    /// Reads answers as of an instant in microseconds since 1970 UTC: later events are not seen.
    ///
    /// A reader sees the index as it was when it was made and shares what it has read between its
    /// answers. It keeps old data from being cleaned up, so it should not live long.
    pub fn reader(&self, as_of_us: i64) -> Reader<'_> {
        Reader::new(self, as_of_us)
    }

    /// Everything about the unit a normalised code means; none if nothing was ever scanned under
    /// it by then.
    pub fn history(
        &self,
        code: &str,
        as_of_us: i64,
        documents: &dyn Documents,
    ) -> Result<Option<UnitHistory>, IndexError> {
        self.reader(as_of_us).history(code, documents)
    }

    /// Bytes on disk, the journal included.
    pub fn disk_bytes(&self) -> Result<u64, IndexError> {
        contained(&self.folder, || {
            self.spaces.database.disk_space().map_err(self.failed("measure"))
        })
    }

    /// Bytes on disk by space of the store, without the journal.
    pub fn space_bytes(&self) -> Vec<(&'static str, u64)> {
        let spaces = Space::ALL.into_iter();
        spaces.map(|space| (space.name(), self.spaces.disk_bytes(space))).collect()
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn options(&self) -> &IndexOptions {
        &self.options
    }

    pub(crate) fn spaces(&self) -> &Spaces {
        &self.spaces
    }

    pub(crate) fn settings(&self) -> &SettingCache {
        &self.settings
    }

    /// A writer that stopped halfway leaves nothing behind but what it held to be written.
    pub(crate) fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(|poisoned| {
            self.writer.clear_poison();
            let mut writer = poisoned.into_inner();
            *writer = Writer::default();
            writer
        })
    }

    /// Held by who compacts.
    pub(crate) fn compacting(&self) -> &Mutex<()> {
        &self.compacting
    }

    pub(crate) fn expect_voids(&self) {
        self.has_voids.store(true, Ordering::Release);
    }

    pub(crate) fn has_voids(&self) -> bool {
        self.has_voids.load(Ordering::Acquire)
    }

    /// Refuses if the folder is not there any more: what is written now would be lost.
    pub fn expect_there(&self) -> Result<(), IndexError> {
        if self.marker.is_there() {
            return Ok(());
        }
        Err(IndexError::Gone { folder: self.folder.clone() })
    }

    pub(crate) fn failed(&self, doing: &'static str) -> impl FnOnce(fjall::Error) -> IndexError {
        let folder = self.folder.clone();
        move |source| IndexError::Store { doing, folder, source }
    }

    pub(crate) fn damaged(&self, what: impl Into<String>) -> IndexError {
        IndexError::Damaged { folder: self.folder.clone(), what: what.into() }
    }
}

impl fmt::Debug for TraceIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TraceIndex").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// Shared by the threads that ask.
#[allow(dead_code, reason = "checked by the compiler")]
fn is_shared(index: Arc<TraceIndex>) -> impl Send + Sync {
    index
}
