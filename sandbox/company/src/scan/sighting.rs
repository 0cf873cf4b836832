//! Where a check was made and how well that is known.

use chrono::NaiveDate;

use super::event::ScanEvent;
use super::life::Life;
use crate::Company;
use crate::dice::Dice;
use crate::place::{Level, Place};

/// About a hundred metres in degrees.
const HUNDRED_M: f64 = 0.001;

/// Adds location evidence to a check at `place`: mostly a fix, sometimes an address, an IP or
/// nothing.
pub(super) fn locate(dice: &mut Dice, event: &mut ScanEvent, place: &Place) {
    match dice.below(100) {
        0..60 => fix(dice, event, place, "gps", 15, 800),
        60..70 => fix(dice, event, place, "lbs", 300, 1_900),
        70..84 => {
            event.location_source = Some("address");
            event.address = Some(place.full_address());
        }
        84..92 => {
            // An IP resolves to the province at best.
            event.location_source = Some("ip");
            event.region_code = Some(place.region(Level::Province));
            event.ip = Some(format!("203.0.113.{}", dice.below(250) + 1));
        }
        92..96 => fix(dice, event, place, "gps", 3_000, 9_000),
        _ => event.ip = Some(format!("198.51.100.{}", dice.below(250) + 1)),
    }
}

/// Adds a fix around the county's label point.
pub(super) fn fix(
    dice: &mut Dice,
    event: &mut ScanEvent,
    place: &Place,
    source: &'static str,
    best_m: i64,
    worst_m: i64,
) {
    near(dice, event, place, 8);
    event.accuracy_m = Some(dice.between(best_m, worst_m) as f64);
    event.location_source = Some(source);
    event.region_code = Some(place.region_code.clone());
}

/// Sets coordinates within `hundreds` of metres of a place.
pub(super) fn near(dice: &mut Dice, event: &mut ScanEvent, place: &Place, hundreds: i64) {
    let mut offset = |at: f64| {
        let moved = at + dice.between(-10 * hundreds, 10 * hundreds) as f64 * HUNDRED_M / 10.0;
        (moved * 1e6).round() / 1e6
    };
    event.longitude = Some(offset(place.longitude));
    event.latitude = Some(offset(place.latitude));
    event.datum = Some("wgs84");
}

/// A place in the territory a dealer had for a product on a day.
pub(super) fn lawful<'a>(
    life: &mut Life<'a>,
    dealer: usize,
    product: usize,
    on: NaiveDate,
) -> Option<&'a Place> {
    let company: &'a Company = life.company;
    let regions = company.territory_on(dealer, product, on);
    let inside = |place: &&Place| regions.iter().any(|region| place.within(region));
    let inside: Vec<&Place> = company.places.iter().filter(inside).collect();
    life.dice.pick(&inside).copied()
}

/// A place far outside that territory: in none of its provinces.
pub(super) fn far<'a>(
    life: &mut Life<'a>,
    dealer: usize,
    product: usize,
    on: NaiveDate,
) -> Option<&'a Place> {
    let company: &'a Company = life.company;
    let regions = company.territory_on(dealer, product, on);
    let truth = &company.truth.destination_county;
    let outside = |place: &&Place| {
        let province = place.region_code.get(..2);
        place.region_code != *truth && regions.iter().all(|region| region.get(..2) != province)
    };
    let outside: Vec<&Place> = company.places.iter().filter(outside).collect();
    life.dice.pick(&outside).copied()
}
