//! How long items took from one node to the next.

use std::collections::BTreeMap;

use super::{Book, cell, row};
use crate::compare::Cells;
use crate::law::clock::Instant;
use crate::law::custody::in_force;
use crate::law::event::TYPES;
use crate::law::unit::Unit;

/// The columns that name a row.
pub const KEY: [&str; 3] = ["from_node", "to_node", "product_code"];
/// The columns compared.
pub const COLUMNS: [&str; 4] = ["items", "p50_h", "p90_h", "max_h"];

/// The first time of every node that an item reached, in order of time.
fn nodes(book: &Book, item: &Unit) -> Vec<(Instant, usize, &'static str)> {
    let happened = book.ledger.happened_to(&item.code);
    let movements = book.movements(&item.code);
    let standing = in_force(&movements, book.ledger.as_of);
    let first = |node: &str| {
        let of = happened.iter().filter(|one| one.event.kind == node);
        of.filter(|one| match node {
            "sell" | "verify" => one.depth == 0,
            "ship" => standing.iter().any(|kept| std::ptr::eq(kept.event, one.event)),
            _ => true,
        })
        .filter_map(|one| one.event.at)
        .min()
    };
    let mut nodes: Vec<_> = ["store_in", "ship", "receive", "sell", "verify"]
        .iter()
        .filter_map(|node| Some((first(node)?, *node)))
        .chain(item.commissioned.map(|at| (at, "commission")))
        .map(|(at, node)| (at, TYPES.iter().position(|kind| *kind == node).unwrap_or(0), node))
        .collect();
    nodes.sort_unstable();
    nodes
}

/// The report.
pub fn rows(book: &Book) -> Vec<Cells> {
    let mut hours: BTreeMap<(&str, &str, Option<&str>), Vec<f64>> = BTreeMap::new();
    for item in book.units.values().filter(|unit| unit.level.as_deref() == Some("item")) {
        for pair in nodes(book, item).windows(2) {
            let key = (pair[0].2, pair[1].2, item.product.as_deref());
            let seconds = (pair[1].0 - pair[0].0).num_seconds();
            hours.entry(key).or_default().push(seconds as f64 / 3600.0);
        }
    }
    let one = |((from, to, product), hours): (&(&str, &str, Option<&str>), &mut Vec<f64>)| {
        hours.sort_by(f64::total_cmp);
        row(&[
            ("from_node", (*from).to_owned()),
            ("to_node", (*to).to_owned()),
            ("product_code", cell(*product)),
            ("items", hours.len().to_string()),
            ("p50_h", percentile(hours, 0.5).to_string()),
            ("p90_h", percentile(hours, 0.9).to_string()),
            ("max_h", hours[hours.len() - 1].to_string()),
        ])
    };
    hours.iter_mut().map(one).collect()
}

/// Between neighbouring values in proportion.
pub fn percentile(sorted: &[f64], share: f64) -> f64 {
    let place = (sorted.len() - 1) as f64 * share;
    let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    low + (high - low) * (place - place.floor())
}
