//! From the dealer's yard to the consumer, and the goods that went astray.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use super::event::ScanEvent;
use super::life::Life;
use super::sighting::{far, fix, lawful, locate, near};
use crate::model::{Order, Store};
use crate::plan::ECOMMERCE;

/// Off-territory checks of one dealer, product and month that may fall into one county by chance.
const TRAVELLERS_PER_COUNTY_MAX: u32 = 1;
/// Distinct phones that check diverted goods.
const DIVERTED_DEVICES: usize = 12;

/// Travellers so far by dealer, product, month and county.
pub(super) type Travellers = BTreeMap<(usize, usize, String, String), u32>;

/// Everything after the dealer took the goods.
pub(super) fn sold(life: &mut Life<'_>, travellers: &mut Travellers) {
    let Some((delivery, order)) = life.sale else { return };
    let arrived = delivery.at + TimeDelta::days(5);
    for case in 0..life.cases.len() {
        if case < life.pallet.diverted_cases as usize {
            diverted(life, case);
        } else if life.company.dealers.get(order.dealer).map(|d| d.channel) == Some(ECOMMERCE) {
            online(life, case, arrived);
        } else {
            distributed(life, order, case, arrived, travellers);
        }
    }
}

/// Opened and checked in the destination county.
fn diverted(life: &mut Life<'_>, case: usize) {
    let company = life.company;
    let Some(store) = company.stores.iter().find(|store| store.code == company.truth.store) else {
        return;
    };
    let Some(place) = company.places.get(store.place) else { return };
    let first = company.truth.month.and_time(chrono::NaiveTime::MIN);
    let opened = first + TimeDelta::hours(life.dice.between(24 * 2, 24 * 10));
    if life.dice.chance(500) {
        let event = ScanEvent {
            store_code: Some(store.code.clone()),
            device_id: Some("STORE-D1".to_owned()),
            ..ScanEvent::new("open_case", opened, vec![life.case_code(case)])
        };
        life.add(opened, event);
    }
    for item in life.cases.get(case).cloned().unwrap_or_default() {
        if life.dice.chance(550) {
            let at = opened + TimeDelta::hours(life.dice.between(3, 24 * 14));
            let device = life.dice.below(DIVERTED_DEVICES);
            let mut event = ScanEvent {
                device_id: Some(format!("PHONE-D{device:02}")),
                consumer_ref: Some(format!("u-d{device:02}")),
                ..ScanEvent::new("verify", at, vec![item])
            };
            fix(&mut life.dice, &mut event, place, "gps", 15, 600);
            life.add(at, event);
        }
    }
}

/// Bought online and checked anywhere in the country.
fn online(life: &mut Life<'_>, case: usize, arrived: NaiveDateTime) {
    for item in life.cases.get(case).cloned().unwrap_or_default() {
        if life.dice.chance(120) {
            let at = arrived + TimeDelta::hours(life.dice.between(1, 24 * 40));
            let place = life.dice.pick(&life.company.places);
            if let Some(place) = place {
                let event = checked(life, at, item);
                add_located(life, at, event, place);
            }
        }
    }
}

fn distributed(
    life: &mut Life<'_>,
    order: &Order,
    case: usize,
    arrived: NaiveDateTime,
    travellers: &mut Travellers,
) {
    let company = life.company;
    let (mut dealer, mut since) = (order.dealer, life.sale.map_or(arrived, |sale| sale.0.at));
    let mut ready = arrived + TimeDelta::hours(life.dice.between(1, 72));
    let below = company.dealers.iter().position(|below| below.parent == Some(dealer));
    if let Some(below) = below
        && life.position.is_multiple_of(3)
    {
        let code = |at: usize| company.dealers.get(at).map(|dealer| dealer.code.clone());
        let event = ScanEvent {
            from_party: code(dealer),
            to_party: code(below),
            device_id: code(dealer).map(|code| format!("PDA-{code}")),
            ..ScanEvent::new("transfer", ready, vec![life.case_code(case)])
        };
        life.add(ready, event);
        (dealer, since) = (below, ready);
        ready += TimeDelta::hours(6);
    }
    if life.dice.chance(12) {
        returned(life, dealer, case, ready + TimeDelta::days(20));
        return;
    }
    let at_store = life.dice.chance(500);
    if at_store {
        in_store(life, dealer, case, ready, since.date());
    }
    let product = life.run.product;
    for item in life.cases.get(case).cloned().unwrap_or_default() {
        if !life.dice.chance(140) {
            continue;
        }
        let at = ready + TimeDelta::hours(life.dice.between(24 * 8, 24 * 60));
        let on = since.date();
        let mut place = lawful(life, dealer, product, on);
        if life.dice.chance(35)
            && let Some(away) = far(life, dealer, product, on)
        {
            let month = at.format("%Y-%m").to_string();
            let key = (dealer, product, month, away.region_code.clone());
            let seen = travellers.entry(key).or_default();
            if *seen < TRAVELLERS_PER_COUNTY_MAX {
                *seen += 1;
                place = Some(away);
            }
        }
        if let Some(place) = place {
            let event = checked(life, at, item);
            add_located(life, at, event, place);
        }
    }
}

