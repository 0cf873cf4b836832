//! Order lines against what was scanned on the order.

use std::collections::BTreeMap;

use super::summary::{money, parts};
use super::{Book, row};
use crate::company::Row;
use crate::compare::Cells;
use crate::law::custody::Shipment;

/// The columns that name a row.
pub const KEY: [&str; 4] = ["order_no", "line_no", "dealer_code", "product_code"];
/// The columns compared.
pub const COLUMNS: [&str; 4] = ["ordered_qty", "delivered_qty", "scanned_qty", "status"];

/// An item shipped by scan, once for each order; without an order once for each delivery, else dealer.
#[derive(Debug)]
struct Scanned {
    product: Option<String>,
    order: Option<String>,
    dealer: Option<String>,
}

fn scanned(book: &Book) -> Vec<Scanned> {
    let mut found = Vec::new();
    for item in book.items() {
        let mut last: BTreeMap<[Option<String>; 3], Shipment> = BTreeMap::new();
        for ship in book.ledger.shipments(&book.movements(&item.code)) {
            let (order, delivery, dealer) =
                (ship.order.clone(), ship.delivery.clone(), ship.dealer.clone());
            let key = match (&order, &delivery) {
                (Some(_), _) => [order, None, None],
                (None, Some(_)) => [None, delivery, None],
                (None, None) => [None, None, dealer],
            };
            if !ship.is_return {
                last.insert(key, ship);
            }
        }
        found.extend(last.into_values().map(|ship| Scanned {
            product: item.product.clone(),
            order: ship.order,
            dealer: ship.dealer,
        }));
    }
    found
}

/// The report.
pub fn rows(book: &Book) -> Vec<Cells> {
    let scanned = scanned(book);
    let mut rows = Vec::new();
    let mut put = |[order, line, dealer, product]: [&str; 4],
                   [ordered, delivered, items]: [i64; 3],
                   status: &str| {
        rows.push(row(&[
            ("order_no", order.to_owned()),
            ("line_no", line.to_owned()),
            ("dealer_code", dealer.to_owned()),
            ("product_code", product.to_owned()),
            ("ordered_qty", money(ordered)),
            ("delivered_qty", money(delivered)),
            ("scanned_qty", money(items * 10_000)),
            ("status", status.to_owned()),
        ]));
    };
    for order in book.ledger.company.table("sales_order") {
        let (no, dealer) = (order.get("order_no"), order.get("dealer_code"));
        let on_order: Vec<_> =
            scanned.iter().filter(|one| one.order.as_deref() == Some(no)).collect();
        let lines = book.ledger.find_all("sales_order_line", "order_no", no);
        // A cancelled order or draft is shown if something of it was delivered or scanned.
        let issues = book.ledger.find_all("delivery_line", "order_no", no);
        let is_shown = ["", "approved", "closed"].contains(&order.get("status"))
            || !on_order.is_empty()
            || issues.iter().any(|row| parts(row.get("base_qty")) > 0);
        if !is_shown {
            continue;
        }
        let delivered_to = |line: &Row| -> i64 {
            let of = issues.iter().filter(|row| row.get("order_line_no") == line.get("line_no"));
            of.map(|row| parts(row.get("base_qty"))).sum()
        };
        for line in &lines {
            let product = line.get("product_code");
            let of: Vec<_> =
                on_order.iter().filter(|one| one.product.as_deref() == Some(product)).collect();
            let delivered = delivered_to(line);
            let items = allotted(&lines, line, &delivered_to, of.len());
            let elsewhere = |one: &&&&Scanned| one.dealer.as_deref().is_some_and(|to| to != dealer);
            let status = match () {
                () if of.iter().filter(elsewhere).count() > 0 => "wrong_dealer",
                () if delivered == 0 && items == 0 => "open",
                () if items * 10_000 == delivered => "ok",
                () if items * 10_000 < delivered => "short",
                () => "over",
            };
            let name = [no, line.get("line_no"), dealer, product];
            put(name, [parts(line.get("base_qty")), delivered, items], status);
        }
        let mut lacking: BTreeMap<&str, i64> = BTreeMap::new();
        for one in &on_order {
            let product = one.product.as_deref().unwrap_or_default();
            if !lines.iter().any(|line| line.get("product_code") == product) {
                *lacking.entry(product).or_default() += 1;
            }
        }
        for (product, items) in lacking {
            put([no, "", dealer, product], [0, 0, items], "wrong_product");
        }
    }
    let mut nowhere: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for one in &scanned {
        let order = one.order.as_deref();
        if order.is_none_or(|no| book.ledger.find("sales_order", "order_no", no).is_none()) {
            let key = (one.dealer.as_deref(), one.product.as_deref());
            *nowhere.entry((key.0.unwrap_or_default(), key.1.unwrap_or_default())).or_default() +=
                1;
        }
    }
    for ((dealer, product), items) in nowhere {
        put(["", "", dealer, product], [0, 0, items], "not_in_erp");
    }
    rows
}

/// What a line gets of the items scanned of its product: in line order each line what was delivered on it, then
/// what was ordered on it; what is left the last one.
fn allotted(lines: &[&Row], line: &Row, delivered: &dyn Fn(&Row) -> i64, items: usize) -> i64 {
    let mut left = i64::try_from(items).expect("a few");
    let of: Vec<_> =
        lines.iter().filter(|one| one.get("product_code") == line.get("product_code")).collect();
    let mut taken = vec![0; of.len()];
    for wanted in [delivered, &|row: &Row| parts(row.get("base_qty"))] {
        for (place, row) in of.iter().enumerate() {
            let more = (wanted(row) / 10_000 - taken[place]).clamp(0, left);
            taken[place] += more;
            left -= more;
        }
    }
    *taken.last_mut().expect("the line itself") += left;
    let place = of.iter().position(|one| one.get("line_no") == line.get("line_no"));
    taken[place.expect("the line itself")]
}
