//! A position in a stream, as it is committed with the data.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use yuanliu_contract::{ConnectorError, Cursor, ErrorKind, Result};

/// The only form so far.
const VERSION: u32 = 1;

/// Which rows a window belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PassKind {
    /// All rows: windows of days, or slices of an archive.
    Whole,
    /// Rows whose column of this place in the catalogue's `passes` is recent.
    Recent(usize),
    /// Rows within a range a person asked for; says nothing about the stream's position.
    Range,
}

/// A position: within a window, after a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Position {
    v: u32,
    pub(crate) pass: PassKind,
    /// First day of the window.
    pub(crate) from: Option<NaiveDate>,
    /// The day after its last; none: open.
    pub(crate) to: Option<NaiveDate>,
    /// The slice of an archive, from 0.
    pub(crate) slice: usize,
    /// The id of the last document read.
    pub(crate) after: Option<i64>,
    /// Whether the window is read to its end.
    pub(crate) is_done: bool,
    /// The day up to which runs have covered all passes.
    pub(crate) since: NaiveDate,
}

impl Position {
    /// A position in the present form.
    pub(crate) fn new(window: &super::passes::Window, after: Option<i64>, is_done: bool) -> Self {
        let super::passes::Window { pass, from, to, slice, since, .. } = *window;
        Self { v: VERSION, pass, from, to, slice, after, is_done, since }
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
