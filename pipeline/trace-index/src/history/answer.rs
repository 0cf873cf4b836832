//! What a history says.

use std::sync::Arc;

use yuanliu_law::EventType;

use super::facts::Facts;
use crate::event::Event;

/// Everything the ledger says about one unit, as of an instant.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitHistory {
    /// The unit; another code than was asked for if that is another carrier of it.
    pub code: String,
    /// What the unit says of itself, as `core.unit`; none for a code that was only looked up.
    pub origin: Option<Origin>,
    /// What happened to it, as `core.unit_event`, in order: on its own code, and on what contained it
    /// then.
    pub events: Vec<UnitEvent>,
    /// Events on its own code that count in nothing else here: another one corrects them, or they
    /// have no time.
    pub set_aside: Vec<Arc<Event>>,
    /// When it was in which container, as `core.containment`.
    pub containment: Vec<Stay>,
    /// The same outwards through other containers, as `core.ancestry`, by time and depth.
    pub ancestry: Vec<Inside>,
    /// Who had it when, as `core.custody`.
    pub custody: Vec<Custody>,
    /// Every ship to a dealer and every return, as `core.shipment`.
    pub shipments: Vec<Shipment>,
    /// What its state follows from.
    pub facts: Facts,
    /// There were more events, containers or relatives than one answer takes; what is beyond the
    /// bounds is missing here.
    pub is_truncated: bool,
}

impl UnitHistory {
    /// The custody at an instant.
    pub fn custody_at(&self, time_us: i64) -> Option<&Custody> {
        let is_at =
            |from: i64, to: Option<i64>| from <= time_us && to.is_none_or(|to| time_us < to);
        self.custody.iter().find(|one| is_at(one.from_us, one.to_us))
    }

    /// What consumers and inspectors saw of the unit itself, as `core.sighted_unit`, in order.
    pub fn sightings(&self) -> impl Iterator<Item = &Arc<Event>> {
        use EventType::{OpenCase, PurchaseCheck, Sell, Verify};
        let seen = |one: &&UnitEvent| {
            let is_sighting =
                matches!(one.event.event_type, OpenCase | PurchaseCheck | Sell | Verify);
            one.depth == 0 && is_sighting
        };
        self.events.iter().filter(seen).map(|one| &one.event)
    }
}

/// What a unit says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// As printed.
    pub printed_code: String,
    /// `item`, `case` or `pallet`.
    pub level: Option<String>,
    /// The product: its own, else that of all it ever contained or was contained in, if they agree.
    pub product_code: Option<String>,
    /// The batch.
    pub batch_no: Option<String>,
    /// The work order.
    pub work_order_no: Option<String>,
    /// The commission that bound the code to the unit, if one did.
    pub commission: Option<Arc<Event>>,
}

/// One event of a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitEvent {
    /// The event.
    pub event: Arc<Event>,
    /// 0 if its own code was scanned, else how far outside the scanned container was.
    pub depth: u8,
    /// The code that was scanned.
    pub via_code: Arc<str>,
    /// A ship that a later `void_ship` cancelled.
    pub is_voided: bool,
}

/// A unit was in a container at every time `t` with `from_us <= t < to_us`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// The container.
    pub parent: Arc<str>,
    /// Since when.
    pub from_us: i64,
    /// Until when; none while it is in there.
    pub to_us: Option<i64>,
    /// The pack.
    pub start_event_id: Box<str>,
    /// The unpack, or the pack into another container.
    pub end_event_id: Option<Box<str>>,
}

/// A unit was inside something, directly or through other containers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inside {
    /// What it was inside of.
    pub ancestor: Arc<str>,
    /// 1 for its own container.
    pub depth: u8,
    /// Since when.
    pub from_us: i64,
    /// Until when; none while it is in there.
    pub to_us: Option<i64>,
}

/// Somebody had the unit at every time `t` with `from_us <= t < to_us`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Custody {
    /// Who.
    pub dealer_code: String,
    /// When this row begins.
    pub from_us: i64,
    /// When it ends, if it does.
    pub to_us: Option<i64>,
    /// When the custody began.
    pub since_us: i64,
    /// Channel of the hold that began it.
    pub channel: Option<String>,
    /// The event that began it.
    pub start_event_id: String,
    /// That event was scanned on a container.
    pub is_inferred: bool,
    /// The last ship in force.
    pub ship_event_id: Option<String>,
    /// The code that ship scanned.
    pub ship_via_code: Option<String>,
    /// The delivery of that ship.
    pub delivery_no: Option<String>,
    /// The order of that ship.
    pub order_no: Option<String>,
    /// The row before is the same custody.
    pub continues: bool,
}

/// A ship or return of the unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shipment {
    /// The event.
    pub event_id: String,
    /// Ship or return.
    pub event_type: EventType,
    /// When.
    pub time_us: i64,
    /// To whom it was shipped, or from whom it was taken.
    pub dealer_code: Option<String>,
    /// The ship's channel, or that of the custody the return ended.
    pub channel: Option<String>,
    /// The delivery.
    pub delivery_no: Option<String>,
    /// The order.
    pub order_no: Option<String>,
    /// A container was scanned.
    pub is_inferred: bool,
    /// The code that was scanned.
    pub via_code: Option<String>,
    /// A later `void_ship` cancelled it.
    pub is_voided: bool,
}
