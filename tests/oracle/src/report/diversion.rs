//! Diversion: dealers' goods seen outside their territory, by destination and month.

use std::collections::{BTreeMap, BTreeSet};

use super::sightings::Sighting;
use super::{Book, cell, row};
use crate::compare::Cells;
use crate::law::clock;

/// The columns that name a case.
pub const CASE_KEY: [&str; 4] = ["dealer_code", "product_code", "destination_region", "month"];
/// The columns of a case that are compared.
pub const CASE_COLUMNS: [&str; 10] = [
    "located",
    "off_territory",
    "rate",
    "rate_lower",
    "packages",
    "shipments",
    "devices",
    "exempted",
    "grade",
    "alert",
];
/// The columns that name a dealer's row.
pub const DEALER_KEY: [&str; 2] = ["dealer_code", "month"];
/// Those of it that are compared.
pub const DEALER_COLUMNS: [&str; 6] =
    ["located", "off_territory", "rate", "rate_lower", "alerts", "destinations"];

/// A case.
#[derive(Debug)]
pub struct Case<'a> {
    /// Whose goods.
    pub dealer: String,
    /// Which goods.
    pub product: Option<String>,
    /// Where they were seen.
    pub destination: String,
    /// When.
    pub month: String,
    /// Sightings of the dealer's product in the month that are in or off territory.
    pub located: usize,
    /// Those that are off territory here.
    pub off: Vec<&'a Sighting>,
    /// Exempt ones here.
    pub exempted: usize,
}

impl Case<'_> {
    /// Whether it is an alert: three items, and a share that is surely above one in twenty.
    pub fn is_alert(&self) -> bool {
        self.off.len() >= 3 && wilson_lower(self.off.len(), self.located) > 0.05
    }
}

/// Every case.
pub fn cases(book: &Book) -> Vec<Case<'_>> {
    let facts = |seen: &Sighting| {
        let (hold, place) = (seen.hold.as_ref()?, seen.place.as_ref()?);
        let destination = book.ledger.regions.now(&place.region);
        let month = clock::month(clock::day(seen.at));
        Some((hold.dealer.clone(), seen.product.clone(), destination, month))
    };
    let off: Vec<_> =
        book.sightings.iter().filter(|seen| seen.verdict == "off_territory").collect();
    let keys: BTreeSet<_> = off.iter().filter_map(|seen| facts(seen)).collect();
    let one = |(dealer, product, destination, month): (String, Option<String>, String, String)| {
        let key = Some((dealer.clone(), product.clone(), destination.clone(), month.clone()));
        let is_of_month = |seen: &&Sighting| {
            facts(seen).is_some_and(|(d, p, _, m)| {
                (d, p, m) == (dealer.clone(), product.clone(), month.clone())
            })
        };
        let located = book.sightings.iter().filter(is_of_month);
        let located =
            located.filter(|s| s.verdict == "off_territory" || s.verdict == "in_territory");
        let exempt = book.sightings.iter().filter(|s| s.verdict == "exempt" && facts(s) == key);
        let here = off.iter().filter(|seen| facts(seen) == key).copied().collect();
        let (located, exempted) = (located.count(), exempt.count());
        Case { dealer, product, destination, month, located, off: here, exempted }
    };
    keys.into_iter().map(one).collect()
}

/// The lower end of Wilson's interval at 95 %.
pub fn wilson_lower(hits: usize, trials: usize) -> f64 {
    let (hits, trials) = (hits as f64, trials as f64);
    let z = 1.959_963_984_540_054_f64;
    let share = hits / trials;
    let middle = share + z * z / (2.0 * trials);
    let spread = z * (share * (1.0 - share) / trials + z * z / (4.0 * trials * trials)).sqrt();
    (middle - spread) / (1.0 + z * z / trials)
}

/// The cases' report.
pub fn case_rows(book: &Book) -> Vec<Cells> {
    let one = |case: &Case<'_>| {
        let count = |of: &dyn Fn(&Sighting) -> Option<String>| {
            let found: BTreeSet<_> = case.off.iter().filter_map(|seen| of(seen)).collect();
            found.len().to_string()
        };
        row(&[
            ("dealer_code", case.dealer.clone()),
            ("product_code", cell(case.product.as_deref())),
            ("destination_region", case.destination.clone()),
            ("month", case.month.clone()),
            ("located", case.located.to_string()),
            ("off_territory", case.off.len().to_string()),
            ("rate", (case.off.len() as f64 / case.located as f64).to_string()),
            ("rate_lower", wilson_lower(case.off.len(), case.located).to_string()),
            ("packages", count(&|seen| package(book, seen))),
            ("shipments", count(&shipment)),
            ("devices", count(&|seen| device(book, seen))),
            ("exempted", case.exempted.to_string()),
            ("grade", grade(book, case).to_owned()),
            ("alert", case.is_alert().to_string()),
        ])
    };
    cases(book).iter().map(one).collect()
}

