//! Every report of the real hub against the oracle, over made-up companies.
//!
//! `YUANLIU_ORACLE_SEEDS=100` compares so many seeds, `YUANLIU_ORACLE_FROM=7` begins at that one.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where its ground is missing, and prints what it compared"
)]

use chrono::Utc;
use yuanliu_oracle::company::{self, Company};
use yuanliu_oracle::compare::{Cells, difference, text};
use yuanliu_oracle::hub::Hub;
use yuanliu_oracle::law::clock;
use yuanliu_oracle::report::sales::Question;
use yuanliu_oracle::report::{
    Book, claims, diversion, dwell, reconciliation, sales, sightings, states, summary, suppliers,
    uploads,
};

/// Companies that live in one hub, so that starting it costs little.
const COMPANIES_OF_A_HUB: u64 = 10;

/// Parts in which the scans of a hub come in.
const BATCHES: usize = 5;

/// Grain, level, dimensions, from, to.
type Asked = (&'static str, &'static str, &'static [&'static str], &'static str, &'static str);

const QUESTIONS: [Asked; 5] = [
    ("month", "county", &[], "2025-01-01", "2025-04-30"),
    ("total", "province", &["dealer_code", "product_code", "channel"], "2025-01-01", "2025-04-30"),
    ("week", "city", &["product_code"], "2025-02-12", "2025-03-20"),
    ("day", "county", &["dealer_code"], "2025-02-20", "2025-03-05"),
    ("month", "city", &["channel"], "2025-02-01", "2025-06-30"),
];

