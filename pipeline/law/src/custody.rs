//! Who held a unit when, and on which shipment it travelled.

use crate::event_type::EventType;
use crate::moment::Moment;

/// An event that may move custody of one unit: on its own code, or on what contained it then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CustodyEvent<'a> {
    /// When.
    pub moment: Moment<'a>,
    /// Whether it was on a container of the unit instead of its own code.
    pub inferred: bool,
    /// The code that was scanned.
    pub via_code: Option<&'a str>,
    /// What happened; types that do not move custody are passed over.
    pub event_type: EventType,
    /// Who has the unit afterwards: for ship, transfer and receive.
    pub holder: Option<&'a str>,
    /// The channel it goes into.
    pub channel: Option<&'a str>,
    /// The delivery it belongs to; on `void_ship` the delivery whose ship is cancelled.
    pub delivery_no: Option<&'a str>,
    /// The order it belongs to.
    pub order_no: Option<&'a str>,
    /// On `void_ship`: the ship that is cancelled.
    pub corrects_event_id: Option<&'a str>,
}

/// `holder` had the unit at every time `t` with `from_us <= t < to_us`.
///
/// One custody is more than one row where its last ship changes; the later ones have `continues`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Custody<'a> {
    /// Who.
    pub holder: &'a str,
    /// When this row begins.
    pub from_us: i64,
    /// When it ends, if it does.
    pub to_us: Option<i64>,
    /// When the custody began: before `from_us` if it was resumed after a void or continues.
    pub since_us: i64,
    /// The channel of the hold that began it.
    pub channel: Option<&'a str>,
    /// The event that began it.
    pub start_event_id: &'a str,
    /// Whether that event was on a container.
    pub inferred: bool,
    /// The last ship in force: neither cancelled nor followed by a return or decommission.
    pub ship_event_id: Option<&'a str>,
    /// When that was.
    pub shipped_us: Option<i64>,
    /// The code that ship scanned.
    pub ship_via_code: Option<&'a str>,
    /// The delivery of that ship.
    pub delivery_no: Option<&'a str>,
    /// The order of that ship.
    pub order_no: Option<&'a str>,
    /// Whether the row before it is the same custody.
    pub continues: bool,
}

/// A ship or return of one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shipment<'a> {
    /// The event.
    pub event_id: &'a str,
    /// [`EventType::Ship`] or [`EventType::Return`].
    pub event_type: EventType,
    /// When.
    pub time_us: i64,
    /// To whom it was shipped, or from whom it was taken.
    pub holder: Option<&'a str>,
    /// The ship's channel, or the channel of the custody the return ended.
    pub channel: Option<&'a str>,
    /// The event's delivery.
    pub delivery_no: Option<&'a str>,
    /// The event's order.
    pub order_no: Option<&'a str>,
    /// Whether the event was on a container.
    pub inferred: bool,
    /// The code that was scanned.
    pub via_code: Option<&'a str>,
    /// Whether a later `void_ship` cancelled it; never true of a return.
    pub voided: bool,
}

/// The custody of one unit, in order and never overlapping.
///
/// Ship, transfer and receive set the holder, return and decommission clear it, and `void_ship`
/// makes custody from then on what it would be without the latest earlier ship in force that it
/// names, by id if it gives one that fits, else by delivery. Consecutive holds of one holder are
/// one custody. `events` is sorted.
pub fn custody<'a>(events: &mut [CustodyEvent<'a>]) -> Vec<Custody<'a>> {
    let mut rows = Rows::default();
    walk(events, |step| rows.change(step.held, step.event.moment.time_us));
    rows.finish()
}

/// Every ship and every return of one unit, in order. `events` is sorted.
pub fn shipments<'a>(events: &mut [CustodyEvent<'a>]) -> Vec<Shipment<'a>> {
    let mut found: Vec<Shipment<'a>> = Vec::new();
    let mut positions = Vec::new();
    walk(events, |step| {
        if let Some(cancelled) = step.cancels
            && let Ok(at) = positions.binary_search(&cancelled)
            && let Some(ship) = found.get_mut(at)
        {
            ship.voided = true;
        }
        let (holder, channel) = match step.event.event_type {
            EventType::Ship => (step.event.holder, step.event.channel),
            EventType::Return => {
                (step.before.map(|held| held.holder), step.before.and_then(|held| held.channel))
            }
            _ => return,
        };
        positions.push(step.position);
        found.push(shipment(step.event, holder, channel));
    });
    found
}

fn shipment<'a>(
    event: &CustodyEvent<'a>,
    holder: Option<&'a str>,
    channel: Option<&'a str>,
) -> Shipment<'a> {
    Shipment {
        event_id: event.moment.event_id,
        event_type: event.event_type,
        time_us: event.moment.time_us,
        holder,
        channel,
        delivery_no: event.delivery_no,
        order_no: event.order_no,
        inferred: event.inferred,
        via_code: event.via_code,
        voided: false,
    }
}

/// The state of custody after some event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Held<'a> {
    holder: &'a str,
    since_us: i64,
    channel: Option<&'a str>,
    start_event_id: &'a str,
    inferred: bool,
    ship: Option<LastShip<'a>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct LastShip<'a> {
    event_id: &'a str,
    time_us: i64,
    via_code: Option<&'a str>,
    delivery_no: Option<&'a str>,
    order_no: Option<&'a str>,
}

/// One event in force with the custody it leads to.
struct InForce<'a> {
    position: usize,
    event: CustodyEvent<'a>,
    held: Option<Held<'a>>,
}

