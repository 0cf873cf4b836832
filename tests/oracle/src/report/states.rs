//! The one state each unit is in, as a recall tells it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Duration;

use super::Book;
use crate::law::containment::Happening;
use crate::law::custody::in_force;
use crate::law::unit::Unit;

/// A state, and whether no scan of the unit's own code says so.
pub fn state(book: &Book, unit: &Unit) -> (&'static str, bool) {
    if !unit.is_commissioned {
        return ("unknown", true);
    }
    let happened = book.ledger.happened_to(&unit.code);
    let movements = book.movements(&unit.code);
    let standing = in_force(&movements, book.ledger.as_of);
    let is_void = |one: &Happening<'_>| {
        one.event.kind == "ship" && !standing.iter().any(|kept| std::ptr::eq(kept.event, one.event))
    };
    if let Some(place) = happened.iter().position(|one| one.event.kind == "decommission") {
        let left = happened[..place].iter();
        let had_left =
            left.clone().any(|one| ["store_in", "ship"].contains(&one.event.kind.as_str()));
        let state = if had_left { "destroyed" } else { "line_reject" };
        return (state, is_inferred(&happened, &happened[place]));
    }
    if book.sales.get(&unit.code).is_some_and(Option::is_some) {
        return ("sold", false);
    }
    let last = |is: &dyn Fn(&Happening<'_>) -> bool| {
        happened.iter().rev().find(|one| is(one) && !is_void(one))
    };
    let kind = |name: &'static str| move |one: &Happening<'_>| one.event.kind == name;
    let is_outward = |one: &Happening<'_>| !book.ledger.is_internal(one.event);
    let bought = last(&kind("purchase_check"));
    let back = last(&kind("return"));
    let at = |one: Option<&Happening<'_>>| one.and_then(|one| one.event.at);
    if let Some(bought) = bought.filter(|_| at(bought) >= at(back)) {
        return ("sold", is_inferred(&happened, bought));
    }
    let shipped = last(&|one| one.event.kind == "ship" && is_outward(one));
    let reached =
        last(&|one| ["receive", "transfer"].contains(&one.event.kind.as_str()) && is_outward(one));
    if let Some(back) = back.filter(|_| at(back) >= at(shipped).max(at(reached))) {
        return ("returned", is_inferred(&happened, back));
    }
    let is_store = |code: Option<&str>| {
        code.is_some_and(|code| book.ledger.find("store", "store_code", code).is_some())
    };
    let at_store = last(&|one| {
        let (store, party) = (one.event.text("store_code"), one.event.text("to_party"));
        (one.event.kind == "receive" && is_outward(one) && (is_store(store) || is_store(party)))
            || (one.event.kind == "open_case" && store.is_some())
    });
    if let Some(store) = at_store.filter(|_| at(at_store) >= at(shipped)) {
        return ("in_store", is_inferred(&happened, store));
    }
    if let Some(dealer) = reached.filter(|_| at(reached) >= at(shipped)) {
        return ("dealer_stock", is_inferred(&happened, dealer));
    }
    match shipped {
        Some(ship) if at(shipped) < Some(book.ledger.as_of - Duration::days(15)) => {
            ("dealer_stock", is_inferred(&happened, ship))
        }
        Some(ship) => ("in_transit", is_inferred(&happened, ship)),
        None => ("in_factory", false),
    }
}

/// Whether only a container was scanned for it: no scan of the unit itself says the same at that time.
fn is_inferred(happened: &[Happening<'_>], one: &Happening<'_>) -> bool {
    !happened.iter().any(|other| {
        other.depth == 0 && (&other.event.kind, other.event.at) == (&one.event.kind, one.event.at)
    })
}

/// The states of the items that a batch reached: its own and those of work orders that used it as a lot.
pub fn of_batch(book: &Book, product: &str, batch: &str) -> BTreeMap<&'static str, (i64, i64)> {
    let mut orders: BTreeSet<String> = BTreeSet::new();
    let mut open = vec![(product.to_owned(), batch.to_owned())];
    while let Some((product, batch)) = open.pop() {
        let made = book.ledger.find_all("work_order", "batch_no", &batch).into_iter();
        let made = made.filter(|row| row.get("product_code") == product);
        orders.extend(made.map(|row| row.get("work_order_no").to_owned()));
        for issue in book.ledger.find_all("material_issue", "lot_no", &batch) {
            let user = issue.get("work_order_no");
            if issue.get("material_code") == product && orders.insert(user.to_owned()) {
                let row = book.ledger.find("work_order", "work_order_no", user).expect("an order");
                open.push((row.get("product_code").to_owned(), row.get("batch_no").to_owned()));
            }
        }
    }
    let mut states: BTreeMap<&'static str, (i64, i64)> = BTreeMap::new();
    for unit in book.units.values().filter(|unit| unit.level.as_deref() == Some("item")) {
        if unit.work_order.as_ref().is_some_and(|no| orders.contains(no)) {
            let (state, is_inferred) = state(book, unit);
            let counts = states.entry(state).or_default();
            if is_inferred { counts.1 += 1 } else { counts.0 += 1 }
        }
    }
    states
}
