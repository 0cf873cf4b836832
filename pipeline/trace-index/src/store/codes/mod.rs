//! The entries of codes: one sorted run of all that was there at the last compaction, the base, and
//! what came since.
//!
//! An answer reads the entries of a code by range, and a range begins in every run of a store: the
//! filters of the store know whole keys only. So entries are written to a keyspace of their own, which
//! a filter of codes is kept of, and a compaction makes them and the base a new base. An answer then
//! reads one run, and what came since only for the few codes that something came for.
//!
//! There are two keyspaces of each kind, which take turns. They are emptied and not deleted, because
//! the store does not open any more if it is killed after one was deleted and another made.

mod emptied;
mod merged;
mod places;
mod seen;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use fjall::{Database, Keyspace, PersistMode, Snapshot};

use self::places::{Place, Places};
use self::seen::SeenCodes;
use super::spaces::{Space, layout};
use crate::error::IndexError;

pub(super) use self::emptied::empty;
pub(crate) use self::merged::Merged;

/// Where it is kept which keyspace holds what.
const KEY: &[u8] = b"codes";
/// The first held all codes before there were several.
const BASES: [&str; 2] = ["code", "code-2"];
const RECENT: [&str; 2] = ["recent", "recent-2"];
/// A large base is written anew when so large a part of it came: each entry is then written some four
/// times more.
const PARTS_OF_BASE: u64 = 4;
/// A smaller base first when as much came as it has, but no more than this: each entry is then written
/// once or twice more.
const AS_MUCH_AS_BASE_BYTES_MAX: u64 = 512 << 20;

/// The keyspaces of codes, and what they hold now.
pub(crate) struct Codes {
    database: Database,
    meta: Keyspace,
    bases: [Keyspace; 2],
    recent: [Keyspace; 2],
    current: RwLock<Arc<CodeSpaces>>,
    /// What was current before, while somebody reads it.
    before: Mutex<Vec<Arc<CodeSpaces>>>,
    due_bytes_min: u64,
}

/// What the keyspaces hold between two changes.
pub(crate) struct CodeSpaces {
    places: Places,
    base: Option<Keyspace>,
    /// What a compaction is at.
    older: Option<Recent>,
    newest: Recent,
    /// A compaction is due when so much came.
    due_bytes: u64,
}

/// What came since.
#[derive(Clone)]
pub(crate) struct Recent {
    pub(crate) keyspace: Keyspace,
    pub(crate) seen: Arc<SeenCodes>,
}

impl Codes {
    /// Opens what was kept last, and empties what a compaction left that did not end.
    pub(super) fn open(
        database: &Database,
        meta: &Keyspace,
        folder: &Path,
        due_bytes_min: u64,
    ) -> Result<Self, IndexError> {
        let opened = || -> fjall::Result<_> {
            let open = |name: &str| database.keyspace(name, || layout(Space::Code));
            let bases = [open(BASES[0])?, open(BASES[1])?];
            let recent = [open(RECENT[0])?, open(RECENT[1])?];
            let stored = meta.get(KEY)?;
            let has_base = !bases[0].is_empty()?;
            Ok((bases, recent, stored, has_base))
        };
        let failed =
            |source| IndexError::Store { doing: "open", folder: folder.to_owned(), source };
        let (bases, recent, stored, has_base) = opened().map_err(failed)?;
        let places = match stored {
            Some(stored) => Places::read(&stored).ok_or_else(|| IndexError::Damaged {
                folder: folder.to_owned(),
                what: "it does not say where its codes are".to_owned(),
            })?,
            None => Places::first(has_base),
        };
        let spaces = CodeSpaces::of(places, &bases, &recent, due_bytes_min, None);
        let codes = Self {
            database: database.clone(),
            meta: meta.clone(),
            current: RwLock::new(Arc::new(spaces.map_err(failed)?)),
            bases,
            recent,
            before: Mutex::default(),
            due_bytes_min,
        };
        codes.empty_unused(places).map_err(failed)?;
        Ok(codes)
    }

    pub(crate) fn current(&self) -> Arc<CodeSpaces> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// A moment of the whole store, with the keyspaces that have all codes of it.
    pub(super) fn snapshot(&self) -> (Snapshot, Arc<CodeSpaces>) {
        // Nothing is written to another keyspace while the lock is held.
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        (self.database.snapshot(), Arc::clone(&current))
    }

    pub(super) fn keyspaces(&self) -> impl Iterator<Item = &Keyspace> {
        self.bases.iter().chain(&self.recent)
    }

    /// Empties what the last compaction made a new base of, unless somebody reads it; answers whether
    /// it is empty.
    pub(crate) fn tidy(&self) -> fjall::Result<bool> {
        let mut before = self.before.lock().unwrap_or_else(PoisonError::into_inner);
        // Who does not read one cannot come by it any more.
        before.retain(|before| Arc::strong_count(before) > 1);
        if !before.is_empty() {
            return Ok(false);
        }
        self.empty_unused(self.current().places)?;
        Ok(true)
    }

