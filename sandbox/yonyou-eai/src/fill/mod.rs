//! The made-up company as EAI records: every document of the company is a row.

mod documents;
mod masters;

use serde_json::Value;
use yuanliu_company::Company;

use crate::data::{Dataset, Record};

impl Dataset {
    /// The records of a made-up company.
    #[must_use]
    pub fn from_company(company: &Company) -> Self {
        let mut data = Self::empty();
        masters::fill(&mut data, company);
        documents::fill(&mut data, company);
        data
    }
}

/// A row of texts; empty ones are left out when the row is sent.
fn row<const N: usize>(cells: [(&str, String); N]) -> Record {
    cells.into_iter().map(|(name, text)| (name.to_owned(), Value::String(text))).collect()
}
