//! What was inside what, when.

use std::collections::BTreeSet;

use super::clock::Instant;
use super::event::Event;
use super::ledger::Ledger;

impl Ledger {
    /// The container of a unit at an instant: every pack and unpack up to then, one after the other.
    pub fn parent_at(&self, code: &str, at: Instant) -> Option<String> {
        let mut packs: Vec<&Event> = self
            .naming(code)
            .into_iter()
            .filter(|event| event.is_live() && event.at <= Some(at))
            .filter(|event| event.kind == "pack" || event.kind == "unpack")
            .collect();
        packs.sort_by_key(|event| event.moment());
        let mut inside: Option<String> = None;
        for event in packs {
            let named = event.parent.clone();
            if event.kind == "pack" {
                // Nobody knows what a container with a damaged label is.
                if let Some(parent) = named.filter(|parent| !self.is_placeholder(parent)) {
                    inside = Some(parent);
                }
            } else if named.is_none() || named == inside {
                inside = None;
            }
        }
        inside
    }

    /// Everything the unit was inside of at an instant, nearest first.
    pub fn around_at(&self, code: &str, at: Instant) -> Vec<String> {
        let mut around: Vec<String> = Vec::new();
        let mut inner = code.to_owned();
        while let Some(outer) = self.parent_at(&inner, at) {
            if outer == code || around.contains(&outer) {
                break;
            }
            around.push(outer.clone());
            inner = outer;
        }
        around
    }

    /// Every container a unit was ever said to be put into, directly or not.
    pub fn ever_around(&self, code: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open = vec![code.to_owned()];
        while let Some(inner) = open.pop() {
            for event in self.naming(&inner).into_iter().filter(|event| event.kind == "pack") {
                if let Some(parent) = event.parent.clone().filter(|one| !self.is_placeholder(one))
                    && found.insert(parent.clone())
                {
                    open.push(parent);
                }
            }
        }
        found
    }

    /// Every event on the unit's own code (depth 0) or on what contained it at that time, in order.
    pub fn happened_to(&self, code: &str) -> Vec<Happening<'_>> {
        let mut found: Vec<Happening<'_>> = Vec::new();
        let own = self.naming(code).into_iter().filter(|event| event.is_ordered());
        found.extend(own.map(|event| Happening { event, depth: 0, via: code.to_owned() }));
        for container in self.ever_around(code) {
            for event in self.naming(&container).into_iter().filter(|event| event.is_ordered()) {
                if event.codes.iter().any(|named| named == code) {
                    continue;
                }
                let around = self.around_at(code, event.at.expect("an ordered event"));
                if let Some(place) = around.iter().position(|one| *one == container) {
                    found.push(Happening { event, depth: place + 1, via: container.clone() });
                }
            }
        }
        // A scan that names several containers of the unit reaches it once, by the nearest.
        found.sort_by_key(|one| (one.event.moment(), one.depth));
        found.dedup_by(|next, kept| std::ptr::eq(next.event, kept.event));
        found
    }
}

impl Event {
    /// Whether it has a place in the order of events and counts; a `void_ship` that names the ship it
    /// cancels is a correction, and correcting a correction does not revive the original.
    fn is_ordered(&self) -> bool {
        let is_correction = self.kind == "void_ship" && self.text("corrects_event_id").is_some();
        self.at.is_some() && (!self.is_void || is_correction)
    }
}

/// An event as it reached one unit.
#[derive(Debug, Clone)]
pub struct Happening<'a> {
    /// The event.
    pub event: &'a Event,
    /// 0 if the unit's own code was scanned, else how far outside the scanned container was.
    pub depth: usize,
    /// The code that was scanned.
    pub via: String,
}
