//! Regional sales at every grain and level: each fact with its day, place and dimensions, then summed.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Asia::Shanghai;

use super::claims::Claim;
use super::sightings::Sighting;
use super::summary::{money, parts};
use super::{Book, cell, row};
use crate::compare::Cells;
use crate::law::clock::{self, Instant};
use crate::law::unit::Unit;

/// The columns compared.
pub const COLUMNS: [&str; 7] = [
    "region_name",
    "ordered_qty",
    "ordered_amount",
    "shipped_qty",
    "returned_qty",
    "sold_qty",
    "channel_stock",
];

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// day, week, month or total.
    pub grain: &'a str,
    /// province, city or county.
    pub level: &'a str,
    /// Further dimensions.
    pub by: &'a [&'a str],
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

/// Region, dealer, product, channel.
type Place = [Option<String>; 4];

/// Ordered quantity and amount in ten-thousandths, shipped, returned, sold, stock.
type Sums = [i64; 6];

/// The sale of an item: its first accepted sell since it last came back, else its first verify since then.
pub fn sale<'a>(book: &'a Book, item: &Unit) -> Option<&'a Sighting> {
    let happened = book.ledger.happened_to(&item.code);
    let back = happened
        .iter()
        .filter(|one| one.event.kind == "return")
        .filter_map(|one| one.event.at)
        .max();
    let is_accepted = |seen: &Sighting| {
        let of = |claim: &&Claim| claim.event == seen.event && claim.code == seen.code;
        book.claims.iter().find(of).is_none_or(|claim| claim.verdict == "accepted")
    };
    let since: Vec<_> = book
        .sightings
        .iter()
        .filter(|seen| seen.code == item.code && back.is_none_or(|back| seen.at >= back))
        .collect();
    let first = |kind: &str| {
        let of = since.iter().filter(|seen| book.ledger.events[seen.event].kind == kind);
        let of = of.filter(|seen| kind != "sell" || is_accepted(seen));
        of.min_by_key(|seen| (seen.at, &book.ledger.events[seen.event].id)).copied()
    };
    first("sell").or_else(|| first("verify"))
}

/// The report.
pub fn rows(book: &Book, asked: &Question<'_>) -> Vec<Cells> {
    let mut sums: BTreeMap<(String, Place), Sums> = BTreeMap::new();
    let mut add = |period: String, place: &Place, measure: usize, amount: i64| {
        sums.entry((period, asked_of(book, asked, place))).or_default()[measure] += amount;
    };
    for (day, place, measure, amount) in facts(book) {
        if asked.from <= day && day <= asked.to {
            add(period(asked.grain, day), &place, measure, amount);
        }
    }
    for (period, last) in periods(asked) {
        for place in stock(book, last) {
            add(period.clone(), &place, 5, 1);
        }
    }
    let one = |((period, [region, dealer, product, channel]), sums): (&(String, Place), &Sums)| {
        let name = region.as_deref().and_then(|code| book.ledger.regions.get(code));
        row(&[
            ("period", period.clone()),
            ("region_code", cell(region.as_deref())),
            ("dealer_code", cell(dealer.as_deref())),
            ("product_code", cell(product.as_deref())),
            ("channel", cell(channel.as_deref())),
            ("region_name", cell(name.map(|region| region.name.as_str()))),
            ("ordered_qty", money(sums[0])),
            ("ordered_amount", money(sums[1])),
            ("shipped_qty", sums[2].to_string()),
            ("returned_qty", sums[3].to_string()),
            ("sold_qty", sums[4].to_string()),
            ("channel_stock", sums[5].to_string()),
        ])
    };
    sums.iter().filter(|(_, sums)| sums.iter().any(|sum| *sum != 0)).map(one).collect()
}

/// A place at the level asked for, with the dimensions asked for.
fn asked_of(book: &Book, asked: &Question<'_>, place: &Place) -> Place {
    let [region, dealer, product, channel] = place.clone();
    let if_asked = |name: &str, value| asked.by.contains(&name).then_some(value).flatten();
    [
        region.and_then(|code| book.ledger.regions.at_level(&code, asked.level)),
        if_asked("dealer_code", dealer),
        if_asked("product_code", product),
        if_asked("channel", channel),
    ]
}

