//! Suppliers' lots: what was made of them, and what was wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Book, row};
use crate::company::Row;
use crate::compare::Cells;
use crate::law::unit::Unit;

/// The columns that name a row.
pub const KEY: [&str; 3] = ["supplier_code", "material_code", "lot_no"];
/// The columns compared.
pub const COLUMNS: [&str; 5] =
    ["work_orders", "items", "failed_inspections", "returned", "complaints"];

/// The lots a work order is made of, through semi-finished batches.
fn lots_of<'a>(book: &'a Book, work_order: &'a str, depth: usize) -> Vec<&'a Row> {
    let mut found = Vec::new();
    for issue in book.ledger.find_all("material_issue", "work_order_no", work_order) {
        found.push(issue);
        for maker in book.ledger.find_all("work_order", "batch_no", issue.get("lot_no")) {
            if maker.get("product_code") == issue.get("material_code") && depth < 4 {
                found.extend(lots_of(book, maker.get("work_order_no"), depth + 1));
            }
        }
    }
    found
}

/// The report.
pub fn rows(book: &Book) -> Vec<Cells> {
    let mut users: BTreeMap<[String; 3], BTreeSet<&str>> = BTreeMap::new();
    for order in book.ledger.company.table("work_order") {
        let no = order.get("work_order_no");
        for lot in
            lots_of(book, no, 1).into_iter().filter(|lot| lot.text("supplier_code").is_some())
        {
            let key =
                ["supplier_code", "material_code", "lot_no"].map(|name| lot.get(name).to_owned());
            users.entry(key).or_default().insert(no);
        }
    }
    for one in
        book.ledger.company.table("inspection").iter().filter(|row| row.text("lot_no").is_some())
    {
        let (material, lot) = (one.get("subject").to_owned(), one.get("lot_no").to_owned());
        if !users.keys().any(|[_, m, l]| (m, l) == (&material, &lot)) {
            users.insert([String::new(), material, lot], BTreeSet::new());
        }
    }
    let complaints: BTreeSet<&str> = book
        .ledger
        .events
        .iter()
        .filter(|event| {
            !event.is_void && event.fields.get("complaint").is_some_and(|told| told == true)
        })
        .flat_map(|event| event.codes.iter().map(String::as_str))
        .collect();
    let one = |(key, users): (&[String; 3], &BTreeSet<&str>)| {
        let units: Vec<&Unit> = book
            .units
            .values()
            .filter(|unit| unit.is_commissioned)
            .filter(|unit| unit.work_order.as_deref().is_some_and(|no| users.contains(no)))
            .collect();
        let items: Vec<_> =
            units.iter().filter(|unit| unit.level.as_deref() == Some("item")).collect();
        let is_returned = |unit: &&&&Unit| {
            book.ledger.happened_to(&unit.code).iter().any(|one| one.event.kind == "return")
        };
        let inspections = book.ledger.find_all("inspection", "lot_no", &key[2]).into_iter();
        let failed =
            inspections.filter(|one| one.get("subject") == key[1] && one.get("result") == "fail");
        row(&[
            ("supplier_code", key[0].clone()),
            ("material_code", key[1].clone()),
            ("lot_no", key[2].clone()),
            ("work_orders", users.len().to_string()),
            ("items", items.len().to_string()),
            ("failed_inspections", failed.count().to_string()),
            ("returned", items.iter().filter(is_returned).count().to_string()),
            (
                "complaints",
                units.iter().filter(|u| complaints.contains(u.code.as_str())).count().to_string(),
            ),
        ])
    };
    users.iter().map(one).collect()
}
