//! A position in a stream, as it is committed with the data.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use yuanliu_contract::{ConnectorError, Cursor, ErrorKind, Result};

/// The only form so far.
const VERSION: u32 = 1;

/// Which rows a pass reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PassKind {
    /// Rows changed within a window.
    Window,
    /// Rows without a change value.
    Null,
    /// All rows: of a list without a change filter, or when only keys are wanted.
    Whole,
    /// Rows changed within a range a person asked for; says nothing about the stream's position.
    Range,
}

/// How far a pass has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Progress {
    /// Rows of documents before this id have been read; the document itself may be read in part.
    pub(crate) from_id: Option<i64>,
    /// Rows read from there on.
    pub(crate) rows: u64,
    /// Rows there were from there on, if the list counts them.
    pub(crate) rows_in_all: Option<u64>,
    /// Nothing is left.
    pub(crate) is_done: bool,
}

/// A position: how far one pass has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Position {
    v: u32,
    pub(crate) pass: PassKind,
    pub(crate) window_start: Option<DateTime<Utc>>,
    pub(crate) window_end: Option<DateTime<Utc>>,
    pub(crate) progress: Progress,
    /// The greatest change value read so far; the next window starts a look-back before it.
    pub(crate) newest: Option<DateTime<Utc>>,
}

impl Position {
    /// A position in the present form.
    pub(crate) fn new(
        pass: PassKind,
        window: (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
        progress: Progress,
        newest: Option<DateTime<Utc>>,
    ) -> Self {
        let (window_start, window_end) = window;
        Self { v: VERSION, pass, window_start, window_end, progress, newest }
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
