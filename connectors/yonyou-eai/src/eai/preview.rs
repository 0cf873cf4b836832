//! The first rows of a stream: of archives the first slice, of documents the newest window that has any.

use yuanliu_contract::{Preview, ReadRange, Result};

use super::passes::windows;
use super::query::ask;
use super::system::Shared;
use crate::catalog::Stream;
use crate::decode::{decode_payloads, payload};
use crate::row::rows;

/// Windows looked into: a year of monthly ones.
const WINDOWS_MAX: usize = 12;

/// Reads up to `rows_max` rows.
pub(crate) async fn preview(shared: &Shared, stream: &Stream, rows_max: usize) -> Result<Preview> {
    let raw = first_rows(shared, stream, rows_max).await?;
    let raw: Vec<String> = raw.iter().map(payload).collect();
    let rows = decode_payloads(stream, shared.plan.time_zone, &raw)?;
    Ok(Preview { raw, rows })
}

/// The first rows as they came.
pub(crate) async fn first_rows(
    shared: &Shared,
    stream: &Stream,
    rows_max: usize,
) -> Result<Vec<crate::row::Row>> {
    let all = ReadRange::default();
    let now = shared.client.now();
    let windows = windows(stream, &shared.plan, None, &all, now);
    let mut found = Vec::new();
    for window in windows.iter().rev().take(WINDOWS_MAX) {
        let conditions = window.conditions(stream, &shared.plan);
        for record in ask(&shared.client, &shared.sender, stream, &conditions).await? {
            found.extend(rows(&record, stream.lines));
        }
        if found.len() >= rows_max {
            break;
        }
    }
    found.truncate(rows_max);
    Ok(found)
}
