//! What a made-up company is: rows of canonical tables, rules, and records of scans.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

/// One row of a canonical table; what it does not name is empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row(pub BTreeMap<String, String>);

impl Row {
    /// A cell; empty if there is none.
    pub fn get(&self, column: &str) -> &str {
        self.0.get(column).map_or("", String::as_str)
    }

    /// A cell that says something.
    pub fn text(&self, column: &str) -> Option<&str> {
        Some(self.get(column)).filter(|text| !text.is_empty())
    }
}

/// A company.
#[derive(Debug, Clone, Default)]
pub struct Company {
    /// The canonical tables.
    pub tables: BTreeMap<String, Vec<Row>>,
    /// Scan records, in the order of what happened.
    pub records: Vec<Value>,
    /// Neighbouring regions by dealer.
    pub buffer: BTreeMap<String, Vec<String>>,
    /// Regions with visitors, and the first and last day of them; none for the whole year.
    pub visitors: Vec<(String, Option<(NaiveDate, NaiveDate)>)>,
    /// Devices of the company's own people.
    pub staff_devices: Vec<String>,
    /// Codes printed for tests.
    pub test_codes: Vec<String>,
    /// Codes of damaged labels, besides all zeros.
    pub placeholders: Vec<String>,
}

impl Company {
    /// Adds a row.
    pub fn put(&mut self, table: &str, cells: &[(&str, &str)]) {
        let cells = cells.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        self.tables.entry(table.to_owned()).or_default().push(Row(cells.collect()));
    }

    /// The rows of a table.
    pub fn table(&self, name: &str) -> &[Row] {
        self.tables.get(name).map_or(&[], Vec::as_slice)
    }

    /// Both companies as one.
    pub fn join(&mut self, other: Self) {
        for (name, rows) in other.tables {
            self.tables.entry(name).or_default().extend(rows);
        }
        self.records.extend(other.records);
        self.buffer.extend(other.buffer);
        self.visitors.extend(other.visitors);
        self.staff_devices.extend(other.staff_devices);
        self.test_codes.extend(other.test_codes);
        self.placeholders.extend(other.placeholders);
        self.placeholders.sort();
        self.placeholders.dedup();
    }
}
