//! What happened to a unit, and the answer as a whole.

use std::collections::HashMap;
use std::sync::Arc;

use yuanliu_law::EventType;

use super::answer::{Inside, UnitEvent, UnitHistory};
use super::facts::facts;
use super::reader::Reader;
use super::scan::Own;
use super::unit::Unit;
use crate::documents::Documents;
use crate::error::IndexError;
use crate::event::Event;

/// More events of a unit are left out; see [`UnitHistory::is_truncated`].
const EVENTS_MAX: usize = 20_000;

/// An event on a unit or on a container while the unit was inside.
#[derive(Debug, Clone)]
pub(super) struct Reached {
    pub(super) event: Arc<Event>,
    pub(super) is_void: bool,
    pub(super) depth: u8,
    pub(super) via: Arc<str>,
}

impl Reader<'_> {
    /// `code` is a unit's own.
    pub(super) fn unit_history(
        &mut self,
        code: &Arc<str>,
        documents: &dyn Documents,
    ) -> Result<Option<UnitHistory>, IndexError> {
        self.forget_if_full();
        let unit = self.unit(code)?;
        let (ancestry, mut is_truncated) = self.ancestry(&unit)?;
        is_truncated |= unit.is_truncated;
        let (reached, has_more) = self.reached(&unit, &ancestry)?;
        is_truncated |= has_more;
        let (origin, has_more) = self.origin(&unit, &ancestry, documents)?;
        is_truncated |= has_more;
        if unit.events.is_empty() && origin.is_none() {
            return Ok(None);
        }
        let moved = super::custody::moved(&reached, documents);
        let (custody, shipments) = super::custody::custody_and_shipments(&moved);
        let mut events = unit_events(&reached);
        for one in &mut events {
            one.is_voided = shipments.iter().any(|shipment| {
                shipment.is_voided
                    && *shipment.event_id == *one.event.event_id
                    && shipment.event_type == one.event.event_type
                    && Some(shipment.time_us) == one.event.time_us
            });
        }
        let facts = facts(origin.as_ref(), &events, &moved, &shipments);
        let set_aside = |own: &&Own| own.is_void || own.event.time_us.is_none();
        let set_aside = unit.events.iter().filter(set_aside).map(|own| Arc::clone(&own.event));
        Ok(Some(UnitHistory {
            code: code.to_string(),
            origin,
            set_aside: set_aside.collect(),
            containment: unit.stays.clone(),
            events,
            ancestry,
            custody,
            shipments,
            facts,
            is_truncated,
        }))
    }

    /// Every event with a time that reached the unit, by each way it did, void ones included; and
    /// whether there were more.
    fn reached(
        &mut self,
        unit: &Unit,
        ancestry: &[Inside],
    ) -> Result<(Vec<Reached>, bool), IndexError> {
        let mut reached = Vec::new();
        let mut is_truncated = false;
        let own = unit.events.iter().filter(|own| own.event.time_us.is_some());
        reached.extend(own.map(|own| Reached::by(own, 0, &unit.code)));
        for inside in ancestry {
            let container = self.unit(&inside.ancestor)?;
            is_truncated |= container.is_truncated;
            let is_then = |own: &&Own| {
                own.event.time_us.is_some_and(|time_us| {
                    inside.from_us <= time_us && inside.to_us.is_none_or(|to| time_us < to)
                })
            };
            let then = container.events.iter().filter(is_then);
            reached.extend(then.map(|own| Reached::by(own, inside.depth, &inside.ancestor)));
            if reached.len() > EVENTS_MAX {
                reached.truncate(EVENTS_MAX);
                return Ok((reached, true));
            }
        }
        Ok((reached, is_truncated))
    }
}

impl Reached {
    fn by(own: &Own, depth: u8, via: &Arc<str>) -> Self {
        let (event, via) = (Arc::clone(&own.event), Arc::clone(via));
        Self { event, is_void: own.is_void, depth, via }
    }

    /// Whether it happened to the unit: what is said of a container as such did not, and a scan of a
    /// container by a consumer is none of what is in it.
    fn happened(&self) -> bool {
        use EventType::{Commission, Pack, Sell, Unpack, Verify};
        let is_of_scanned =
            matches!(self.event.event_type, Commission | Pack | Unpack | Sell | Verify);
        !self.is_void && (self.depth == 0 || !is_of_scanned)
    }
}

/// Each event once, by the nearest way it came.
fn unit_events(reached: &[Reached]) -> Vec<UnitEvent> {
    let mut nearest: HashMap<(&str, i64), &Reached> = HashMap::with_capacity(reached.len());
    for one in reached.iter().filter(|one| one.happened()) {
        let first = nearest.entry(one.event.identity()).or_insert(one);
        if (one.depth, &one.via) < (first.depth, &first.via) {
            *first = one;
        }
    }
    let mut events: Vec<UnitEvent> = nearest
        .into_values()
        .map(|one| UnitEvent {
            event: Arc::clone(&one.event),
            depth: one.depth,
            via_code: Arc::clone(&one.via),
            is_voided: false,
        })
        .collect();
    events.sort_unstable_by(|a, b| a.event.order().cmp(&b.event.order()));
    events
}
