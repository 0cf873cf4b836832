//! Which events are new.

use std::ops::Range;

use super::columns::EventColumns;
use super::merge::{add_content, content_bytes};
use super::step::Step;
use crate::error::IndexError;
use crate::event::id_hash;
use crate::store::Space;

/// What the rows of a step are.
pub(super) struct Found {
    /// Rows whose events are new, in their order.
    pub(super) new: Vec<usize>,
    /// Rows whose events are in the index, or stand in an earlier row.
    pub(super) known: u64,
    /// Rows that are no event.
    pub(super) skipped: u64,
}

/// What is known of the ids of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ids {
    /// Nothing: the store is asked for each.
    Any,
    /// That they differ and that the store has none of them.
    New,
}

/// Tells new events from others and puts their ids into the step.
///
/// Ids are asked for in the order of their hashes: neighbours are found by way of the same parts of
/// the store, which are then at hand.
pub(super) fn new_events(
    step: &mut Step<'_>,
    columns: &EventColumns,
    rows: Range<usize>,
    ids: Ids,
) -> Result<Found, IndexError> {
    let count = rows.len();
    let told = rows.filter_map(|at| {
        let (event_id, content_hash, _) = columns.identity(at)?;
        Some((id_hash(event_id), content_bytes(content_hash), at))
    });
    let mut told: Vec<(u128, [u8; 8], usize)> = told.collect();
    told.sort_unstable();
    let mut new = Vec::with_capacity(told.len());
    let mut contents = Vec::new();
    for same_id in told.chunk_by(|a, b| a.0 == b.0) {
        let Some((id, ..)) = same_id.first() else {
            continue;
        };
        contents.clear();
        if ids == Ids::Any
            && let Some(stored) = step.stored(Space::Id, *id)?
        {
            contents.extend_from_slice(&stored);
        }
        let before = new.len();
        for (_, content, at) in same_id {
            if add_content(&mut contents, *content) {
                new.push(*at);
            }
        }
        if new.len() > before {
            step.put(Space::Id, &id.to_be_bytes(), &contents);
        }
    }
    new.sort_unstable();
    let known = (told.len() - new.len()) as u64;
    Ok(Found { new, known, skipped: (count - told.len()) as u64 })
}
