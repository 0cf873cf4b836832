//! Promoters' claims, one check after the other.

use std::collections::BTreeMap;

use chrono::Duration;

use super::{Book, cell, instant, row};
use crate::compare::Cells;
use crate::law::clock::Instant;
use crate::law::containment::Happening;
use crate::law::earth::{Point, distance_m, from_gcj02};
use crate::law::event::Event;

/// The columns that name a row.
pub const KEY: [&str; 5] = ["event_id", "promoter_code", "store_code", "code", "claimed_at"];
/// The columns compared.
pub const COLUMNS: [&str; 4] = ["product_code", "verdict", "reason", "decided_by_event"];

/// A sell by a promoter.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Which event of the ledger.
    pub event: usize,
    /// The unit.
    pub code: String,
    /// When.
    pub at: Instant,
    /// Who claims.
    pub promoter: String,
    /// For which store.
    pub store: Option<String>,
    /// What it was.
    pub product: Option<String>,
    /// accepted, held, rejected or clawed_back.
    pub verdict: &'static str,
    /// Why.
    pub reason: &'static str,
    /// The event that decided.
    pub decided_by: Option<String>,
    /// When it came back.
    pub returned: Option<Instant>,
}

impl Claim {
    /// Whether it repeats a claim and does not count.
    pub fn is_retry(&self) -> bool {
        self.reason == "retry"
    }
}

struct Scan<'a> {
    number: usize,
    event: &'a Event,
    code: &'a str,
    at: Instant,
    /// The scan that it repeats.
    repeats: Option<usize>,
    /// The claim that begins the burst it belongs to.
    burst: Option<usize>,
}

/// Every claim.
pub fn all(book: &Book) -> Vec<Claim> {
    let mut scans: Vec<Scan<'_>> = Vec::new();
    for (number, event) in book.ledger.events.iter().enumerate() {
        if event.kind == "sell" && event.is_live() && event.text("promoter_code").is_some() {
            let at = event.at.expect("a live event has a time");
            let of = |code| Scan { number, event, code, at, repeats: None, burst: None };
            scans.extend(event.codes.iter().map(|code| of(code.as_str())));
        }
    }
    scans.sort_by_key(|scan| (scan.at, &scan.event.id, scan.code));
    for place in 0..scans.len() {
        scans[place].repeats = (0..place).find(|earlier| is_retry(&scans[*earlier], &scans[place]));
    }
    for place in 0..scans.len() {
        if scans[place].repeats.is_none() {
            scans[place].burst = burst(book, &scans, place);
        }
    }
    let mut claims: Vec<Claim> = Vec::new();
    let mut standing: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, scan) in scans.iter().enumerate() {
        let claim = match scan.repeats {
            Some(first) => Claim {
                verdict: claims[first].verdict,
                reason: "retry",
                decided_by: Some(scans[first].event.id.clone()),
                ..blank(book, scan)
            },
            None => {
                let earlier = standing.get(scan.code).into_iter().flatten();
                let earlier: Vec<&Claim> = earlier.map(|place| &claims[*place]).collect();
                judge(book, &scans, scan, &earlier)
            }
        };
        if scan.repeats.is_none() && ["accepted", "clawed_back"].contains(&claim.verdict) {
            standing.entry(scan.code).or_default().push(place);
        }
        claims.push(claim);
    }
    claims
}

/// Whether a scan repeats an earlier one: same unit, promoter and device, within a minute.
fn is_retry(earlier: &Scan<'_>, later: &Scan<'_>) -> bool {
    let who = |scan: &Scan<'_>| {
        let text = |name: &str| scan.event.text(name).map(str::to_owned);
        (scan.code.to_owned(), text("promoter_code"), text("device_id"))
    };
    earlier.repeats.is_none()
        && who(earlier) == who(later)
        && later.at - earlier.at <= Duration::seconds(60)
}