/// Batches that are recalled in each hub.
const RECALLS: usize = 3;
/// Items that are traced in each hub.
const TRACES: usize = 6;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn every_report_says_what_the_events_say() {
    let (from, count) = (number("YUANLIU_ORACLE_FROM", 1), number("YUANLIU_ORACLE_SEEDS", 4));
    let mut wrong = Vec::new();
    let mut first = from;
    while first < from + count {
        let seeds = first..(first + COMPANIES_OF_A_HUB).min(from + count);
        first = seeds.end;
        println!("seeds {seeds:?}");
        let mut company = Company::default();
        seeds.clone().for_each(|seed| company.join(company::generate(seed)));
        wrong.extend(compared(&company, seeds.start));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn compared(company: &Company, seed: u64) -> Vec<String> {
    let hub = Hub::new(company);
    hub.fill(company, seed, BATCHES);
    let mut wrong = as_they_stand(&hub, &Book::open(company, Utc::now()));
    wrong.extend(as_they_stood(&hub, company));
    wrong
}

/// Some of them as of an instant in the middle of what happened.
fn as_they_stood(hub: &Hub, company: &Company) -> Vec<String> {
    const THEN: &str = "2025-02-20T12:00:00+08:00";
    let book = Book::open(company, clock::read(THEN).expect("a time"));
    let mut wrong = Vec::new();
    let mut check = |arguments: &[&str], key: &[&str], columns: &[&str], ours: Vec<Cells>| {
        let arguments = [arguments, &["--as-of", THEN]].concat();
        let rows = hub.report(&arguments);
        println!("{}: {} rows", arguments.join(" "), rows.len());
        wrong.extend(difference(&arguments.join(" "), key, columns, &rows, &ours));
    };
    check(&["promoter-claims"], &claims::KEY, &claims::COLUMNS, claims::rows(&book));
    check(
        &["diversion-cases"],
        &diversion::CASE_KEY,
        &diversion::CASE_COLUMNS,
        diversion::case_rows(&book),
    );
    let asked = Question {
        from: day("2025-01-01"),
        to: day("2025-02-20"),
        grain: "month",
        level: "county",
        by: &["channel"],
    };
    let arguments = [
        "regional-sales",
        "--grain",
        "month",
        "--level",
        "county",
        "--by",
        "channel",
        "--from",
        "2025-01-01",
        "--to",
        "2025-02-20",
    ];
    check(
        &arguments,
        &["period", "region_code", "channel"],
        &sales::COLUMNS,
        sales::rows(&book, &asked),
    );
    wrong.extend(recalls(hub, &book, 2, &["--as-of", THEN]));
    wrong
}

fn as_they_stand(hub: &Hub, book: &Book) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut check = |arguments: &[&str], key: &[&str], columns: &[&str], ours: Vec<Cells>| {
        let hub = hub.report(arguments);
        println!("{}: {} rows", arguments.join(" "), hub.len());
        wrong.extend(difference(&arguments.join(" "), key, columns, &hub, &ours));
    };
    check(&["sightings"], &sightings::KEY, &sightings::COLUMNS, sightings::rows(book));
    check(
        &["diversion-cases"],
        &diversion::CASE_KEY,
        &diversion::CASE_COLUMNS,
        diversion::case_rows(book),
    );
    check(
        &["diversion-dealers"],
        &diversion::DEALER_KEY,
        &diversion::DEALER_COLUMNS,
        diversion::dealer_rows(book),
    );
    check(&["promoter-claims"], &claims::KEY, &claims::COLUMNS, claims::rows(book));
    check(
        &["promoter-summary", "--grain", "month"],
        &summary::KEY,
        &summary::COLUMNS,
        summary::rows(book),
    );
    check(&["dwell"], &dwell::KEY, &dwell::COLUMNS, dwell::rows(book));
    check(
        &["reconciliation"],
        &reconciliation::KEY,
        &reconciliation::COLUMNS,
        reconciliation::rows(book),
    );
    check(&["upload-quality"], &uploads::KEY, &uploads::COLUMNS, uploads::rows(book));
    check(&["supplier-quality"], &suppliers::KEY, &suppliers::COLUMNS, suppliers::rows(book));
    for asked in QUESTIONS {
        let asked = Question {
            from: day(asked.3),
            to: day(asked.4),
            grain: asked.0,
            level: asked.1,
            by: asked.2,
        };
        let (from, to, by) = (asked.from.to_string(), asked.to.to_string(), asked.by.join(","));
        let mut arguments = vec![
            "regional-sales",
            "--grain",
            asked.grain,
            "--level",
            asked.level,
            "--from",
            &from,
            "--to",
            &to,
        ];
        if !asked.by.is_empty() {
            arguments.extend(["--by", &by]);
        }
        let key = [&["period", "region_code"], asked.by].concat();
        check(&arguments, &key, &sales::COLUMNS, sales::rows(book, &asked));
    }
    wrong.extend(recalls(hub, book, RECALLS, &[]));
    wrong.extend(custodies(hub, book));
    wrong
}

/// The states of the items of some batches.
fn recalls(hub: &Hub, book: &Book, count: usize, further: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    for order in book.ledger.company.table("work_order").iter().take(count) {
        let (product, batch) = (order.get("product_code"), order.get("batch_no"));
        let ours = states::of_batch(book, product, batch);
        let asked = [&["recall", "--product", product, "--batch", batch], further].concat();
        for (state, split) in hub.ask(&asked)["states"].as_object().expect("states") {
            let counts = (split["verified"].as_i64(), split["inferred"].as_i64());
            let own = ours.get(state.as_str()).copied().unwrap_or_default();
            if counts != (Some(own.0), Some(own.1)) {
                wrong.push(format!("{}: {state}: hub {split}, ours {own:?}", asked.join(" ")));
            }
        }
    }
    wrong
}

/// Who has some items now, and since when, as a trace tells it.
fn custodies(hub: &Hub, book: &Book) -> Vec<String> {
    let mut wrong = Vec::new();
    let items: Vec<_> = book.items().collect();
    for item in items.iter().step_by(items.len().div_ceil(TRACES)) {
        let trace = hub.ask(&["trace", &item.code]);
        let rows = trace["custody"].as_array().expect("custody").iter();
        let hub: Vec<_> = rows
            .filter(|row| row["to"].is_null())
            .map(|row| (text(&row["dealer_code"]), clock::read(&text(&row["from"]))))
            .collect();
        let hold = book.ledger.custody_at(&book.movements(&item.code), book.ledger.as_of);
        let ours: Vec<_> =
            hold.iter().map(|hold| (hold.dealer.clone(), Some(hold.since))).collect();
        if hub != ours {
            wrong.push(format!("trace {}: custody: hub {hub:?}, ours {ours:?}", item.code));
        }
    }
    wrong
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().expect("a date")
}