/// What one event did.
struct Step<'s, 'a> {
    position: usize,
    event: &'s CustodyEvent<'a>,
    before: Option<Held<'a>>,
    held: Option<Held<'a>>,
    /// The position of the ship a void cancelled.
    cancels: Option<usize>,
}

/// Goes through the events in order and tells `observe` what each did.
///
/// A ship that names both a case and its item reaches the item twice; the scan of the item itself,
/// which sorts first, is the one that counts.
fn walk<'a>(events: &mut [CustodyEvent<'a>], mut observe: impl FnMut(Step<'_, 'a>)) {
    events.sort_unstable();
    let mut in_force: Vec<InForce<'a>> = Vec::new();
    let mut seen = None;
    for (position, event) in events.iter().enumerate() {
        if seen.replace(event.moment) == Some(event.moment) {
            continue;
        }
        let before = in_force.last().and_then(|last| last.held);
        let mut cancels = None;
        match event.event_type {
            EventType::VoidShip => {
                if let Some(at) = named_ship(&in_force, event) {
                    cancels = Some(in_force.remove(at).position);
                    refold(&mut in_force, at);
                }
            }
            EventType::Ship
            | EventType::Transfer
            | EventType::Receive
            | EventType::Return
            | EventType::Decommission => {
                in_force.push(InForce { position, event: *event, held: after(before, event) });
            }
            _ => continue,
        }
        let held = in_force.last().and_then(|last| last.held);
        observe(Step { position, event, before, held, cancels });
    }
}

fn named_ship(in_force: &[InForce<'_>], void: &CustodyEvent<'_>) -> Option<usize> {
    let latest = |fits: &dyn Fn(&CustodyEvent<'_>) -> bool| {
        in_force.iter().rposition(|one| one.event.event_type == EventType::Ship && fits(&one.event))
    };
    let by_id = |id: &str| latest(&|ship: &CustodyEvent<'_>| ship.moment.event_id == id);
    let by_delivery = |no: &str| latest(&|ship: &CustodyEvent<'_>| ship.delivery_no == Some(no));
    void.corrects_event_id.and_then(by_id).or_else(|| void.delivery_no.and_then(by_delivery))
}

/// Recomputes what the events from `at` on lead to, until nothing changes any more.
fn refold(in_force: &mut [InForce<'_>], at: usize) {
    let mut held = at.checked_sub(1).and_then(|before| in_force.get(before)?.held);
    for one in in_force.iter_mut().skip(at) {
        held = after(held, &one.event);
        if one.held == held {
            return;
        }
        one.held = held;
    }
}

/// The custody after `event` if it was `before` until then.
fn after<'a>(before: Option<Held<'a>>, event: &CustodyEvent<'a>) -> Option<Held<'a>> {
    if matches!(event.event_type, EventType::Return | EventType::Decommission) {
        return None;
    }
    let Some(holder) = event.holder else {
        return before;
    };
    let ship = match event.event_type {
        EventType::Ship => Some(LastShip {
            event_id: event.moment.event_id,
            time_us: event.moment.time_us,
            via_code: event.via_code,
            delivery_no: event.delivery_no,
            order_no: event.order_no,
        }),
        _ => before.and_then(|held| held.ship),
    };
    if let Some(held) = before.filter(|held| held.holder == holder) {
        return Some(Held { ship, ..held });
    }
    Some(Held {
        holder,
        since_us: event.moment.time_us,
        channel: event.channel,
        start_event_id: event.moment.event_id,
        inferred: event.inferred,
        ship,
    })
}

/// Collects states into rows; states of no length vanish.
#[derive(Default)]
struct Rows<'a> {
    closed: Vec<(Held<'a>, i64, i64)>,
    open: Option<(Held<'a>, i64)>,
}

impl<'a> Rows<'a> {
    fn change(&mut self, held: Option<Held<'a>>, at_us: i64) {
        if self.open.map(|(open, _)| open) == held {
            return;
        }
        if let Some((open, from_us)) = self.open.take().filter(|(_, from_us)| *from_us < at_us) {
            self.closed.push((open, from_us, at_us));
        }
        self.open = held.map(|held| {
            let resumed = self.closed.pop_if(|(last, _, to_us)| *last == held && *to_us == at_us);
            (held, resumed.map_or(at_us, |(_, from_us, _)| from_us))
        });
    }

    fn finish(self) -> Vec<Custody<'a>> {
        let closed = self.closed.into_iter().map(|(held, from, to)| (held, from, Some(to)));
        let open = self.open.into_iter().map(|(held, from)| (held, from, None));
        let mut last: Option<(Held<'a>, Option<i64>)> = None;
        closed
            .chain(open)
            .map(|(held, from_us, to_us)| {
                let continues = last.replace((held, to_us)).is_some_and(|(last, ended_us)| {
                    ended_us == Some(from_us)
                        && (last.holder, last.since_us, last.start_event_id)
                            == (held.holder, held.since_us, held.start_event_id)
                });
                row(held, from_us, to_us, continues)
            })
            .collect()
    }
}

fn row(held: Held<'_>, from_us: i64, to_us: Option<i64>, continues: bool) -> Custody<'_> {
    Custody {
        holder: held.holder,
        from_us,
        to_us,
        since_us: held.since_us,
        channel: held.channel,
        start_event_id: held.start_event_id,
        inferred: held.inferred,
        ship_event_id: held.ship.map(|ship| ship.event_id),
        shipped_us: held.ship.map(|ship| ship.time_us),
        ship_via_code: held.ship.and_then(|ship| ship.via_code),
        delivery_no: held.ship.and_then(|ship| ship.delivery_no),
        order_no: held.ship.and_then(|ship| ship.order_no),
        continues,
    }
}