/// Received at a store, opened there, and sold by its promoters.
fn in_store(
    life: &mut Life<'_>,
    dealer: usize,
    case: usize,
    ready: NaiveDateTime,
    since: NaiveDate,
) {
    let company = life.company;
    // Goods go to stores in the territory they were bought for, also after it moved.
    let regions = company.territory_on(dealer, life.run.product, since);
    let lawful = |store: &Store| {
        let place = company.places.get(store.place);
        store.dealer == dealer
            && place.is_some_and(|place| regions.iter().any(|region| place.within(region)))
    };
    let served: Vec<usize> = (0..company.stores.len())
        .filter(|&at| company.stores.get(at).is_some_and(lawful))
        .collect();
    let Some(&at) = life.dice.pick(&served) else { return };
    let Some(store) = company.stores.get(at) else { return };
    let Some(place) = company.places.get(store.place) else { return };
    let received = ready + TimeDelta::hours(life.dice.between(4, 90));
    let code = company.dealers.get(dealer).map(|dealer| dealer.code.clone());
    let receive = ScanEvent {
        to_party: code,
        store_code: Some(store.code.clone()),
        device_id: Some(format!("STORE-{}", store.code)),
        ..ScanEvent::new("receive", received, vec![life.case_code(case)])
    };
    life.add(received, receive);
    if !life.dice.chance(650) {
        return;
    }
    let opened = received + TimeDelta::hours(life.dice.between(2, 200));
    let open = ScanEvent {
        store_code: Some(store.code.clone()),
        device_id: Some(format!("STORE-{}", store.code)),
        ..ScanEvent::new("open_case", opened, vec![life.case_code(case)])
    };
    life.add(opened, open);
    let staff: Vec<&str> =
        company.promoters.iter().filter(|p| p.store == at).map(|p| p.code.as_str()).collect();
    for item in life.cases.get(case).cloned().unwrap_or_default() {
        if !life.dice.chance(450) {
            continue;
        }
        let Some(&promoter) = life.dice.pick(&staff) else { return };
        let sold = opened + TimeDelta::minutes(life.dice.between(30, 60 * 24 * 25));
        let mut event = ScanEvent {
            store_code: Some(store.code.clone()),
            promoter_code: Some(promoter.to_owned()),
            device_id: Some(format!("PHONE-{promoter}")),
            accuracy_m: Some(30.0),
            location_source: Some("gps"),
            region_code: Some(place.region_code.clone()),
            ..ScanEvent::new("sell", sold, vec![item])
        };
        near(&mut life.dice, &mut event, place, 0);
        let id = life.add(sold, event.clone());
        // A slip of the finger: the sale is entered again and names what it corrects.
        if life.dice.chance(8) && id.is_some() {
            let again = sold + TimeDelta::minutes(3);
            event.event_time = super::event::instant(again);
            event.corrects_event_id = id;
            life.add(again, event);
        }
    }
}

fn returned(life: &mut Life<'_>, dealer: usize, case: usize, at: NaiveDateTime) {
    let company = life.company;
    let event = ScanEvent {
        from_party: company.dealers.get(dealer).map(|dealer| dealer.code.clone()),
        warehouse_code: company.warehouses.first().map(|warehouse| warehouse.code.clone()),
        device_id: Some("PDA-02".to_owned()),
        ..ScanEvent::new("return", at, vec![life.case_code(case)])
    };
    life.add(at, event);
}

fn checked(life: &mut Life<'_>, at: NaiveDateTime, item: String) -> ScanEvent {
    let device = life.dice.below(9_000_000);
    ScanEvent {
        device_id: Some(format!("PHONE-{device:07}")),
        consumer_ref: Some(format!("u{device:07}")),
        ..ScanEvent::new("verify", at, vec![item])
    }
}

fn add_located(
    life: &mut Life<'_>,
    at: NaiveDateTime,
    mut event: ScanEvent,
    place: &crate::place::Place,
) {
    locate(&mut life.dice, &mut event, place);
    life.add(at, event);
}
