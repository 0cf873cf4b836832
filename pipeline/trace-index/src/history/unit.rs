//! One unit: its carriers' events as one list, and its containers.

use std::collections::HashMap;
use std::sync::Arc;

use yuanliu_law::{EventType, PackEvent, containment};

use super::answer::Stay;
use super::reader::Reader;
use super::scan::Own;
use crate::error::IndexError;
use crate::event::Text;

/// Other carriers of one unit that are looked at; a unit has one or two.
const CARRIERS_MAX: usize = 64;

/// A unit with what was scanned on any of its carriers.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) code: Arc<str>,
    /// The codes that mean it; its own first, unless that is a placeholder.
    pub(super) carriers: Vec<Box<str>>,
    /// Its events in order, void ones and those without a time included.
    pub(super) events: Vec<Own>,
    pub(super) stays: Vec<Stay>,
    /// Something was packed into it, or into what carries it, at some time.
    pub(super) is_container: bool,
    pub(super) is_truncated: bool,
}

impl Reader<'_> {
    /// The unit with this code, which is no other carrier of another one.
    pub(super) fn unit(&mut self, code: &str) -> Result<Arc<Unit>, IndexError> {
        if let Some(unit) = self.units.get(code) {
            return Ok(Arc::clone(unit));
        }
        let unit = Arc::new(self.read_unit(code)?);
        self.keep(1 + unit.events.len() + unit.stays.len());
        self.units.insert(code.into(), Arc::clone(&unit));
        Ok(unit)
    }

    fn read_unit(&mut self, code: &str) -> Result<Unit, IndexError> {
        let scan = self.scan(code)?;
        let mut is_truncated = scan.is_truncated;
        let mut is_container = scan.is_container;
        let mut events = Vec::new();
        let mut carriers: Vec<Box<str>> = Vec::new();
        if !self.index.options().is_placeholder(code) {
            events.extend(scan.own.iter().cloned());
            carriers.push(code.into());
        }
        let declared = scan.own.iter().filter(|own| own.is_commission());
        for alias in declared.flat_map(|own| &own.event.aliases) {
            // A placeholder that names itself resolves to itself and is nobody's carrier.
            let is_itself = **alias == *code;
            if is_itself || carriers.contains(alias) || &*self.resolved(alias)? != code {
                continue;
            }
            if carriers.len() == CARRIERS_MAX {
                is_truncated = true;
                break;
            }
            let other = self.scan(alias)?;
            is_truncated |= other.is_truncated;
            is_container |= other.is_container;
            events.extend(other.own.iter().cloned());
            carriers.push(alias.clone());
        }
        if carriers.len() > 1 {
            events = joined(events);
        }
        events.sort_unstable_by(Own::cmp_order);
        let code = Arc::from(code);
        let stays = self.stays(&code, &events)?;
        Ok(Unit { code, carriers, events, stays, is_container, is_truncated })
    }

    /// A pack into itself or into a placeholder puts a unit nowhere.
    fn stays(&mut self, code: &str, events: &[Own]) -> Result<Vec<Stay>, IndexError> {
        let mut packs = Vec::new();
        for own in events.iter().filter(|own| !own.is_void) {
            let is_pack = own.event.event_type == EventType::Pack;
            if !is_pack && own.event.event_type != EventType::Unpack {
                continue;
            }
            let parent = match own.event.text(Text::ParentCode) {
                Some(parent) => Some(self.resolved(parent)?),
                None => None,
            };
            let is_place = |parent: &Arc<str>| !self.index.options().is_placeholder(parent);
            let is_readable = parent.as_ref().is_some_and(is_place);
            if parent.as_deref() == Some(code) || (is_pack && !is_readable) {
                continue;
            }
            if let Some(moment) = own.event.moment() {
                packs.push((moment, parent));
            }
        }
        let mut packs: Vec<PackEvent<'_>> = packs
            .iter()
            .map(|(moment, parent)| PackEvent { moment: *moment, parent: parent.as_deref() })
            .collect();
        let stay = |stay: yuanliu_law::Containment<'_>| Stay {
            parent: stay.parent.into(),
            from_us: stay.from_us,
            to_us: stay.to_us,
            start_event_id: stay.start_event_id.into(),
            end_event_id: stay.end_event_id.map(Into::into),
        };
        Ok(containment(&mut packs).into_iter().map(stay).collect())
    }
}

/// An event that names two carriers of a unit happened to it once.
fn joined(events: Vec<Own>) -> Vec<Own> {
    let mut places: HashMap<(Box<str>, i64), usize> = HashMap::new();
    let mut once: Vec<Own> = Vec::with_capacity(events.len());
    for own in events {
        let identity = (own.event.event_id.clone(), own.event.content_hash);
        let place = *places.entry(identity).or_insert(once.len());
        match once.get_mut(place) {
            Some(first) if own.printed < first.printed => first.printed = own.printed,
            Some(_) => {}
            None => once.push(own),
        }
    }
    once
}
