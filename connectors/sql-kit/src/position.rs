//! A position in a stream, as it is committed with the data.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use yuanliu_contract::{ConnectorError, Cursor, ErrorKind, Result};

/// The only form so far.
const VERSION: u32 = 1;

/// Which rows a pass reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PassKind {
    /// All rows, by key.
    Load,
    /// Rows changed within a window, by change value and key.
    Window,
    /// Rows without a change value, by key.
    Null,
    /// Rows changed within a range a person asked for; says nothing about the stream's position.
    Range,
    /// The keys of all rows; says nothing about the stream's position.
    Keys,
}

impl PassKind {
    /// Whether its rows come in the order of change value and key.
    pub(crate) fn is_by_change(self) -> bool {
        matches!(self, Self::Window | Self::Range)
    }
}

/// How far one database was read. Marks are exact texts as the server renders them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The pass that is being read or was read last.
    pub pass: PassKind,
    /// The pass reads change values from here.
    pub low: Option<String>,
    /// The pass reads change values up to here.
    pub fence: Option<String>,
    /// The marks of the last row read.
    pub after: Vec<Option<String>>,
    /// The greatest time of change read so far; the next window starts a look-back before it.
    pub newest: Option<DateTime<Utc>>,
    /// Up to which version change tracking has told of deletions.
    pub deletions: Option<String>,
}

/// A position: one part for each database, under an empty name if there is only one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    v: u32,
    /// How far each database was read.
    pub databases: BTreeMap<String, Part>,
}

impl Position {
    /// Nothing read so far.
    pub fn start() -> Self {
        Self { v: VERSION, databases: BTreeMap::new() }
    }

    /// Reads a committed position back; `key` columns are what its marks must fit.
    pub fn decode(cursor: &Cursor, key: usize) -> Result<Self> {
        let position: Self = cursor.decode()?;
        let refuse = |detail: String| {
            let action = format!("reading the cursor {}", cursor.as_text());
            Err(ConnectorError::new(ErrorKind::Config, action)
                .with_detail(detail)
                .with_hint("run the stream once with --full to start from the beginning"))
        };
        if position.v != VERSION {
            return refuse(format!("it has version {}, this program reads {VERSION}", position.v));
        }
        for part in position.databases.values() {
            let wanted = key + usize::from(part.pass.is_by_change());
            if part.after.len() != wanted {
                return refuse(format!(
                    "it has {} marks, not {wanted}: the key has changed",
                    part.after.len()
                ));
            }
        }
        Ok(position)
    }
}