    /// Has entries written to the other keyspace from now on, so that those there are stand still;
    /// what was begun before is gone on with. Nothing may be written meanwhile, and all be tidy.
    pub(crate) fn begin_compaction(&self) -> fjall::Result<()> {
        let current = self.current();
        if current.older.is_none() {
            self.change(&current, current.places.turned())?;
        }
        Ok(())
    }

    /// Where a compaction writes; empty if all is tidy.
    pub(crate) fn next_base(&self) -> &Keyspace {
        &self.bases[self.current().places.next_base() as usize]
    }

    /// Takes what was written there for the base and what stood still. Nothing may be written
    /// meanwhile.
    pub(crate) fn end_compaction(&self) -> fjall::Result<()> {
        let current = self.current();
        self.change(&current, current.places.with_next_base())
    }

    fn change(&self, from: &Arc<CodeSpaces>, to: Places) -> fjall::Result<()> {
        let (bases, recent) = (&self.bases, &self.recent);
        let spaces = CodeSpaces::of(to, bases, recent, self.due_bytes_min, Some(from))?;
        self.meta.insert(KEY, to.to_bytes())?;
        self.database.persist(PersistMode::SyncAll)?;
        let mut before = self.before.lock().unwrap_or_else(PoisonError::into_inner);
        before.push(Arc::clone(from));
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(spaces);
        Ok(())
    }

    fn empty_unused(&self, used: Places) -> fjall::Result<()> {
        for place in Place::ALL {
            if used.base != Some(place) {
                empty(&self.bases[place as usize])?;
            }
            if used.newest != place && used.older != Some(place) {
                empty(&self.recent[place as usize])?;
            }
        }
        Ok(())
    }
}

impl CodeSpaces {
    /// What was known of the entries of `before` stays known.
    fn of(
        places: Places,
        bases: &[Keyspace; 2],
        recent: &[Keyspace; 2],
        due_bytes_min: u64,
        before: Option<&Self>,
    ) -> fjall::Result<Self> {
        let base = places.base.map(|place| bases[place as usize].clone());
        let base_bytes = base.as_ref().map_or(0, Keyspace::disk_space);
        let due_bytes = due_bytes(due_bytes_min, base_bytes);
        let recent = |place: Place| -> fjall::Result<Recent> {
            if let Some(known) = before.and_then(|before| before.recent_at(place)) {
                return Ok(known.clone());
            }
            let keyspace = recent[place as usize].clone();
            let seen = SeenCodes::new(due_bytes.max(keyspace.disk_space()), keyspace.is_empty()?);
            Ok(Recent { keyspace, seen: Arc::new(seen) })
        };
        let older = places.older.map(recent).transpose()?;
        let newest = recent(places.newest)?;
        Ok(Self { places, base, older, newest, due_bytes })
    }

    fn recent_at(&self, place: Place) -> Option<&Recent> {
        if self.places.newest == place {
            return Some(&self.newest);
        }
        self.older.as_ref().filter(|_| self.places.older == Some(place))
    }

    pub(crate) fn has_base(&self) -> bool {
        self.base.is_some()
    }

    /// Where entries are written.
    pub(crate) fn newest(&self) -> &Recent {
        &self.newest
    }

    pub(crate) fn recent(&self) -> impl Iterator<Item = &Recent> {
        self.older.iter().chain([&self.newest])
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Keyspace> {
        self.base.iter().chain(self.recent().map(|recent| &recent.keyspace))
    }

    /// Where entries of a code may be.
    pub(crate) fn of_code(&self, code: &str) -> impl Iterator<Item = &Keyspace> {
        let recent = self.recent().filter(move |recent| recent.seen.may_have(code));
        self.base.iter().chain(recent.map(|recent| &recent.keyspace))
    }

    /// What a compaction makes one of.
    pub(crate) fn standing(&self) -> impl Iterator<Item = &Keyspace> {
        self.base.iter().chain(self.older.iter().map(|older| &older.keyspace))
    }

    /// Whether so much came that a base is worth being written anew, or one was begun.
    pub(crate) fn is_compaction_due(&self) -> bool {
        self.older.is_some() || self.newest.keyspace.disk_space() >= self.due_bytes
    }

    pub(crate) fn disk_bytes(&self) -> u64 {
        self.all().map(Keyspace::disk_space).sum()
    }
}

/// How much comes beside a base of so many bytes before it is written anew; nothing if the least is
/// nothing.
fn due_bytes(least: u64, base_bytes: u64) -> u64 {
    if least == 0 {
        return 0;
    }
    least.max(base_bytes.min(AS_MUCH_AS_BASE_BYTES_MAX)).max(base_bytes / PARTS_OF_BASE)
}

#[cfg(test)]
mod tests {
    use super::due_bytes;

    #[test]
    fn a_small_base_waits_for_as_much_as_it_has_and_a_large_one_for_a_quarter() {
        const MIB: u64 = 1 << 20;
        let due = |base_mib: u64| due_bytes(64 * MIB, base_mib * MIB) / MIB;
        assert_eq!([0, 64, 200, 512, 2_048].map(due), [64, 64, 200, 512, 512]);
        assert_eq!(due(8_000), 2_000);
        assert_eq!(due_bytes(0, 8_000 * MIB), 0);
    }
}
