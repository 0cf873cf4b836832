//! How far a table's file has been read.

use serde::{Deserialize, Serialize};
use yuanliu_contract::{ConnectorError, Cursor, ErrorKind, Result};

use crate::fingerprint::Stamp;

const VERSION: u32 = 1;

/// The file last read to its end, and how far the present one has been read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Position {
    v: u32,
    pub(crate) finished: Option<Stamp>,
    pub(crate) reading: Option<Reading>,
}

/// A file in the middle of being read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reading {
    /// Of the content; a file with another content is read from its beginning.
    pub(crate) hash: String,
    /// Rows delivered so far, rejected ones included.
    pub(crate) rows: u64,
}

impl Position {
    pub(crate) fn start() -> Self {
        Self { v: VERSION, finished: None, reading: None }
    }

    pub(crate) fn from_cursor(cursor: Option<&Cursor>) -> Result<Self> {
        let Some(cursor) = cursor else { return Ok(Self::start()) };
        let position: Self = cursor.decode()?;
        if position.v != VERSION {
            let action = format!("reading the cursor {}", cursor.as_text());
            return Err(ConnectorError::new(ErrorKind::Config, action)
                .with_detail(format!("it has version {}, known is {VERSION}", position.v))
                .with_hint("run the stream once with --full to start from the beginning"));
        }
        Ok(position)
    }

    /// The position behind the last row of a file.
    pub(crate) fn after(&self, stamp: Stamp) -> Self {
        Self { v: VERSION, finished: Some(stamp), reading: None }
    }

    /// Rows of a content that need not be delivered again.
    pub(crate) fn rows_done(&self, hash: &str) -> u64 {
        let reading = self.reading.as_ref().filter(|reading| reading.hash == hash);
        reading.map_or(0, |reading| reading.rows)
    }
}
