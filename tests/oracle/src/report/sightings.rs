//! Sightings: every sell, verify, open_case and purchase_check with where it was, who had the unit, and
//! what the territory rules say.

use super::{Book, cell, instant, row};
use crate::compare::Cells;
use crate::law::clock::{self, Instant};
use crate::law::custody::Hold;
use crate::law::event::Event;
use crate::law::ledger::Ledger;
use crate::law::place::Place;

/// The columns that name a row.
pub const KEY: [&str; 4] = ["event_id", "code", "event_type", "sighted_at"];
/// The columns compared.
pub const COLUMNS: [&str; 9] = [
    "region_code",
    "region_level",
    "location_source",
    "dealer_code",
    "product_code",
    "channel",
    "custody_since",
    "verdict",
    "exempt_reason",
];

/// A sighting of one unit.
#[derive(Debug, Clone)]
pub struct Sighting {
    /// Which event of the ledger.
    pub event: usize,
    /// The unit.
    pub code: String,
    /// When.
    pub at: Instant,
    /// Where.
    pub place: Option<Place>,
    /// Who had it.
    pub hold: Option<Hold>,
    /// What it was.
    pub product: Option<String>,
    /// The territory verdict.
    pub verdict: &'static str,
    /// Why it is exempt.
    pub exempt: Option<&'static str>,
}

/// Every sighting.
pub fn all(book: &Book) -> Vec<Sighting> {
    let mut found = Vec::new();
    for (place, event) in book.ledger.events.iter().enumerate() {
        let is_sighting =
            ["sell", "verify", "open_case", "purchase_check"].contains(&event.kind.as_str());
        if !is_sighting || !event.is_live() {
            continue;
        }
        for code in &event.codes {
            found.push(sighting(book, place, event, code));
        }
    }
    found
}

fn sighting(book: &Book, number: usize, event: &Event, code: &str) -> Sighting {
    let ledger = &book.ledger;
    let at = event.at.expect("a sighting has a time");
    let place = ledger.place(event);
    let hold = ledger.custody_at(&book.movements(code), at);
    let product = book.unit(code).and_then(|unit| unit.product.clone());
    let product = product.or_else(|| event.text("product_code").map(str::to_owned));
    let (verdict, exempt) = match (&place, &hold) {
        (None, _) => ("unlocated", None),
        (_, None) => ("no_custody", None),
        (Some(place), Some(hold)) => {
            judge(ledger, event, at, code, place, hold, product.as_deref())
        }
    };
    let code = code.to_owned();
    Sighting { event: number, code, at, place, hold, product, verdict, exempt }
}

fn judge(
    ledger: &Ledger,
    event: &Event,
    at: Instant,
    code: &str,
    place: &Place,
    hold: &Hold,
    product: Option<&str>,
) -> (&'static str, Option<&'static str>) {
    let on = clock::day(hold.since);
    let category = product
        .and_then(|code| ledger.find("product", "product_code", code))
        .and_then(|row| row.text("category"));
    let fits = |rule: Option<&str>, fact: Option<&str>| rule.is_none() || rule == fact;
    let rules: Vec<&str> = ledger
        .find_all("territory", "dealer_code", &hold.dealer)
        .into_iter()
        .filter(|rule| fits(rule.text("product_code"), product))
        .filter(|rule| fits(rule.text("category"), category))
        .filter(|rule| fits(rule.text("channel"), hold.channel.as_deref()))
        .filter(|rule| clock::date(rule.get("valid_from")).is_none_or(|from| from <= on))
        .filter(|rule| clock::date(rule.get("valid_to")).is_none_or(|to| on <= to))
        .map(|rule| rule.get("region_code"))
        .collect();
    if rules.is_empty() {
        return ("no_territory", None);
    }
    let company = &ledger.company;
    let buffer = company.buffer.get(&hold.dealer).into_iter().flatten();
    let mut buffer = buffer.filter(|near| ledger.regions.covers(near, &place.region, on));
    let device = event.text("device_id").unwrap_or_default();
    let exempt = match () {
        () if hold.channel.as_deref() == Some("ecommerce") => Some("national_channel"),
        () if buffer.next().is_some() => Some("buffer_county"),
        () if company.staff_devices.iter().any(|one| one == device) => Some("staff_device"),
        () if company.test_codes.iter().any(|one| one == code) => Some("test_code"),
        () => None,
    };
    if exempt.is_some() {
        return ("exempt", exempt);
    }
    let province = |code: &str| ledger.regions.at_level(code, "province");
    let is_inside = rules.iter().any(|rule| match place.level.as_str() {
        "province" => province(rule) == province(&place.region),
        // A city is known and no county: it may lie in any of them, and a doubt never accuses.
        "city" => {
            ledger.regions.covers(rule, &place.region, on)
                || ledger.regions.covers(&place.region, rule, on)
        }
        _ => ledger.regions.covers(rule, &place.region, on),
    });
    if is_inside {
        return ("in_territory", None);
    }
    // Who checks a code may have brought it along; a sale or an opened case is stock.
    let today = clock::day(at);
    let is_visitor = event.kind == "verify"
        && company.visitors.iter().any(|(region, days)| {
            let is_there = ledger.regions.covers(region, &place.region, on)
                || ledger.regions.covers(&place.region, region, on);
            is_there && days.is_none_or(|(from, to)| from <= today && today <= to)
        });
    if is_visitor { ("exempt", Some("visitor_region")) } else { ("off_territory", None) }
}

/// The report.
pub fn rows(book: &Book) -> Vec<Cells> {
    let one = |sighting: &Sighting| {
        let event = &book.ledger.events[sighting.event];
        let place = sighting.place.as_ref();
        let hold = sighting.hold.as_ref();
        row(&[
            ("event_id", event.id.clone()),
            ("code", sighting.code.clone()),
            ("event_type", event.kind.clone()),
            ("sighted_at", instant(sighting.at)),
            ("region_code", cell(place.map(|place| place.region.as_str()))),
            ("region_level", cell(place.map(|place| place.level.as_str()))),
            ("location_source", cell(place.map(|place| place.source.as_str()))),
            ("dealer_code", cell(hold.map(|hold| hold.dealer.as_str()))),
            ("product_code", cell(sighting.product.as_deref())),
            ("channel", cell(hold.and_then(|hold| hold.channel.as_deref()))),
            ("custody_since", hold.map_or_else(String::new, |hold| instant(hold.since))),
            ("verdict", sighting.verdict.to_owned()),
            ("exempt_reason", cell(sighting.exempt)),
        ])
    };
    book.sightings.iter().map(one).collect()
}
