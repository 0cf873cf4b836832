//! `core.movement`, `core.custody`, `core.shipment`.

use std::collections::BTreeSet;

use yuanliu_law::EventType;

use super::{Model, order};
use crate::shown::{end, opt};
use crate::support::Told;

/// A row of `core.unit_movement`.
#[derive(Debug, Clone)]
pub(super) struct Movement<'m> {
    pub(super) told: &'m Told,
    pub(super) depth: u8,
    pub(super) via: String,
}

/// The case expression of `core.movement` over the small world.
fn holder(told: &Told) -> Option<&str> {
    use EventType::{Receive, Ship, Transfer};
    if !matches!(told.event_type, Ship | Receive | Transfer) {
        return None;
    }
    match told.text("to_party") {
        Some(dealer @ ("D1" | "D2" | "X")) => Some(dealer),
        Some("S1") => Some("D2"),
        Some("S2" | "W1") => None,
        Some(other) => Some(other),
        None if told.event_type == Ship => match (told.text("delivery_no"), order_no(told)) {
            (Some("N1"), _) => Some("D1"),
            (_, Some("O2")) => Some("D2"),
            _ => None,
        },
        None => (told.text("store_code") == Some("S1")).then_some("D2"),
    }
}

fn order_no(told: &Told) -> Option<&str> {
    let of_delivery = match told.text("delivery_no") {
        Some("N1") => Some("O1"),
        Some("N2") => Some("O2"),
        _ => None,
    };
    told.text("order_no").or(of_delivery)
}

fn channel(told: &Told) -> Option<&str> {
    let of_holder = match holder(told) {
        Some("D1") => Some("store"),
        Some("D2") => Some("online"),
        _ => None,
    };
    told.text("channel").or(of_holder)
}

pub(super) fn is_at_store(told: &Told) -> bool {
    let is_store = |name| matches!(told.text(name), Some("S1" | "S2"));
    is_store("to_party") || is_store("store_code")
}

/// What the movements up to some point amount to.
#[derive(Debug, Clone, PartialEq)]
struct Held<'m> {
    holder: &'m str,
    since: i64,
    channel: Option<&'m str>,
    start: &'m Movement<'m>,
    ship: Option<&'m Movement<'m>>,
}

impl PartialEq for Movement<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.told, other.told)
    }
}

