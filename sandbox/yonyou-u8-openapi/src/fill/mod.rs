//! The made-up company as U8 resources: every document of the company is a row.

mod documents;
mod masters;

use serde_json::Value;
use yuanliu_company::Company;

use crate::data::{Dataset, Row};

impl Dataset {
    /// The resources of a made-up company.
    #[must_use]
    pub fn from_company(company: &Company) -> Self {
        let mut data = Self::empty();
        masters::fill(&mut data, company);
        documents::fill(&mut data, company);
        data
    }
}

/// A row of texts; empty ones are left out when the row is sent.
fn row<const N: usize>(cells: [(&str, String); N]) -> Row {
    cells.into_iter().map(|(name, text)| (name.to_owned(), Value::String(text))).collect()
}