fn period(grain: &str, day: NaiveDate) -> String {
    match grain {
        "day" => day.to_string(),
        "week" => clock::monday(day).to_string(),
        "month" => clock::month(day),
        _ => "total".to_owned(),
    }
}

/// Every period asked for with its last day.
fn periods(asked: &Question<'_>) -> BTreeMap<String, NaiveDate> {
    let mut periods = BTreeMap::new();
    let mut day = asked.from;
    while day <= asked.to {
        periods.insert(period(asked.grain, day), day);
        day = day.checked_add_days(Days::new(1)).expect("a next day");
    }
    periods
}

fn end_of(day: NaiveDate) -> Instant {
    let next = day.checked_add_days(Days::new(1)).expect("a next day").and_time(NaiveTime::MIN);
    let midnight = Shanghai.from_local_datetime(&next).single().expect("one midnight").to_utc();
    midnight - chrono::Duration::microseconds(1)
}

/// Where every item lies that a dealer has and has not sold at the end of a day.
fn stock(book: &Book, day: NaiveDate) -> Vec<Place> {
    let end = end_of(day).min(book.ledger.as_of);
    let mut found = Vec::new();
    for (item, sold) in &book.sales {
        if sold.is_some_and(|sold| book.sightings[sold].at <= end) {
            continue;
        }
        if let Some(hold) = book.ledger.custody_at(&book.movements(item), end) {
            let region = book.ledger.dealer_region(&hold.dealer);
            let product = book.units[item].product.clone();
            found.push([region, Some(hold.dealer), product, hold.channel]);
        }
    }
    found
}

/// Every fact but stock: day, place, which measure, how much.
fn facts(book: &Book) -> Vec<(NaiveDate, Place, usize, i64)> {
    let mut found = ordered(book);
    for (code, sold) in &book.sales {
        let product = book.units[code].product.clone();
        for moved in book.ledger.shipments(&book.movements(code)) {
            let region = moved.dealer.as_deref().and_then(|code| book.ledger.dealer_region(code));
            let measure = if moved.is_return { 3 } else { 2 };
            let place = [region, moved.dealer, product.clone(), moved.channel];
            found.push((clock::day(moved.at), place, measure, 1));
        }
        if let Some(seen) = sold.map(|sold| &book.sightings[sold]) {
            let region = seen.place.as_ref().map(|place| book.ledger.regions.now(&place.region));
            let hold = seen.hold.clone();
            let (dealer, channel) = hold.map_or((None, None), |h| (Some(h.dealer), h.channel));
            found.push((clock::day(seen.at), [region, dealer, product, channel], 4, 1));
        }
    }
    found
}

fn ordered(book: &Book) -> Vec<(NaiveDate, Place, usize, i64)> {
    let mut found = Vec::new();
    for order in book.ledger.company.table("sales_order") {
        if !["", "approved", "closed"].contains(&order.get("status")) {
            continue;
        }
        let day = clock::day(clock::read(order.get("ordered_at")).expect("orders have dates"));
        let regions = &book.ledger.regions;
        let given = order.text("ship_to_region").filter(|code| regions.level(code).is_some());
        let address = || order.text("ship_to_address").and_then(|text| regions.of_address(text));
        let region = given.map(str::to_owned).or_else(address).map(|code| regions.now(&code));
        let dealer = order.text("dealer_code").map(str::to_owned);
        let channel = book.ledger.find("dealer", "dealer_code", order.get("dealer_code"));
        let channel = channel.and_then(|row| row.text("channel")).map(str::to_owned);
        for line in book.ledger.find_all("sales_order_line", "order_no", order.get("order_no")) {
            let product = line.text("product_code").map(str::to_owned);
            let place = [region.clone(), dealer.clone(), product, channel.clone()];
            found.push((day, place.clone(), 0, parts(line.get("base_qty"))));
            found.push((day, place, 1, parts(line.get("amount"))));
        }
    }
    debug_assert!(found.iter().all(|fact| fact.0.year() == 2025));
    found
}