/// The movements in force after those up to a place, and what they amount to.
fn fold<'m>(movements: &'m [Movement<'m>], voided: &mut Vec<usize>) -> Option<Held<'m>> {
    let mut in_force: Vec<usize> = Vec::new();
    for (at, one) in movements.iter().enumerate() {
        if at > 0 && movements[at - 1] == *one {
            continue;
        }
        if one.told.event_type != EventType::VoidShip {
            in_force.push(at);
            continue;
        }
        let ship = |fits: &dyn Fn(&Told) -> bool| {
            let mut ships = in_force.iter().rev().copied();
            ships.find(|at| {
                let told = movements[*at].told;
                told.event_type == EventType::Ship && fits(told)
            })
        };
        let by_id = one.told.text("corrects_event_id").and_then(|id| ship(&|told| told.id == id));
        let delivery = one.told.text("delivery_no");
        let by_delivery =
            || delivery.and_then(|no| ship(&|told| told.text("delivery_no") == Some(no)));
        if let Some(ship) = by_id.or_else(by_delivery) {
            in_force.retain(|at| *at != ship);
            voided.push(ship);
        }
    }
    let mut held: Option<Held<'m>> = None;
    for one in in_force.iter().map(|at| &movements[*at]) {
        held = match one.told.event_type {
            EventType::Return | EventType::Decommission => None,
            _ => match holder(one.told) {
                None => held,
                Some(holder) => {
                    let is_ship = one.told.event_type == EventType::Ship;
                    let before = held.as_ref().and_then(|held| held.ship);
                    let ship = if is_ship { Some(one) } else { before };
                    let same = held.filter(|held| held.holder == holder);
                    let new = Held {
                        holder,
                        since: one.told.time.unwrap(),
                        channel: channel(one.told),
                        start: one,
                        ship,
                    };
                    Some(same.map_or(new, |held| Held { ship, ..held }))
                }
            },
        };
    }
    held
}

pub(super) fn sorted(movements: &mut [Movement<'_>]) {
    movements.sort_by(|a, b| {
        (order(a.told), a.depth > 0, &a.via).cmp(&(order(b.told), b.depth > 0, &b.via))
    });
}

/// The rows of `core.custody`; `movements` are sorted.
pub(super) fn custody(movements: &[Movement<'_>]) -> Vec<String> {
    let times: BTreeSet<i64> = movements.iter().filter_map(|one| one.told.time).collect();
    let mut rows: Vec<(Held<'_>, i64, Option<i64>)> = Vec::new();
    for time in times {
        let until = movements.partition_point(|one| one.told.time <= Some(time));
        let held = fold(&movements[..until], &mut Vec::new());
        if let Some(open) = rows.last_mut().filter(|row| row.2.is_none()) {
            if Some(&open.0) == held.as_ref() {
                continue;
            }
            open.2 = Some(time);
        }
        rows.extend(held.map(|held| (held, time, None)));
    }
    let shown = |at: usize| {
        let (held, from, to) = &rows[at];
        let continues = at.checked_sub(1).map(|before| &rows[before]).is_some_and(|before| {
            let same =
                |held: &Held<'_>| (held.holder.to_owned(), held.since, held.start.told.id.clone());
            before.2 == Some(*from) && same(&before.0) == same(held)
        });
        let ship = held.ship;
        format!(
            "custody {} [{from},{}) since {} by {} channel {} ship {} via {} {} {}{}{}",
            held.holder,
            end(*to),
            held.since,
            held.start.told.id,
            opt(held.channel),
            ship.map_or("-", |ship| &ship.told.id),
            ship.map_or("-", |ship| &ship.via),
            opt(ship.and_then(|ship| ship.told.text("delivery_no"))),
            opt(ship.and_then(|ship| order_no(ship.told))),
            if held.start.depth > 0 { " inferred" } else { "" },
            if continues { " continues" } else { "" },
        )
    };
    (0..rows.len()).map(shown).collect()
}

/// A row of `core.shipment`.
pub(super) struct Shipment<'m> {
    pub(super) told: &'m Told,
    pub(super) is_voided: bool,
    pub(super) shown: String,
}

/// The rows of `core.shipment`; `movements` are sorted.
pub(super) fn shipments<'m>(movements: &'m [Movement<'m>]) -> Vec<Shipment<'m>> {
    let mut voided = Vec::new();
    fold(movements, &mut voided);
    let mut rows = Vec::new();
    for (at, one) in movements.iter().enumerate() {
        if at > 0 && movements[at - 1] == *one {
            continue;
        }
        let before = fold(&movements[..at], &mut Vec::new());
        let (dealer, channel) = match one.told.event_type {
            EventType::Ship if one.told.text("to_party") == Some("W1") => continue,
            EventType::Ship => (holder(one.told), channel(one.told)),
            EventType::Return => (
                before.as_ref().map(|held| held.holder),
                before.as_ref().and_then(|held| held.channel),
            ),
            _ => continue,
        };
        let is_voided = voided.contains(&at);
        let shown = format!(
            "shipment {} {} at {} {} {} {} {} via {}{}{}",
            one.told.event_type.as_str(),
            one.told.id,
            one.told.time.unwrap(),
            opt(dealer),
            opt(channel),
            opt(one.told.text("delivery_no")),
            opt(order_no(one.told)),
            one.via,
            if one.depth > 0 { " inferred" } else { "" },
            if is_voided { " voided" } else { "" },
        );
        rows.push(Shipment { told: one.told, is_voided, shown });
    }
    rows
}

impl Model {
    /// `core.unit_movement` of one unit, in order.
    pub(super) fn movements(&self, code: &str) -> Vec<Movement<'_>> {
        use EventType::{Decommission, Receive, Return, Ship, Transfer, VoidShip};
        let moving = self.event_codes.iter().filter(|row| {
            let told = self.told(row);
            let is_move = matches!(
                told.event_type,
                Ship | VoidShip | Receive | Transfer | Return | Decommission
            );
            let stays = told.event_type == VoidShip && told.text("corrects_event_id").is_some();
            is_move && told.time.is_some() && (!self.is_void(row) || stays)
        });
        let mut rows = Vec::new();
        for row in moving {
            let told = self.told(row);
            let row_at = |depth| Movement { told, depth, via: row.code.clone() };
            if row.code == code {
                rows.push(row_at(0));
            }
            let inside = self.ancestry.iter().filter(|a| {
                a.code == code
                    && a.ancestor == row.code
                    && Some(a.from) <= told.time
                    && a.to.is_none_or(|to| told.time < Some(to))
            });
            rows.extend(inside.map(|a| a.depth).min().map(row_at));
        }
        sorted(&mut rows);
        rows
    }
}
