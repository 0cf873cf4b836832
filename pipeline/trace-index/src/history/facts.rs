//! What the state of a unit follows from; what the state is, the law says.

use yuanliu_law::EventType;

use super::answer::{Origin, Shipment, UnitEvent};
use super::custody::Moved;
use crate::event::Text;

/// The facts of `warehouse-sql/trace/unit.sql`; times in microseconds since 1970 UTC. Whether the
/// unit was sold by a promoter's claim is for those to say who judge claims.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// A line bound the code to a unit.
    pub is_commissioned: bool,
    /// The first decommission.
    pub decommissioned_at_us: Option<i64>,
    /// The first store_in or ship.
    pub left_line_at_us: Option<i64>,
    /// The last purchase_check.
    pub bought_at_us: Option<i64>,
    /// The last return.
    pub returned_at_us: Option<i64>,
    /// The last open_case at a store.
    pub opened_at_us: Option<i64>,
    /// The last of ship, transfer, receive and return.
    pub last_moved: Option<EventType>,
    /// The last receive at a store we know.
    pub at_store_us: Option<i64>,
    /// The last receive or transfer.
    pub at_dealer_us: Option<i64>,
    /// The last ship to a dealer that was not cancelled.
    pub last_ship_us: Option<i64>,
}

pub(super) fn facts(
    origin: Option<&Origin>,
    events: &[UnitEvent],
    moved: &[Moved<'_>],
    shipments: &[Shipment],
) -> Facts {
    use EventType::{
        Decommission, OpenCase, PurchaseCheck, Receive, Return, Ship, StoreIn, Transfer,
    };
    let times = |types: &'static [EventType]| {
        let of_type = events.iter().filter(move |one| types.contains(&one.event.event_type));
        of_type.filter_map(|one| one.event.time_us)
    };
    let opened = events.iter().filter(|one| {
        one.event.event_type == OpenCase && one.event.text(Text::StoreCode).is_some()
    });
    let moves = |types: &'static [EventType]| {
        moved.iter().filter(move |one| types.contains(&one.event.event_type))
    };
    let last = moves(&[Ship, Transfer, Receive, Return]).max_by_key(|one| one.event.order());
    let received = moves(&[Receive]).filter(|one| one.placed.is_at_store);
    let shipped = shipments.iter().filter(|one| one.event_type == Ship && !one.is_voided);
    Facts {
        is_commissioned: origin.is_some_and(|origin| origin.commission.is_some()),
        decommissioned_at_us: times(&[Decommission]).min(),
        left_line_at_us: times(&[StoreIn, Ship]).min(),
        bought_at_us: times(&[PurchaseCheck]).max(),
        returned_at_us: times(&[Return]).max(),
        opened_at_us: opened.filter_map(|one| one.event.time_us).max(),
        last_moved: last.map(|one| one.event.event_type),
        at_store_us: received.filter_map(|one| one.event.time_us).max(),
        at_dealer_us: moves(&[Receive, Transfer]).filter_map(|one| one.event.time_us).max(),
        last_ship_us: shipped.map(|one| one.time_us).max(),
    }
}
