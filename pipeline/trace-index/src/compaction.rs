//! Making one run of what came of codes, so that an answer reads one run.

use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};

use fjall::Keyspace;

use crate::error::IndexError;
use crate::index::TraceIndex;
use crate::store::{CodeKey, Merged, contained};

/// Entries between two looks at whether to stop.
const STOP_ENTRIES: u64 = 4_096;

/// What came of a compaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compaction {
    /// Too little came since the last one, or what that one was made of is still read.
    NotDue,
    /// All that came is one run with what was there.
    Done {
        /// Entries of the run.
        entries: u64,
    },
    /// It was stopped; what it wrote is thrown away.
    Stopped,
    /// The disk has too little room for the new run beside what it is made of.
    NoRoom {
        /// Bytes that it takes, with those that are left for others.
        needed: u64,
        /// Bytes that are free.
        free: u64,
    },
}

impl TraceIndex {
    /// Makes one sorted run of the entries of all codes if much came since the last one, and says how
    /// it went; `stop` ends it early.
    ///
    /// Everything may be asked and applied meanwhile. Killed anywhere, the index answers as before and
    /// the next compaction begins again. It takes as much disk again as the entries of codes; their old
    /// files go at the next call after the last reader of them was dropped, and before that there is no
    /// other compaction. One call at a time works, others wait.
    pub fn compact(&self, stop: &AtomicBool) -> Result<Compaction, IndexError> {
        let _one_at_a_time = self.compacting().lock().unwrap_or_else(PoisonError::into_inner);
        contained(self.folder(), || {
            self.expect_there()?;
            if !self.spaces().codes.tidy().map_err(self.failed("tidy"))? {
                return Ok(Compaction::NotDue);
            }
            let codes = self.spaces().codes.current();
            if !codes.is_compaction_due() {
                return Ok(Compaction::NotDue);
            }
            let needed = codes.disk_bytes().saturating_add(self.options().disk_spare_bytes);
            let free = self.free_bytes()?;
            if free < needed {
                return Ok(Compaction::NoRoom { needed, free });
            }
            drop(codes);
            self.make_base(stop)
        })
    }

    /// Finds which codes came before the index was opened and since the last compaction, so that an
    /// answer about another one need not look there; `stop` ends it early.
    ///
    /// For who asks for many codes: it reads all that came since the last compaction.
    pub fn note_codes(&self, stop: &AtomicBool) -> Result<(), IndexError> {
        contained(self.folder(), || {
            let codes = self.spaces().codes.current();
            // All codes are looked for where they came, as long as there is nowhere else.
            if !codes.has_base() {
                return Ok(());
            }
            for recent in codes.recent().filter(|recent| !recent.seen.has_all()) {
                for (at, entry) in (0..).zip(recent.keyspace.iter()) {
                    if is_stopped(at, stop) {
                        return Ok(());
                    }
                    let key = entry.key().map_err(self.failed("read"))?;
                    let key = CodeKey::read(&key);
                    let key = key.ok_or_else(|| self.damaged("a code is unreadable"))?;
                    recent.seen.note(key.code);
                }
                recent.seen.set_has_all();
            }
            Ok(())
        })
    }

    fn make_base(&self, stop: &AtomicBool) -> Result<Compaction, IndexError> {
        let codes = &self.spaces().codes;
        {
            let _nothing_is_written = self.writer();
            codes.begin_compaction().map_err(self.failed("compact"))?;
        }
        let Some(entries) = self.merge_into(codes.next_base(), stop)? else {
            return Ok(Compaction::Stopped);
        };
        {
            let _nothing_is_written = self.writer();
            codes.end_compaction().map_err(self.failed("compact"))?;
        }
        codes.tidy().map_err(self.failed("tidy"))?;
        Ok(Compaction::Done { entries })
    }

    /// Writes what stands still in order; answers how many entries that were, none if stopped.
    fn merge_into(&self, base: &Keyspace, stop: &AtomicBool) -> Result<Option<u64>, IndexError> {
        let (snapshot, codes) = self.spaces().snapshot();
        let mut ingestion = base.start_ingestion().map_err(self.failed("compact"))?;
        let mut count = 0;
        for entry in Merged::from(&snapshot, codes.standing(), &[]) {
            if is_stopped(count, stop) {
                return Ok(None);
            }
            let (key, value) = entry.map_err(self.failed("read"))?;
            ingestion.write(key, value).map_err(self.failed("compact"))?;
            count += 1;
        }
        ingestion.finish().map_err(self.failed("compact"))?;
        Ok(Some(count))
    }

    fn free_bytes(&self) -> Result<u64, IndexError> {
        let folder = self.folder();
        let said = rustix::fs::statvfs(folder)
            .map_err(|source| IndexError::file("measure the disk of", folder)(source.into()))?;
        Ok(said.f_bavail.saturating_mul(said.f_frsize))
    }
}

fn is_stopped(at: u64, stop: &AtomicBool) -> bool {
    at.is_multiple_of(STOP_ENTRIES) && stop.load(Ordering::Relaxed)
}
