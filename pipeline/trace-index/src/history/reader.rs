//! A view of the index at one moment, as of one instant.

use std::collections::HashMap;
use std::sync::Arc;

use fjall::{Readable, Snapshot};

use super::answer::UnitHistory;
use super::scan::Scan;
use super::unit::Unit;
use crate::documents::Documents;
use crate::error::IndexError;
use crate::event::{Event, Texts, decode, decode_setting, id_hash};
use crate::index::TraceIndex;
use crate::store::{CodeSpaces, EventKey, Merged, Space, contained};
use crate::write::voids_at;

/// What a reader keeps between answers; more is forgotten and read again.
const KEPT_MAX: usize = 100_000;

/// Answers questions as of one instant; see [`TraceIndex::reader`].
pub struct Reader<'i> {
    pub(crate) index: &'i TraceIndex,
    pub(crate) snapshot: Snapshot,
    codes: Arc<CodeSpaces>,
    pub(crate) as_of_us: i64,
    pub(super) scans: HashMap<Box<str>, Arc<Scan>>,
    pub(super) units: HashMap<Box<str>, Arc<Unit>>,
    events: HashMap<EventKey, Arc<Event>>,
    kept: usize,
}

impl<'i> Reader<'i> {
    pub(crate) fn new(index: &'i TraceIndex, as_of_us: i64) -> Self {
        let (snapshot, codes) = index.spaces().snapshot();
        Self {
            index,
            snapshot,
            codes,
            as_of_us,
            scans: HashMap::new(),
            units: HashMap::new(),
            events: HashMap::new(),
            kept: 0,
        }
    }

    /// The unit a normalised code means: the code itself, or the unit that it is another carrier
    /// of, as `core.code_alias`.
    pub fn resolve(&mut self, code: &str) -> Result<Arc<str>, IndexError> {
        contained(self.index.folder(), || self.resolved(code))
    }

    /// Everything about the unit a normalised code means; none if nothing was ever scanned under
    /// it by then.
    pub fn history(
        &mut self,
        code: &str,
        documents: &dyn Documents,
    ) -> Result<Option<UnitHistory>, IndexError> {
        contained(self.index.folder(), || {
            let code = self.resolved(code)?;
            self.unit_history(&code, documents)
        })
    }

    /// Called between units, so that what one needs is not forgotten while it is read.
    pub(super) fn forget_if_full(&mut self) {
        if self.kept > KEPT_MAX {
            self.scans.clear();
            self.units.clear();
            self.events.clear();
            self.kept = 0;
        }
    }

    pub(super) fn keep(&mut self, entries: usize) {
        self.kept = self.kept.saturating_add(entries);
    }

    /// The event of several codes under a key.
    pub(crate) fn event(&mut self, key: EventKey) -> Result<Arc<Event>, IndexError> {
        if let Some(event) = self.events.get(&key) {
            return Ok(Arc::clone(event));
        }
        let stored = self.get(Space::Event, key.as_bytes())?;
        let stored = stored.ok_or_else(|| self.index.damaged("a code names an unknown event"))?;
        let event = self.decoded(&key, &stored)?;
        self.events.insert(key, Arc::clone(&event));
        self.keep(1);
        Ok(event)
    }

    pub(super) fn decoded(&self, key: &EventKey, record: &[u8]) -> Result<Arc<Event>, IndexError> {
        let event = decode(key, record, |hash| self.setting(hash))?;
        event.map(Arc::new).ok_or_else(|| self.index.damaged("an event is unreadable"))
    }

    fn setting(&self, hash: u64) -> Result<Arc<Texts>, IndexError> {
        if let Some(texts) = self.index.settings().get(hash) {
            return Ok(texts);
        }
        let stored = self.get(Space::Setting, &hash.to_be_bytes())?;
        let texts = stored.and_then(|stored| decode_setting(&stored));
        let texts = texts.ok_or_else(|| self.index.damaged("an event names an unknown setting"))?;
        let texts = Arc::new(texts);
        self.index.settings().put(hash, &texts);
        Ok(texts)
    }

    /// Whether another event corrects the one with this id.
    pub(crate) fn is_void(&self, event_id: &str) -> Result<bool, IndexError> {
        if !self.index.has_voids() {
            return Ok(false);
        }
        let stored = self.get(Space::Void, &id_hash(event_id).to_be_bytes())?;
        Ok(stored.is_some_and(|stored| voids_at(&stored, self.as_of_us)))
    }

    /// The entries of a code from one of its keys on, in order, and then others': whoever reads stops
    /// where its keys end.
    pub(crate) fn entries_of(&self, code: &str, from: &[u8]) -> Merged {
        Merged::from(&self.snapshot, self.codes.of_code(code), from)
    }

    fn get(&self, space: Space, key: &[u8]) -> Result<Option<fjall::Slice>, IndexError> {
        let stored = self.snapshot.get(&self.index.spaces().of(space), key);
        stored.map_err(self.index.failed("read"))
    }
}
