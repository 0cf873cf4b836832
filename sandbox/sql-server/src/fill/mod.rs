//! Databases of the made-up company.
//!
//! Documents are the company's, one for one, with the traps of real installations among them: group
//! rows in masters, red bills, drafts, cancelled and closed documents, blanks for nothing, numbers that
//! refer to ids of other tables. No number in them comes from a clock: one company is one filling.

mod kingdee_k3_wise;
mod yonyou_u8;

use chrono::{NaiveDate, NaiveDateTime};

pub use self::kingdee_k3_wise::{K3_WISE_DATABASE, empty_kingdee_k3_wise, kingdee_k3_wise};
pub use self::yonyou_u8::{U8_DATABASES, empty_yonyou_u8, yonyou_u8};

use crate::data::TableDef;
use crate::values::SqlType;

/// Value added tax, per cent.
const TAX_PERCENT: i64 = 13;

/// Name and type of each column of a table.
type Columns = [(&'static str, SqlType)];

/// A table of schema `dbo`.
fn table(name: &str, columns: &Columns, key: &[&'static str]) -> TableDef {
    let def = TableDef::new("dbo", name);
    let def = columns.iter().fold(def, |def, (name, ty)| def.column(name, *ty));
    def.key(key.iter().copied())
}

/// Midnight, as the ERPs keep a document's day.
fn day(date: NaiveDate) -> String {
    format!("{date} 00:00:00")
}

fn time(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%d %H:%M:%S").to_string()
}

/// The id at a position; 0 when there is none, which both ERPs take for an empty reference.
fn at(ids: &[i64], position: usize) -> i64 {
    ids.get(position).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use yuanliu_company::Company;

    use super::*;

    #[test]
    fn k3_wise_has_every_document_of_the_company() {
        let company = Company::demo(7, 1);
        let db = kingdee_k3_wise(&company).unwrap();
        assert_eq!(db.row_count("ICMO"), company.runs.len());
        assert_eq!(db.row_count("SEOrder"), company.orders.len());
        let order_lines: usize = company.orders.iter().map(|order| order.lines.len()).sum();
        assert_eq!(db.row_count("SEOrderEntry"), order_lines);
        let bills = company.lots.len()
            + company.moves.len()
            + company.receipts.len()
            + company.deliveries.len()
            + 2;
        assert_eq!(db.row_count("ICStockBill"), bills);
        assert_eq!(db.row_count("t_Emp"), company.employees.len());
    }

    #[test]
    fn u8_has_every_document_of_the_company_in_one_of_its_years() {
        let company = Company::demo(7, 1);
        let years = yonyou_u8(&company).unwrap();
        let count = |table: &str| years.iter().map(|db| db.row_count(table)).sum::<usize>();
        assert_eq!(count("mom_orderdetail"), company.runs.len());
        assert_eq!(count("rdrecord11"), company.moves.len());
        assert_eq!(count("rdrecord10"), company.receipts.len());
        assert_eq!(count("rdrecord01"), company.lots.len());
        assert_eq!(count("rdrecord32"), company.deliveries.len() + 1);
        for db in &years {
            assert_eq!(db.row_count("Customer"), company.dealers.len());
            assert!(db.row_count("rdrecord32") > 0, "{} has no deliveries", db.name());
        }
        let turn = NaiveDate::from_ymd_opt(2026, 4, 1).unwrap();
        let carried = company.orders.iter().enumerate().filter(|(at, order)| {
            let late = |d: &yuanliu_company::Delivery| d.order == *at && d.at.date() >= turn;
            order.at.date() < turn && company.deliveries.iter().any(late)
        });
        assert_eq!(count("SO_SOMain"), company.orders.len() + carried.count());
    }
}