fn device(book: &Book, seen: &Sighting) -> Option<String> {
    book.ledger.events[seen.event].text("device_id").map(str::to_owned)
}

/// The delivery of the last ship, else the ship.
fn shipment(seen: &Sighting) -> Option<String> {
    let ship = seen.hold.as_ref()?.ship.as_ref()?;
    Some(ship.delivery.clone().unwrap_or_else(|| ship.event_id.clone()))
}

/// The outermost container when it was shipped, else the unit.
fn package(book: &Book, seen: &Sighting) -> Option<String> {
    let ship = seen.hold.as_ref()?.ship.as_ref()?;
    let around = book.ledger.around_at(&seen.code, ship.at);
    Some(around.last().cloned().unwrap_or_else(|| seen.code.clone()))
}

/// The case an item was in when it was shipped.
fn case_of(book: &Book, seen: &Sighting) -> Option<String> {
    let ship = seen.hold.as_ref()?.ship.as_ref()?;
    let around = book.ledger.around_at(&seen.code, ship.at);
    let is_case =
        |code: &&String| book.unit(code).is_some_and(|unit| unit.level.as_deref() == Some("case"));
    around.iter().find(is_case).or(around.first()).cloned()
}

fn grade(book: &Book, case: &Case<'_>) -> &'static str {
    let is_inspected = |seen: &&Sighting| {
        let event = &book.ledger.events[seen.event];
        let store = event.text("store_code");
        let is_known =
            store.is_some_and(|code| book.ledger.find("store", "store_code", code).is_some());
        event.kind == "purchase_check" || (event.kind == "open_case" && is_known)
    };
    if case.off.iter().any(is_inspected) {
        return "A";
    }
    let is_item = |seen: &Sighting| {
        book.unit(&seen.code).is_some_and(|unit| unit.level.as_deref() == Some("item"))
    };
    let mut sources: BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
    for seen in case.off.iter().filter(|seen| is_item(seen)) {
        let of_case = case_of(book, seen).map(|code| format!("case {code}"));
        let of_shipment = shipment(seen).map(|no| format!("shipment {no}"));
        for source in of_case.into_iter().chain(of_shipment) {
            let (codes, devices) = sources.entry(source).or_default();
            codes.insert(seen.code.clone());
            devices.extend(device(book, seen));
        }
    }
    let is_cluster =
        sources.values().any(|(codes, devices)| codes.len() >= 3 && devices.len() >= 2);
    match () {
        () if is_cluster => "B",
        () if case.is_alert() => "C",
        () => "D",
    }
}

/// The dealers' report.
pub fn dealer_rows(book: &Book) -> Vec<Cells> {
    let cases = cases(book);
    let keys: BTreeSet<_> = cases.iter().map(|case| (&case.dealer, &case.month)).collect();
    let one = |(dealer, month): (&String, &String)| {
        let of: Vec<_> =
            cases.iter().filter(|case| (&case.dealer, &case.month) == (dealer, month)).collect();
        let is_of = |seen: &&Sighting| {
            seen.hold.as_ref().is_some_and(|hold| hold.dealer == *dealer)
                && clock::month(clock::day(seen.at)) == *month
                && ["in_territory", "off_territory"].contains(&seen.verdict)
        };
        let located = book.sightings.iter().filter(is_of).count();
        let off: usize = of.iter().map(|case| case.off.len()).sum();
        let destinations: BTreeSet<_> = of.iter().map(|case| &case.destination).collect();
        row(&[
            ("dealer_code", dealer.clone()),
            ("month", month.clone()),
            ("located", located.to_string()),
            ("off_territory", off.to_string()),
            ("rate", (off as f64 / located as f64).to_string()),
            ("rate_lower", wilson_lower(off, located).to_string()),
            ("alerts", of.iter().filter(|case| case.is_alert()).count().to_string()),
            ("destinations", destinations.len().to_string()),
        ])
    };
    keys.into_iter().map(one).collect()
}
