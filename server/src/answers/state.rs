//! The state of a unit by the law, from what the index knows of it.

use yuanliu_law::{EventType, Fact, UnitFacts, UnitState, unit_state};
use yuanliu_trace_index::UnitHistory;

use crate::knowledge::Knowledge;

/// Microseconds in a day.
const DAY_US: i64 = 86_400_000_000;

/// The state of a unit as of an instant, in microseconds since 1970 UTC.
///
/// A claim of a promoter is a sale unless the last build held or rejected it.
pub(crate) fn status(
    history: &UnitHistory,
    known: &Knowledge,
    as_of_us: i64,
    transit_days: i64,
) -> UnitState {
    let facts = &history.facts;
    let fact = |at_us: i64| Fact { at_us, inferred: false };
    let reached_store = facts.at_store_us.max(facts.opened_at_us);
    unit_state(&UnitFacts {
        arrived_before_us: as_of_us - transit_days * DAY_US,
        is_commissioned: facts.is_commissioned,
        left_line_us: facts.left_line_at_us,
        decommissioned: facts.decommissioned_at_us.map(fact),
        sold: sold_at_us(history, known).map(fact),
        bought: facts.bought_at_us.map(fact),
        returned: facts.returned_at_us.map(fact),
        reached_store: reached_store.map(fact),
        reached_dealer: facts.at_dealer_us.map(fact),
        shipped: facts.last_ship_us.map(fact),
    })
}

/// Whether the unit, or what contained it then, was called back.
pub(crate) fn is_recalled(history: &UnitHistory) -> bool {
    history.events.iter().any(|one| one.event.event_type == EventType::Recall)
}

/// The sale that holds: the first sell that stands since the last return, else the first verify since
/// then, of the item itself.
fn sold_at_us(history: &UnitHistory, known: &Knowledge) -> Option<i64> {
    let origin = history.origin.as_ref()?;
    if origin.level.as_deref() != Some("item") || origin.commission.is_none() {
        return None;
    }
    let since = history.facts.returned_at_us.unwrap_or(i64::MIN);
    let first = |wanted: EventType| {
        let seen = history.sightings().filter(move |event| {
            event.event_type == wanted && !known.is_refused_claim(&history.code, &event.event_id)
        });
        seen.filter_map(|event| event.time_us).filter(|at| *at >= since).min()
    };
    first(EventType::Sell).or_else(|| first(EventType::Verify))
}
