//! Lists by page: newest first, and after the last one seen whatever was added meanwhile.

use serde::Serialize;

use crate::error::Cause;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    /// Its rows.
    pub items: Vec<T>,
    /// What asks for the next page; none after the last one.
    pub next_cursor: Option<String>,
}

/// Which page to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageRequest {
    /// The `next_cursor` of the page before, none for the first one.
    pub cursor: Option<String>,
    /// At most so many rows.
    pub rows_max: u32,
}

/// Sorts after every time and every id there is.
const AFTER_EVERYTHING: &str = "~";

impl PageRequest {
    /// The first page.
    pub fn first(rows_max: u32) -> Self {
        Self { cursor: None, rows_max }
    }

    /// The page after `cursor`.
    pub fn after(cursor: Option<String>, rows_max: u32) -> Self {
        Self { cursor, rows_max }
    }

    /// One row more than the page has: whether there is a next one.
    pub(crate) fn limit(&self) -> i64 {
        i64::from(self.rows_max) + 1
    }

    /// The id below which a list of ids in descending order goes on.
    pub(crate) fn below_id(&self) -> Result<i64, Cause> {
        match &self.cursor {
            None => Ok(i64::MAX),
            Some(cursor) => cursor.parse().map_err(|_| Cause::Cursor(cursor.clone())),
        }
    }

    /// The time and the id below which a list by time in descending order goes on.
    pub(crate) fn below_time_and_id(&self) -> Result<(String, String), Cause> {
        let Some(cursor) = &self.cursor else {
            return Ok((AFTER_EVERYTHING.to_owned(), AFTER_EVERYTHING.to_owned()));
        };
        let parts = cursor.split_once('_');
        let (time, id) = parts.ok_or_else(|| Cause::Cursor(cursor.clone()))?;
        Ok((time.to_owned(), id.to_owned()))
    }

    /// The page out of up to `limit` rows; `cursor` names a row.
    pub(crate) fn page<T>(&self, mut items: Vec<T>, cursor: impl Fn(&T) -> String) -> Page<T> {
        let rows_max = usize::try_from(self.rows_max).unwrap_or(usize::MAX);
        let has_more = items.len() > rows_max;
        items.truncate(rows_max);
        let next_cursor = items.last().filter(|_| has_more).map(cursor);
        Page { items, next_cursor }
    }
}
