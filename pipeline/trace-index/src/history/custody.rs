//! Custody and shipments of one unit, by the law.

use std::collections::HashMap;
use std::rc::Rc;

use yuanliu_law::{CustodyEvent, EventType};

use super::answer::{Custody, Shipment};
use super::unit_events::Reached;
use crate::documents::Documents;
use crate::event::{Event, Text};
use crate::holder::{Placed, placed};

/// A movement of a unit, as a row of `core.unit_movement`.
pub(super) struct Moved<'a> {
    pub(super) event: &'a Event,
    pub(super) placed: Rc<Placed<'a>>,
    depth: u8,
    via: &'a str,
}

/// The movements among what reached a unit.
///
/// A `void_ship` that corrects an event stays in force even if it is corrected itself, because
/// correcting a correction does not revive the original.
pub(super) fn moved<'a>(reached: &'a [Reached], documents: &'a dyn Documents) -> Vec<Moved<'a>> {
    use EventType::{Decommission, Receive, Return, Ship, Transfer, VoidShip};
    let mut places: HashMap<(&str, i64), Rc<Placed<'a>>> = HashMap::new();
    let counts = |one: &&Reached| match one.event.event_type {
        Ship | Receive | Transfer | Return | Decommission => !one.is_void,
        VoidShip => !one.is_void || one.event.text(Text::CorrectsEventId).is_some(),
        _ => false,
    };
    let row = |one: &'a Reached| {
        let event: &'a Event = &one.event;
        let place = places.entry(event.identity());
        let placed = place.or_insert_with(|| Rc::new(placed(event, documents)));
        Moved { event, placed: Rc::clone(placed), depth: one.depth, via: &one.via }
    };
    reached.iter().filter(counts).map(row).collect()
}

pub(super) fn custody_and_shipments(moved: &[Moved<'_>]) -> (Vec<Custody>, Vec<Shipment>) {
    let mut events: Vec<CustodyEvent<'_>> = moved.iter().filter_map(custody_event).collect();
    let custody = yuanliu_law::custody(&mut events);
    let shipments = yuanliu_law::shipments(&mut events);
    let is_internal = |event_id: &str| {
        let ships = moved.iter().filter(|one| one.event.event_type == EventType::Ship);
        ships.filter(|one| one.placed.is_internal).any(|one| *one.event.event_id == *event_id)
    };
    // A ship into a warehouse of our own is none.
    let to_dealers = shipments
        .iter()
        .filter(|one| one.event_type != EventType::Ship || !is_internal(one.event_id));
    (custody.iter().map(custody_row).collect(), to_dealers.map(shipment_row).collect())
}

fn custody_event<'m>(moved: &'m Moved<'_>) -> Option<CustodyEvent<'m>> {
    let Moved { event, placed, depth, via } = moved;
    Some(CustodyEvent {
        moment: event.moment()?,
        inferred: *depth > 0,
        via_code: Some(via),
        event_type: event.event_type,
        holder: placed.holder.as_deref(),
        channel: placed.channel.as_deref(),
        delivery_no: event.text(Text::DeliveryNo),
        order_no: placed.order_no.as_deref(),
        corrects_event_id: event.text(Text::CorrectsEventId),
    })
}

fn custody_row(row: &yuanliu_law::Custody<'_>) -> Custody {
    Custody {
        dealer_code: row.holder.to_owned(),
        from_us: row.from_us,
        to_us: row.to_us,
        since_us: row.since_us,
        channel: row.channel.map(Into::into),
        start_event_id: row.start_event_id.to_owned(),
        is_inferred: row.inferred,
        ship_event_id: row.ship_event_id.map(Into::into),
        ship_via_code: row.ship_via_code.map(Into::into),
        delivery_no: row.delivery_no.map(Into::into),
        order_no: row.order_no.map(Into::into),
        continues: row.continues,
    }
}

fn shipment_row(row: &yuanliu_law::Shipment<'_>) -> Shipment {
    Shipment {
        event_id: row.event_id.to_owned(),
        event_type: row.event_type,
        time_us: row.time_us,
        dealer_code: row.holder.map(Into::into),
        channel: row.channel.map(Into::into),
        delivery_no: row.delivery_no.map(Into::into),
        order_no: row.order_no.map(Into::into),
        is_inferred: row.inferred,
        via_code: row.via_code.map(Into::into),
        is_voided: row.voided,
    }
}
