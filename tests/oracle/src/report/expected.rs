//! Units that should have been scanned, and those that were.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Book;
use crate::company::Row;
use crate::law::clock;

/// Expected and present by day and node.
pub type Expected = BTreeMap<(NaiveDate, &'static str), (i64, i64)>;

/// What is expected of commission, store_in and ship.
pub fn all(book: &Book) -> Expected {
    let mut found = Expected::new();
    for item in book.items() {
        let Some(at) = item.commissioned else { continue };
        let happened = book.ledger.happened_to(&item.code);
        let is_stored = happened.iter().any(|one| one.event.kind == "store_in");
        add(&mut found, clock::day(at), "store_in", 1, i64::from(is_stored));
    }
    receipts(book, &mut found);
    deliveries(book, &mut found);
    found
}

fn add(found: &mut Expected, day: NaiveDate, node: &'static str, expected: i64, present: i64) {
    let here = found.entry((day, node)).or_default();
    here.0 += expected;
    here.1 += present;
}

fn day_of(row: &Row, column: &str) -> NaiveDate {
    clock::day(clock::read(row.get(column)).expect("documents have dates"))
}

fn quantity(row: &Row) -> i64 {
    row.get("base_qty").parse().expect("whole units")
}

/// The items of a work order go to its receipts, earlier ones first.
fn receipts(book: &Book, found: &mut Expected) {
    for order in book.ledger.company.table("work_order") {
        let no = order.get("work_order_no");
        let mut left = book
            .items()
            .filter(|item| {
                item.work_order.as_deref() == Some(no)
                    && item.product.as_deref() == order.text("product_code")
            })
            .count() as i64;
        let mut receipts = book.ledger.find_all("product_receipt", "work_order_no", no);
        receipts.sort_by_key(|row| {
            (day_of(row, "received_at"), row.get("receipt_no"), row.get("line_no"))
        });
        for row in receipts {
            let present = left.min(quantity(row));
            left -= present;
            add(found, day_of(row, "received_at"), "commission", quantity(row), present);
        }
    }
}

/// Items count for the delivery their scan names, line by line; those that name only an order for what
/// is left open on its deliveries.
fn deliveries(book: &Book, found: &mut Expected) {
    let mut by_delivery: BTreeMap<(String, String), i64> = BTreeMap::new();
    let mut by_order: BTreeMap<(String, String), i64> = BTreeMap::new();
    let lines: Vec<&Row> =
        book.ledger.company.table("delivery_line").iter().filter(|row| quantity(row) > 0).collect();
    for item in book.items() {
        let product = item.product.clone().unwrap_or_default();
        for ship in book.ledger.shipments(&book.movements(&item.code)) {
            let is_issued = |no: &&String| lines.iter().any(|line| line.get("delivery_no") == **no);
            if ship.is_return {
                continue;
            }
            if let Some(no) = ship.delivery.as_ref().filter(is_issued) {
                *by_delivery.entry((no.clone(), product.clone())).or_default() += 1;
            } else if let Some(no) = ship.order {
                *by_order.entry((no, product.clone())).or_default() += 1;
            }
        }
    }
    let mut open: Vec<(NaiveDate, &Row, i64)> = lines
        .iter()
        .map(|line| {
            let delivery = book.ledger.find("delivery", "delivery_no", line.get("delivery_no"));
            (day_of(delivery.expect("lines have deliveries"), "shipped_at"), *line, quantity(line))
        })
        .collect();
    open.sort_by_key(|(day, line, _)| (*day, line.get("delivery_no"), line.get("line_no")));
    for (no, sums) in [("delivery_no", &mut by_delivery), ("order_no", &mut by_order)] {
        for (day, line, missing) in &mut open {
            let key = (line.get(no).to_owned(), line.get("product_code").to_owned());
            let Some(left) = sums.get_mut(&key) else { continue };
            let present = (*left).min(*missing);
            *left -= present;
            *missing -= present;
            add(found, *day, "ship", 0, present);
        }
    }
    for (day, line, _) in &open {
        add(found, *day, "ship", quantity(line), 0);
    }
}
