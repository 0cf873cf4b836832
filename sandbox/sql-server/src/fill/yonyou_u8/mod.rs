//! Yonyou U8: one account set in two yearly databases.
//!
//! The fiscal year begins on the first of April, so that the company's half year lies in both:
//! what happened before is in `UFDATA_001_2025`, the rest in `UFDATA_001_2026`. A sales order that was
//! not delivered in full by then is carried over and stands in both, as it was in the old one.

mod factory;
mod masters;
mod sales;
mod tables;

use chrono::{Datelike as _, NaiveDate};
use serde_json::Value as Json;
use yuanliu_company::Company;

use crate::data::{Database, PutError};

/// The account set's databases, oldest first.
pub const U8_DATABASES: [&str; 2] = ["UFDATA_001_2025", "UFDATA_001_2026"];

/// Month in which the fiscal year begins.
const FISCAL_MONTH: u32 = 4;
/// Ids of documents are ten digits.
const ID_FIRST: i64 = 1_000_000_000;
/// Who audits and closes.
const USER: &str = "demo";

/// A yearly database without rows.
#[must_use]
pub fn empty_yonyou_u8(name: &str) -> Database {
    tables::define(Database::new(name))
}

/// The company's masters and documents as U8 tables.
///
/// Masters stand in both databases; those of the older one are out of date. U8 knows no cancelled
/// sales or production order: what the company cancelled was never audited there. Every other red
/// issue has positive quantities and only its flag says that it is one.
pub fn yonyou_u8(company: &Company) -> Result<[Database; 2], PutError> {
    let turn = turn_of_year(company);
    let mut years = U8_DATABASES.map(empty_yonyou_u8);
    for (year, db) in years.iter_mut().enumerate() {
        let mut filler = Filler { db, company, turn, year, last_id: ID_FIRST };
        masters::fill(&mut filler)?;
        factory::fill(&mut filler)?;
        sales::fill(&mut filler)?;
    }
    Ok(years)
}

/// The first day of the second database.
fn turn_of_year(company: &Company) -> NaiveDate {
    let year = company.start.year();
    let first = |year| NaiveDate::from_ymd_opt(year, FISCAL_MONTH, 1);
    let next = first(year).filter(|first| *first > company.start).or_else(|| first(year + 1));
    next.unwrap_or(company.end)
}

struct Filler<'a> {
    db: &'a mut Database,
    company: &'a Company,
    turn: NaiveDate,
    /// Position of the database among [`U8_DATABASES`].
    year: usize,
    last_id: i64,
}

impl Filler<'_> {
    fn next_id(&mut self) -> i64 {
        self.last_id += 1;
        self.last_id
    }

    fn put(&mut self, table: &str, row: &Json) -> Result<(), PutError> {
        self.db.put(table, row)
    }

    /// Whether a document of that day was made in this database.
    fn is_of_year(&self, on: NaiveDate) -> bool {
        (on < self.turn) == (self.year == 0)
    }
}

/// Id of what stands at a position of the company's list; the same in both databases.
fn id(position: usize) -> i64 {
    ID_FIRST + 1 + i64::try_from(position).unwrap_or_default()
}
