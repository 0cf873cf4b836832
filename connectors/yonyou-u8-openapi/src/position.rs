//! A position in a stream, as it is committed with the data.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use yuanliu_contract::{ConnectorError, Cursor, ErrorKind, Result};

/// The only form so far.
const VERSION: u32 = 1;

/// Which rows a pass reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PassKind {
    /// All rows.
    Whole,
    /// Rows that the filter of this place in the catalogue finds.
    Filter(usize),
    /// Rows within a range a person asked for; says nothing about the stream's position.
    Range,
}

/// A position: within a pass, after a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Position {
    v: u32,
    pub(crate) pass: PassKind,
    /// First day of the pass.
    pub(crate) begin: Option<NaiveDate>,
    /// Last day of the pass.
    pub(crate) end: Option<NaiveDate>,
    /// The page that was read, from 1.
    pub(crate) page: u64,
    /// Rows the pass had then: if it has fewer later, rows moved to earlier pages.
    pub(crate) rows: u64,
    /// Whether it was the last page of the pass.
    pub(crate) is_last: bool,
    /// The day up to which runs have covered all passes.
    pub(crate) since: NaiveDate,
}

impl Position {
    /// A position in the present form.
    pub(crate) fn new(
        pass: PassKind,
        days: (Option<NaiveDate>, Option<NaiveDate>),
        page: (u64, u64, bool),
        since: NaiveDate,
    ) -> Self {
        let ((begin, end), (page, rows, is_last)) = (days, page);
        Self { v: VERSION, pass, begin, end, page, rows, is_last, since }
    }

    /// Reads a committed position back.
    pub(crate) fn decode(cursor: &Cursor) -> Result<Self> {
        let position: Self = cursor.decode()?;
        if position.v != VERSION {
            let action = format!("reading the cursor {}", cursor.as_text());
            return Err(ConnectorError::new(ErrorKind::Config, action)
                .with_detail(format!("it has version {}, this program reads {VERSION}", position.v))
                .with_hint("run the stream once with --full to start from the beginning"));
        }
        Ok(position)
    }
}
