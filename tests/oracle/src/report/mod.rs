//! One report per file, each a plain function over the events.

pub mod book;
pub mod claims;
pub mod diversion;
pub mod dwell;
pub mod expected;
pub mod reconciliation;
pub mod sales;
pub mod sightings;
pub mod states;
pub mod summary;
pub mod suppliers;
pub mod uploads;

pub use book::Book;

use crate::compare::Cells;

/// A row of named cells.
pub fn row(cells: &[(&str, String)]) -> Cells {
    cells.iter().map(|(name, text)| ((*name).to_owned(), text.clone())).collect()
}

/// A cell that may be empty.
pub fn cell(text: Option<&str>) -> String {
    text.unwrap_or_default().to_owned()
}

/// An instant as reports write it: in the business zone.
pub fn instant(at: crate::law::clock::Instant) -> String {
    at.with_timezone(&chrono_tz::Asia::Shanghai).to_rfc3339()
}