/// The last claim that begins a minute which holds more than six claims of the promoter and this one.
fn burst(book: &Book, scans: &[Scan<'_>], place: usize) -> Option<usize> {
    let claim = &scans[place];
    let order = claim.event.text("order_no");
    let order = order.and_then(|no| book.ledger.find("sales_order", "order_no", no));
    if order.is_some_and(|row| ["", "approved", "closed"].contains(&row.get("status"))) {
        return None;
    }
    let minute = Duration::seconds(60);
    let promoter = claim.event.text("promoter_code");
    let is_counted =
        |scan: &Scan<'_>| scan.repeats.is_none() && scan.event.text("promoter_code") == promoter;
    (0..=place).rev().filter(|start| is_counted(&scans[*start])).find(|start| {
        let from = scans[*start].at;
        let within =
            scans[*start..].iter().filter(|scan| is_counted(scan) && scan.at <= from + minute);
        claim.at <= from + minute && within.count() > 6
    })
}

fn blank(book: &Book, scan: &Scan<'_>) -> Claim {
    let promoter = scan.event.text("promoter_code").expect("a claim names a promoter");
    let works_at = book.ledger.find("promoter", "promoter_code", promoter);
    let store = scan.event.text("store_code").or(works_at.and_then(|row| row.text("store_code")));
    let product = book.unit(scan.code).and_then(|unit| unit.product.clone());
    Claim {
        event: scan.number,
        code: scan.code.to_owned(),
        at: scan.at,
        promoter: promoter.to_owned(),
        store: store.map(str::to_owned),
        product: product.or_else(|| scan.event.text("product_code").map(str::to_owned)),
        verdict: "accepted",
        reason: "",
        decided_by: None,
        returned: None,
    }
}

fn judge(book: &Book, scans: &[Scan<'_>], scan: &Scan<'_>, standing: &[&Claim]) -> Claim {
    let claim = blank(book, scan);
    let rejected = |reason, by: Option<String>| Claim {
        verdict: "rejected",
        reason,
        decided_by: by,
        ..claim.clone()
    };
    let held = |reason| Claim { verdict: "held", reason, decided_by: None, ..claim.clone() };
    let Some(unit) = book.unit(scan.code).filter(|unit| unit.is_commissioned) else {
        return rejected("unknown_code", None);
    };
    if unit.level.as_deref() != Some("item") {
        return rejected("not_item", None);
    }
    let happened = book.ledger.happened_to(scan.code);
    for (kind, reason) in [("decommission", "decommissioned"), ("recall", "recalled")] {
        let first = happened.iter().find(|one| one.event.kind == kind);
        if let Some(first) = first.filter(|one| one.event.at <= Some(scan.at)) {
            return rejected(reason, Some(first.event.id.clone()));
        }
    }
    let earlier = standing.iter().find(|one| one.returned.is_none_or(|back| back > scan.at));
    if let Some(earlier) = earlier {
        return rejected("already_claimed", Some(book.ledger.events[earlier.event].id.clone()));
    }
    let Some(hold) = book.ledger.custody_at(&book.movements(scan.code), scan.at) else {
        let is_over = scan.at + Duration::hours(72) <= book.ledger.as_of;
        return if is_over { rejected("not_shipped", None) } else { held("awaiting_shipment") };
    };
    let store = claim.store.as_deref().and_then(|no| book.ledger.find("store", "store_code", no));
    let promoter = book.ledger.find("promoter", "promoter_code", &claim.promoter);
    let serving = store.and_then(|row| row.text("dealer_code"));
    let serving = serving.or(promoter.and_then(|row| row.text("dealer_code")));
    if serving.is_some_and(|dealer| dealer != hold.dealer) {
        return rejected("wrong_dealer", Some(hold.begun_by));
    }
    match objection_to_place(scan.event, store.and_then(point_of)) {
        Some("out_of_store") => return rejected("out_of_store", None),
        Some(reason) => return held(reason),
        None => {}
    }
    if let Some(first) = scan.burst {
        return Claim { decided_by: Some(scans[first].event.id.clone()), ..held("burst") };
    }
    match returned_after(&happened, scan.at) {
        Some(back) => Claim {
            verdict: "clawed_back",
            reason: "returned",
            decided_by: Some(back.id.clone()),
            returned: back.at,
            ..claim
        },
        None => Claim { decided_by: Some(hold.begun_by), ..claim },
    }
}

fn returned_after<'a>(happened: &[Happening<'a>], at: Instant) -> Option<&'a Event> {
    let back = happened.iter().find(|one| one.event.kind == "return" && one.event.at > Some(at));
    back.map(|one| one.event)
}

fn point_of(store: &crate::company::Row) -> Option<Point> {
    let degrees = |name: &str| store.text(name).and_then(|text| text.parse().ok());
    Some(Point { longitude: degrees("longitude")?, latitude: degrees("latitude")? })
}

/// A position without an accuracy is taken for as inaccurate as one that may just locate a sighting.
fn objection_to_place(event: &Event, store: Option<Point>) -> Option<&'static str> {
    let given = (event.number("longitude"), event.number("latitude"));
    let (Some(longitude), Some(latitude), Some(store)) = (given.0, given.1, store) else {
        return Some("no_location");
    };
    if event.text("location_source") == Some("ip") || (longitude == 0.0 && latitude == 0.0) {
        return Some("no_location");
    }
    let mut there = Point { longitude, latitude };
    if event.text("datum") == Some("gcj02") {
        there = from_gcj02(there);
    }
    let distance = distance_m(there, store);
    let accuracy = event.number("accuracy_m");
    match () {
        () if distance - accuracy.unwrap_or(2000.0) > 500.0 => Some("out_of_store"),
        () if accuracy.is_none() && distance > 500.0 => Some("no_location"),
        () => None,
    }
}

/// The report.
pub fn rows(book: &Book) -> Vec<Cells> {
    let one = |claim: &Claim| {
        row(&[
            ("event_id", book.ledger.events[claim.event].id.clone()),
            ("promoter_code", claim.promoter.clone()),
            ("store_code", cell(claim.store.as_deref())),
            ("code", claim.code.clone()),
            ("claimed_at", instant(claim.at)),
            ("product_code", cell(claim.product.as_deref())),
            ("verdict", claim.verdict.to_owned()),
            ("reason", claim.reason.to_owned()),
            ("decided_by_event", cell(claim.decided_by.as_deref())),
        ])
    };
    book.claims.iter().map(one).collect()
}
