//! Kingdee K/3 WISE: one account set, one database.

mod factory;
mod masters;
mod sales;
mod tables;

use chrono::NaiveDate;
use serde_json::{Value as Json, json};
use yuanliu_company::{Company, Status};

use super::day;
use crate::data::{Database, PutError};

/// The account set's database; the digits are when it was set up.
pub const K3_WISE_DATABASE: &str = "AIS20260101000000";

/// `t_Item.FItemClassID`
const CUSTOMER: i64 = 1;
const EMPLOYEE: i64 = 3;
const MATERIAL: i64 = 4;
const STOCK: i64 = 5;
const SUPPLIER: i64 = 8;

/// The user who audits; 0 is nobody.
const CHECKER: i64 = 16_394;
/// Branch number of a company without branches.
const BRANCH: &str = "0";

/// An account set without rows.
#[must_use]
pub fn empty_kingdee_k3_wise() -> Database {
    tables::define(Database::new(K3_WISE_DATABASE))
}

/// The company's masters and documents as K/3 WISE tables.
///
/// Texts are `varchar` of code page 936. Red bills stand with negative and, every other one, with
/// positive quantities. One production order stands for each of the company's order lines, since
/// ICMO has no lines. Two outbound bills more than the company's never took place: a draft and a
/// cancelled one.
pub fn kingdee_k3_wise(company: &Company) -> Result<Database, PutError> {
    let mut filler =
        Filler { db: empty_kingdee_k3_wise(), company, last_id: 1_000, ids: Ids::default() };
    masters::fill(&mut filler)?;
    factory::fill(&mut filler)?;
    sales::fill(&mut filler)?;
    Ok(filler.db)
}

/// Internal ids by position in the company's lists.
#[derive(Debug, Default)]
struct Ids {
    products: Vec<i64>,
    materials: Vec<i64>,
    dealers: Vec<i64>,
    suppliers: Vec<i64>,
    warehouses: Vec<i64>,
    /// Item, kilogram and the like by unit code.
    units: Vec<(String, i64)>,
    /// 箱 of each product.
    cases: Vec<i64>,
    workshops: Vec<(&'static str, i64)>,
    runs: Vec<i64>,
    orders: Vec<i64>,
}

struct Filler<'a> {
    db: Database,
    company: &'a Company,
    last_id: i64,
    ids: Ids,
}

impl Filler<'_> {
    fn next_id(&mut self) -> i64 {
        self.last_id += 1;
        self.last_id
    }

    fn put(&mut self, table: &str, row: &Json) -> Result<(), PutError> {
        self.db.put(table, row)
    }

    fn unit(&self, code: &str) -> i64 {
        self.ids.units.iter().find(|(known, _)| known == code).map_or(0, |(_, id)| *id)
    }
}

/// The columns by which a bill tells its state.
fn state(status: Status, on: NaiveDate) -> [(&'static str, Json); 4] {
    let (number, is_checked) = match status {
        Status::Draft => (0, false),
        Status::Approved => (1, true),
        Status::Closed => (3, true),
        Status::Cancelled => (0, false),
    };
    [
        ("FStatus", json!(number)),
        ("FCancellation", json!(status == Status::Cancelled)),
        ("FCheckerID", json!(if is_checked { CHECKER } else { 0 })),
        ("FCheckDate", if is_checked { json!(day(on)) } else { Json::Null }),
    ]
}

/// A row with a bill's state in it.
fn with_state(mut row: Json, status: Status, on: NaiveDate) -> Json {
    if let Json::Object(columns) = &mut row {
        columns.extend(state(status, on).map(|(name, value)| (name.to_owned(), value)));
    }
    row
}
