//! Who had a unit when.

use super::clock::Instant;
use super::containment::Happening;
use super::event::Event;
use super::ledger::Ledger;

/// Custody of a unit at one instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Hold {
    /// Who has it.
    pub dealer: String,
    /// Since when, consecutive holds of one dealer taken together.
    pub since: Instant,
    /// The channel of the hold that began it.
    pub channel: Option<String>,
    /// The event that began it.
    pub begun_by: String,
    /// The last ship in force.
    pub ship: Option<Shipped>,
}

/// A ship of a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Shipped {
    /// The event.
    pub event_id: String,
    /// When.
    pub at: Instant,
    /// The delivery it names.
    pub delivery: Option<String>,
    /// The order it names, or its delivery does.
    pub order: Option<String>,
}

const MOVING: [&str; 6] = ["ship", "void_ship", "receive", "transfer", "return", "decommission"];

impl Ledger {
    /// The events that may move custody of a unit, in order.
    pub fn movements(&self, code: &str) -> Vec<Happening<'_>> {
        let all = self.happened_to(code).into_iter();
        all.filter(|one| MOVING.contains(&one.event.kind.as_str())).collect()
    }

    /// Custody at an instant: all that moved it up to then, less the ships that were cancelled.
    pub fn custody_at(&self, movements: &[Happening<'_>], at: Instant) -> Option<Hold> {
        self.fold(&in_force(movements, at))
    }

    fn fold(&self, movements: &[&Happening<'_>]) -> Option<Hold> {
        let mut hold: Option<Hold> = None;
        for event in movements.iter().map(|one| one.event) {
            if event.kind == "return" || event.kind == "decommission" {
                hold = None;
                continue;
            }
            let Some(dealer) = self.holder_after(event) else { continue };
            let at = event.at.expect("a movement has a time");
            let ship = match event.kind.as_str() {
                "ship" => Some(self.shipped(event)),
                _ => hold.as_ref().and_then(|hold| hold.ship.clone()),
            };
            hold = Some(match hold {
                Some(hold) if hold.dealer == dealer => Hold { ship, ..hold },
                _ => Hold {
                    channel: self.channel_of(event, &dealer),
                    dealer,
                    since: at,
                    begun_by: event.id.clone(),
                    ship,
                },
            });
        }
        hold
    }

    fn shipped(&self, event: &Event) -> Shipped {
        Shipped {
            event_id: event.id.clone(),
            at: event.at.expect("a movement has a time"),
            delivery: event.text("delivery_no").map(str::to_owned),
            order: self.order_of(event),
        }
    }

    /// The order of an event: named, or its delivery's.
    pub fn order_of(&self, event: &Event) -> Option<String> {
        let delivery = event.text("delivery_no");
        let delivery = delivery.and_then(|no| self.find("delivery", "delivery_no", no));
        let order = event.text("order_no").or(delivery.and_then(|row| row.text("order_no")));
        order.map(str::to_owned)
    }

    fn channel_of(&self, event: &Event, dealer: &str) -> Option<String> {
        let row = self.find("dealer", "dealer_code", dealer);
        let channel = event.text("channel").or(row.and_then(|row| row.text("channel")));
        channel.map(str::to_owned)
    }

    /// The dealer who has the goods after a ship, receive or transfer; none for a warehouse of our own.
    pub fn holder_after(&self, event: &Event) -> Option<String> {
        if !["ship", "receive", "transfer"].contains(&event.kind.as_str()) {
            return None;
        }
        let of_store = |store: &str| {
            let row = self.find("store", "store_code", store);
            row.map(|row| row.text("dealer_code").map(str::to_owned))
        };
        if let Some(party) = event.text("to_party") {
            let is_dealer = self.find("dealer", "dealer_code", party).is_some();
            let is_warehouse = self.find("warehouse", "warehouse_code", party).is_some();
            return match of_store(party) {
                _ if is_dealer => Some(party.to_owned()),
                Some(dealer) => dealer,
                None if is_warehouse => None,
                None => Some(party.to_owned()),
            };
        }
        if event.kind != "ship" {
            return event.text("store_code").and_then(of_store).flatten();
        }
        let delivery = event.text("delivery_no");
        let delivery = delivery.and_then(|no| self.find("delivery", "delivery_no", no));
        let order = self.order_of(event);
        let order = order.as_deref().and_then(|no| self.find("sales_order", "order_no", no));
        let dealer = |row: Option<&crate::company::Row>| {
            row.and_then(|row| row.text("dealer_code")).map(str::to_owned)
        };
        dealer(delivery).or_else(|| dealer(order))
    }

    /// Whether a movement went to a warehouse of our own.
    pub fn is_internal(&self, event: &Event) -> bool {
        let to = event.text("to_party");
        to.is_some_and(|party| self.find("warehouse", "warehouse_code", party).is_some())
            && ["ship", "receive", "transfer"].contains(&event.kind.as_str())
    }

    /// The ships to dealers and returns of a unit, as of the ledger's instant: with the dealer and
    /// channel they concern. Cancelled ships and second scans of one shipment are left out.
    pub fn shipments(&self, movements: &[Happening<'_>]) -> Vec<Shipment> {
        let standing = in_force(movements, self.as_of);
        let mut found: Vec<Shipment> = Vec::new();
        let mut last: Option<Shipment> = None;
        for (place, one) in movements.iter().enumerate() {
            let event = one.event;
            let at = event.at.expect("a movement has a time");
            if event.kind == "return" {
                // Who had it until then, with the ships cancelled until then.
                let before = self.custody_before(movements, place);
                let (dealer, channel) =
                    before.map_or((None, None), |h| (Some(h.dealer), h.channel));
                let back = Shipment { is_return: true, dealer, channel, ..shipment(event, one) };
                found.extend(back.dealer.is_some().then(|| back.clone()));
                last = Some(back);
            } else if event.kind == "ship"
                && !self.is_internal(event)
                && standing.iter().any(|kept| std::ptr::eq(kept.event, event))
            {
                let dealer = self.holder_after(event);
                let channel = dealer.as_ref().and_then(|dealer| self.channel_of(event, dealer));
                let order = self.order_of(event);
                let out = Shipment { dealer, channel, order, at, ..shipment(event, one) };
                let is_repeat = last.as_ref().is_some_and(|last| {
                    !last.is_return
                        && out.dealer.is_some()
                        && out.delivery.is_some()
                        && (&last.dealer, &last.delivery) == (&out.dealer, &out.delivery)
                });
                last = Some(out.clone());
                if !is_repeat {
                    found.push(out);
                }
            }
        }
        found
    }

    /// Custody before the movement at a place, whatever follows it.
    fn custody_before(&self, movements: &[Happening<'_>], place: usize) -> Option<Hold> {
        let earlier = &movements[..place];
        let end = earlier.last()?.event.at.expect("a movement has a time");
        self.fold(&in_force(earlier, end))
    }
}

fn shipment(event: &Event, one: &Happening<'_>) -> Shipment {
    Shipment {
        event_id: event.id.clone(),
        is_return: false,
        at: event.at.expect("a movement has a time"),
        dealer: None,
        channel: None,
        delivery: event.text("delivery_no").map(str::to_owned),
        order: None,
        is_inferred: one.depth > 0,
    }
}

/// A ship to a dealer, or a return from one.
#[derive(Debug, Clone)]
pub struct Shipment {
    /// The event.
    pub event_id: String,
    /// Whether it is a return.
    pub is_return: bool,
    /// When.
    pub at: Instant,
    /// To whom, or from whom.
    pub dealer: Option<String>,
    /// The channel.
    pub channel: Option<String>,
    /// The delivery.
    pub delivery: Option<String>,
    /// The order.
    pub order: Option<String>,
    /// Whether a container was scanned.
    pub is_inferred: bool,
}

/// The movements up to an instant without those that a `void_ship` cancelled by then.
pub fn in_force<'h, 'e>(movements: &'h [Happening<'e>], at: Instant) -> Vec<&'h Happening<'e>> {
    let mut kept: Vec<&Happening<'_>> = Vec::new();
    for one in movements.iter().filter(|one| one.event.at <= Some(at)) {
        if one.event.kind != "void_ship" {
            kept.push(one);
            continue;
        }
        let id = one.event.text("corrects_event_id");
        let delivery = one.event.text("delivery_no");
        let latest = |fits: &dyn Fn(&Event) -> bool| {
            kept.iter().rposition(|ship| ship.event.kind == "ship" && fits(ship.event))
        };
        let by_id = id.and_then(|id| latest(&|ship| ship.id == id));
        let by_delivery =
            delivery.and_then(|no| latest(&|ship| ship.text("delivery_no") == Some(no)));
        if let Some(cancelled) = by_id.or(by_delivery) {
            kept.remove(cancelled);
        }
    }
    kept
}
