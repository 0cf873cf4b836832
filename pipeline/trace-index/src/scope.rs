//! Which codes a batch, a work order or a line made, and where a lot was used.

use std::collections::VecDeque;
use std::ops::Bound;
use std::sync::Arc;

use fjall::Readable;
use yuanliu_law::EventType;

use crate::error::IndexError;
use crate::event::{Event, Text, decode_setting};
use crate::history::Reader;
use crate::store::{EventKey, Space, contained, made_key, made_parts, scope_pair, scope_prefix};

/// Settings of one name that are looked at: combinations of product, batch, work order, line,
/// people and devices.
const SETTINGS_MAX: usize = 100_000;
/// Consume events of one lot that are looked at.
const USES_MAX: usize = 100_000;

/// What commissions have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope<'a> {
    /// They name this batch.
    Batch(&'a str),
    /// They name this work order, as written.
    WorkOrder(&'a str),
    /// They name this line and have a time `t` with `from_us <= t < to_us`.
    Line {
        /// The line.
        line: &'a str,
        /// From when, in microseconds since 1970 UTC.
        from_us: i64,
        /// Until when.
        to_us: i64,
    },
}

impl<'i> Reader<'i> {
    /// The codes whose commissions, void ones included, are in a scope; what a unit says of itself
    /// decides whether it belongs there. A code may come several times.
    pub fn commissioned(&self, scope: Scope<'_>) -> Result<ScopeCodes<'i>, IndexError> {
        contained(self.index.folder(), || {
            let (text, name, window) = match scope {
                Scope::Batch(name) => (Text::BatchNo, name, None),
                Scope::WorkOrder(name) => (Text::WorkOrderNo, name, None),
                Scope::Line { line, from_us, to_us } => (Text::Line, line, Some((from_us, to_us))),
            };
            let settings = self.settings_of(text, name)?;
            Ok(ScopeCodes { reader: self.again(), settings, window, made: None })
        })
    }

    /// The consume events in force, in order, that used up a material, of one lot or of those
    /// without one; and whether there were more.
    pub fn uses_of(
        &mut self,
        material_code: &str,
        lot_no: Option<&str>,
    ) -> Result<(Vec<Arc<Event>>, bool), IndexError> {
        contained(self.index.folder(), || {
            let name = scope_pair(material_code, lot_no.unwrap_or_default());
            let (keys, is_truncated) = self.scope_tails("lot", &name, USES_MAX)?;
            let mut events = Vec::new();
            for key in keys {
                let key = EventKey::read(&key)
                    .ok_or_else(|| self.index.damaged("a lot is unreadable"))?;
                if !key.is_seen(self.as_of_us) {
                    continue;
                }
                let event = self.event(key)?;
                let is_of_lot = event.inputs.iter().any(|input| {
                    input.material_code.as_deref() == Some(material_code)
                        && input.lot_no.as_deref().unwrap_or_default() == lot_no.unwrap_or_default()
                });
                if is_of_lot
                    && event.event_type == EventType::Consume
                    && !self.is_void(&event.event_id)?
                {
                    events.push(event);
                }
            }
            events.sort_unstable_by(|a, b| a.order().cmp(&b.order()));
            Ok((events, is_truncated))
        })
    }

    fn settings_of(&self, text: Text, name: &str) -> Result<VecDeque<u64>, IndexError> {
        let (found, is_truncated) = self.scope_tails(text.name(), name.as_bytes(), SETTINGS_MAX)?;
        if is_truncated {
            return Err(self.index.damaged("a name has more settings than a ledger can hold"));
        }
        let mut settings = VecDeque::new();
        for hash in found {
            let stored = self.stored_setting(&hash)?;
            if stored.get(text) == Some(name) {
                settings.extend(hash.try_into().map(u64::from_be_bytes));
            }
        }
        Ok(settings)
    }

    fn stored_setting(&self, hash: &[u8]) -> Result<crate::event::Texts, IndexError> {
        let stored = self.snapshot.get(&self.index.spaces().of(Space::Setting), hash);
        let stored = stored.map_err(self.index.failed("read"))?;
        let setting = stored.and_then(|stored| decode_setting(&stored));
        setting.ok_or_else(|| self.index.damaged("a name leads to an unknown setting"))
    }

    /// What stands under a name: the ends of its keys, all of one length; and whether there is more.
    fn scope_tails(
        &self,
        kind: &str,
        name: &[u8],
        tails_max: usize,
    ) -> Result<(Vec<Vec<u8>>, bool), IndexError> {
        let length = if kind == "lot" { 17 } else { 8 };
        let prefix = scope_prefix(kind, name);
        let mut tails = Vec::new();
        for entry in self.snapshot.prefix(&self.index.spaces().of(Space::Scope), &prefix) {
            let key = entry.key().map_err(self.index.failed("read"))?;
            if let Some(tail) = key.get(prefix.len()..).filter(|tail| tail.len() == length) {
                if tails.len() == tails_max {
                    return Ok((tails, true));
                }
                tails.push(tail.to_vec());
            }
        }
        Ok((tails, false))
    }
}

/// Codes of a scope, read as they are asked for.
pub struct ScopeCodes<'i> {
    reader: Reader<'i>,
    settings: VecDeque<u64>,
    window: Option<(i64, i64)>,
    made: Option<fjall::Iter>,
}

impl ScopeCodes<'_> {
    fn step(&mut self) -> Result<Option<String>, IndexError> {
        let index = self.reader.index;
        loop {
            let Some(made) = &mut self.made else {
                let Some(setting) = self.settings.pop_front() else {
                    return Ok(None);
                };
                self.made = Some(self.entries_of(setting));
                continue;
            };
            let Some(entry) = made.next() else {
                self.made = None;
                continue;
            };
            let key = entry.key().map_err(index.failed("read"))?;
            let parts = made_parts(&key);
            let (time_us, code) =
                parts.ok_or_else(|| index.damaged("a made code is unreadable"))?;
            if time_us.is_none_or(|time_us| time_us <= self.reader.as_of_us) {
                return Ok(Some(code.to_owned()));
            }
        }
    }

    fn entries_of(&self, setting: u64) -> fjall::Iter {
        let (from, to) = match self.window {
            Some((from_us, to_us)) => (
                made_key(setting, Some(from_us), ""),
                Bound::Excluded(made_key(setting, Some(to_us.max(from_us)), "")),
            ),
            None => {
                let to = match setting.checked_add(1) {
                    Some(next) => Bound::Excluded(next.to_be_bytes().to_vec()),
                    None => Bound::Unbounded,
                };
                (setting.to_be_bytes().to_vec(), to)
            }
        };
        let space = self.reader.index.spaces().of(Space::Made);
        self.reader.snapshot.range(&space, (Bound::Included(from), to))
    }
}

impl Iterator for ScopeCodes<'_> {
    type Item = Result<String, IndexError>;

    fn next(&mut self) -> Option<Self::Item> {
        contained(self.reader.index.folder(), || self.step()).transpose()
    }
}
