//! What promoters claimed by month, and what it pays, in ten-thousandths of a yuan.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::claims::Claim;
use super::{Book, row};
use crate::compare::Cells;
use crate::law::clock;

/// The columns that name a row.
pub const KEY: [&str; 2] = ["period", "promoter_code"];
/// The columns compared.
pub const COLUMNS: [&str; 7] =
    ["claimed", "accepted", "held", "rejected", "clawed_back", "payable_amount", "clawback_amount"];

#[derive(Default)]
struct Sums {
    accepted: i64,
    held: i64,
    rejected: i64,
    clawed_back: i64,
    payable: i64,
    clawback: i64,
}

/// The report by month.
pub fn rows(book: &Book) -> Vec<Cells> {
    let mut sums: BTreeMap<(String, &str), Sums> = BTreeMap::new();
    for claim in book.claims.iter().filter(|claim| !claim.is_retry()) {
        let day = clock::day(claim.at);
        let rate = rate(book, claim, day);
        let here = sums.entry((clock::month(day), claim.promoter.as_str())).or_default();
        match claim.verdict {
            "held" => here.held += 1,
            "rejected" => here.rejected += 1,
            _ => {
                here.accepted += 1;
                here.payable += rate;
            }
        }
        if let Some(back) = claim.returned {
            let month = clock::month(clock::day(back));
            let there = sums.entry((month, claim.promoter.as_str())).or_default();
            there.clawed_back += 1;
            there.clawback += rate;
        }
    }
    let one = |((period, promoter), sums): (&(String, &str), &Sums)| {
        row(&[
            ("period", period.clone()),
            ("promoter_code", (*promoter).to_owned()),
            ("claimed", (sums.accepted + sums.held + sums.rejected).to_string()),
            ("accepted", sums.accepted.to_string()),
            ("held", sums.held.to_string()),
            ("rejected", sums.rejected.to_string()),
            ("clawed_back", sums.clawed_back.to_string()),
            ("payable_amount", money(sums.payable)),
            ("clawback_amount", money(sums.clawback)),
        ])
    };
    sums.iter().map(one).collect()
}

/// What an item of the claim's product pays on a day.
fn rate(book: &Book, claim: &Claim, day: NaiveDate) -> i64 {
    let product = claim.product.as_deref().unwrap_or_default();
    let rates = book.ledger.find_all("incentive_rate", "product_code", product);
    let mut valid = rates.into_iter().filter(|row| {
        clock::date(row.get("valid_from")).is_none_or(|from| from <= day)
            && clock::date(row.get("valid_to")).is_none_or(|to| day <= to)
    });
    valid.next().map_or(0, |row| parts(row.get("amount")))
}

/// A decimal of at most four places as ten-thousandths.
pub fn parts(text: &str) -> i64 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<4}").parse().expect("a decimal of four places")
}

/// Ten-thousandths as a decimal.
pub fn money(parts: i64) -> String {
    format!("{}.{:04}", parts / 10_000, parts % 10_000)
}
