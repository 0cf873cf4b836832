//! How well devices upload: in time, accurately, completely.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::dwell::percentile;
use super::expected;
use super::{Book, row};
use crate::compare::Cells;
use crate::law::clock;
use crate::law::event::Event;

/// The columns that name a row.
pub const KEY: [&str; 3] = ["day", "node", "device_id"];
/// The columns compared.
pub const COLUMNS: [&str; 10] = [
    "events",
    "on_time",
    "timeliness",
    "accurate",
    "accuracy",
    "expected",
    "present",
    "completeness",
    "lag_p50_s",
    "lag_p95_s",
];

#[derive(Default)]
struct Sums {
    events: usize,
    on_time: usize,
    accurate: usize,
    lags: Vec<f64>,
}

/// The report.
pub fn rows(book: &Book) -> Vec<Cells> {
    let mut sums: BTreeMap<(NaiveDate, String, String), Sums> = BTreeMap::new();
    for event in book.ledger.events.iter().filter(|event| !event.is_void) {
        let day = clock::day(event.at.unwrap_or(event.recorded));
        let lag = event.at.map(|at| (event.recorded - at).num_seconds());
        let is_accurate = is_accurate(book, event);
        let device = event.text("device_id").unwrap_or_default().to_owned();
        // Everything stands in the row without a device, too.
        let devices: BTreeSet<String> = [String::new(), device].into();
        for device in devices {
            let here = sums.entry((day, event.kind.clone(), device)).or_default();
            here.events += 1;
            here.on_time += usize::from(lag.is_some_and(|lag| lag <= 3600));
            here.accurate += usize::from(is_accurate);
            here.lags.extend(lag.map(|lag| lag as f64));
        }
    }
    let expected = expected::all(book);
    for (day, node) in expected.keys() {
        sums.entry((*day, (*node).to_owned(), String::new())).or_default();
    }
    let one = |((day, node, device), sums): (&(NaiveDate, String, String), &mut Sums)| {
        sums.lags.sort_by(f64::total_cmp);
        let share = |part: f64, whole: f64| {
            if whole == 0.0 { String::new() } else { (part / whole).to_string() }
        };
        let lag = |at| {
            if sums.lags.is_empty() {
                String::new()
            } else {
                percentile(&sums.lags, at).to_string()
            }
        };
        let units = expected.get(&(*day, node.as_str())).filter(|_| device.is_empty());
        let count = |count: Option<i64>| count.map_or_else(String::new, |count| count.to_string());
        let events = sums.events as f64;
        row(&[
            ("day", day.to_string()),
            ("node", node.clone()),
            ("device_id", device.clone()),
            ("events", sums.events.to_string()),
            ("on_time", sums.on_time.to_string()),
            ("timeliness", share(sums.on_time as f64, events)),
            ("accurate", sums.accurate.to_string()),
            ("accuracy", share(sums.accurate as f64, events)),
            ("expected", count(units.map(|units| units.0))),
            ("present", count(units.map(|units| units.1))),
            ("completeness", units.map_or_else(String::new, |u| share(u.1 as f64, u.0 as f64))),
            ("lag_p50_s", lag(0.5)),
            ("lag_p95_s", lag(0.95)),
        ])
    };
    sums.iter_mut().map(one).collect()
}

/// Whether nothing is against any code of the event.
fn is_accurate(book: &Book, event: &Event) -> bool {
    event.at.is_some()
        && !event.has_placeholder
        && event.codes.iter().all(|code| is_legal(book, event, code) && agrees(book, event, code))
}

/// Whether the event is legal for the state its code was in.
fn is_legal(book: &Book, event: &Event, code: &str) -> bool {
    let at = event.at.expect("events without a time are not asked about");
    let Some(unit) = book.unit(code).filter(|unit| unit.is_commissioned) else { return false };
    let is_made = unit.commissioned.is_none_or(|made| made <= at);
    let before = || {
        let mut packs: Vec<&Event> = book.ledger.naming(code);
        packs.retain(|one| one.is_live() && ["pack", "unpack"].contains(&one.kind.as_str()));
        packs.retain(|one| one.moment() < event.moment());
        packs.sort_by_key(|one| one.moment());
        let mut inside: Option<&str> = None;
        for one in packs {
            let named = one.parent.as_deref().filter(|parent| !book.ledger.is_placeholder(parent));
            match one.kind.as_str() {
                "pack" if named.is_some() => inside = named,
                "unpack" if one.parent.is_none() || one.parent.as_deref() == inside => {
                    inside = None
                }
                _ => {}
            }
        }
        inside.map(str::to_owned)
    };
    match event.kind.as_str() {
        "commission" => {
            let commissions = book.ledger.naming(code).into_iter();
            let mut commissions =
                commissions.filter(|one| one.kind == "commission" && !one.is_void);
            !commissions
                .any(|one| (one.at.is_none(), one.at, &one.id) < (false, event.at, &event.id))
        }
        "pack" => {
            let readable = event.parent.as_deref().filter(|one| !book.ledger.is_placeholder(one));
            is_made && readable.is_some_and(|into| before().is_none_or(|inside| inside == into))
        }
        "unpack" => before().is_some() && (event.parent.is_none() || before() == event.parent),
        "store_in" | "store_move" | "ship" | "void_ship" | "receive" | "transfer" | "return"
        | "open_case" | "sell" | "purchase_check" => {
            let happened = book.ledger.happened_to(code);
            let ends = happened.iter().filter(|one| one.event.kind == "decommission");
            is_made && !ends.into_iter().any(|one| one.event.at < Some(at))
        }
        _ => true,
    }
}

/// Whether the event agrees with the documents it names.
fn agrees(book: &Book, event: &Event, code: &str) -> bool {
    let unit = book.unit(code);
    let products: BTreeSet<&str> =
        [event.text("product_code"), unit.and_then(|u| u.product.as_deref())]
            .into_iter()
            .flatten()
            .collect();
    if let Some(no) = event.text("work_order_no") {
        let Some(order) = book.ledger.find("work_order", "work_order_no", no) else { return false };
        let is_other =
            |said: Option<&str>, name: &str| said.is_some_and(|said| said != order.get(name));
        if products.iter().any(|product| is_other(Some(product), "product_code"))
            || is_other(event.text("batch_no"), "batch_no")
        {
            return false;
        }
    }
    let documents = [
        ("order_no", "sales_order", "sales_order_line"),
        ("delivery_no", "delivery", "delivery_line"),
    ];
    for (field, table, lines) in documents {
        let Some(no) = event.text(field) else { continue };
        let Some(document) = book.ledger.find(table, field, no) else { return false };
        let lines = book.ledger.find_all(lines, field, no);
        let lists = |product: &&str| lines.iter().any(|line| line.get("product_code") == *product);
        if !lines.is_empty() && !products.iter().all(lists) {
            return false;
        }
        let holder = book.ledger.holder_after(event);
        let holder = holder.filter(|_| ["ship", "receive"].contains(&event.kind.as_str()));
        if holder.is_some_and(|dealer| dealer != document.get("dealer_code")) {
            return false;
        }
    }
    true
}
