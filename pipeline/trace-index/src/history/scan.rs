//! The entries of one code as it was scanned.

use std::cmp::Ordering;
use std::sync::Arc;

use super::reader::Reader;
use crate::error::IndexError;
use crate::event::{Bytes, Event, get_id};
use crate::store::{CodeKey, Role, code_range};
use crate::write::{PRINTED, RECORD};
use yuanliu_law::EventType;

/// More entries of one code are not read; a unit has some ten, a damaged label that nobody
/// configured as a placeholder may have any number.
const ENTRIES_MAX: usize = 10_000;

/// What one code says, before its other carriers are joined.
#[derive(Debug, Default)]
pub(super) struct Scan {
    pub(super) own: Vec<Own>,
    /// Units that claim it as another carrier.
    claims: Vec<Claim>,
    /// Something was packed into it at some time.
    pub(super) is_container: bool,
    pub(super) is_truncated: bool,
}

/// An event on a code.
#[derive(Debug, Clone)]
pub(super) struct Own {
    pub(super) event: Arc<Event>,
    pub(super) printed: Box<str>,
    pub(super) is_void: bool,
}

#[derive(Debug)]
struct Claim {
    code: Box<str>,
    event_id: Box<str>,
    content_hash: i64,
    time_us: Option<i64>,
}

impl Claim {
    fn order(&self) -> (bool, Option<i64>, &str, i64) {
        (self.time_us.is_none(), self.time_us, &self.event_id, self.content_hash)
    }
}

impl Own {
    pub(super) fn is_commission(&self) -> bool {
        self.event.event_type == EventType::Commission && !self.is_void
    }

    pub(super) fn cmp_order(&self, other: &Self) -> Ordering {
        self.event.order().cmp(&other.event.order())
    }
}

impl Reader<'_> {
    pub(super) fn scan(&mut self, code: &str) -> Result<Arc<Scan>, IndexError> {
        if let Some(scan) = self.scans.get(code) {
            return Ok(Arc::clone(scan));
        }
        let scan = Arc::new(self.read_scan(code)?);
        self.keep(1 + scan.own.len());
        self.scans.insert(code.into(), Arc::clone(&scan));
        Ok(scan)
    }

    fn read_scan(&mut self, code: &str) -> Result<Scan, IndexError> {
        let mut scan = Scan::default();
        let codes = code_range(code, Role::Own, Role::Parent);
        let entries = self.entries_of(code, &codes.start);
        for (read, entry) in entries.enumerate() {
            if read == ENTRIES_MAX {
                scan.is_truncated = true;
                break;
            }
            let (key, value) = entry.map_err(self.index.failed("read"))?;
            if *key >= *codes.end {
                break;
            }
            let key = CodeKey::read(&key).ok_or_else(|| self.unreadable())?;
            if key.code != code || !key.event.is_seen(self.as_of_us) {
                continue;
            }
            match key.role {
                Role::Own => scan.own.push(self.own(&key, &value)?),
                Role::Alias => scan.claims.extend(self.claim(&key, &value)?),
                // What is in a container is read when it is asked for.
                Role::Parent => {
                    scan.is_container = true;
                    break;
                }
            }
        }
        Ok(scan)
    }

    fn own(&mut self, key: &CodeKey<'_>, value: &[u8]) -> Result<Own, IndexError> {
        let mut bytes = Bytes::new(value);
        let flags = bytes.byte().ok_or_else(|| self.unreadable())?;
        let printed = match flags & PRINTED {
            0 => key.code,
            _ => bytes.text().ok_or_else(|| self.unreadable())?,
        };
        let event = match flags & RECORD {
            0 => self.event(key.event)?,
            _ => self.decoded(&key.event, bytes.rest())?,
        };
        let is_void = self.is_void(&event.event_id)?;
        Ok(Own { event, printed: printed.into(), is_void })
    }

    /// A claim that counts: of another code, by a commission in force.
    fn claim(&self, key: &CodeKey<'_>, value: &[u8]) -> Result<Option<Claim>, IndexError> {
        let mut bytes = Bytes::new(value);
        let code = bytes.text().ok_or_else(|| self.unreadable())?;
        let event_id = get_id(&mut bytes).ok_or_else(|| self.unreadable())?;
        if self.is_void(&event_id)? {
            return Ok(None);
        }
        Ok(Some(Claim {
            code: code.into(),
            content_hash: key.event.content_hash(&event_id),
            event_id: event_id.into(),
            time_us: key.event.time_us(),
        }))
    }

    /// The earliest claim decides; a code that was commissioned itself is nobody's other carrier,
    /// and a placeholder is none.
    pub(super) fn resolved(&mut self, code: &str) -> Result<Arc<str>, IndexError> {
        if self.index.options().is_placeholder(code) {
            return Ok(code.into());
        }
        let scan = self.scan(code)?;
        if scan.own.iter().any(Own::is_commission) {
            return Ok(code.into());
        }
        let first = scan.claims.iter().min_by(|a, b| a.order().cmp(&b.order()));
        Ok(first.map_or(code, |claim| &claim.code).into())
    }

    pub(super) fn unreadable(&self) -> IndexError {
        self.index.damaged("an entry of a code is unreadable")
    }
}
