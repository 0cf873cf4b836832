//! The passes of one run: what is left of the last run's, a new window, the rows without a change.

use std::collections::VecDeque;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde_json::{Value, json};
use yuanliu_contract::ReadRange;

use crate::catalog::{Bounds, ID, Stream};
use crate::list::ListQuery;
use crate::position::{PassKind, Position, Progress};
use crate::wall_clock;

/// One pass over part of the stream, and how far it has come. Both ends belong to the window: the
/// platform compares whole seconds, inclusively.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pass {
    pub(crate) kind: PassKind,
    pub(crate) start: Option<DateTime<Utc>>,
    pub(crate) end: Option<DateTime<Utc>>,
    pub(crate) progress: Progress,
}

impl Pass {
    fn new(kind: PassKind, start: Option<DateTime<Utc>>, end: Option<DateTime<Utc>>) -> Self {
        Self { kind, start, end, progress: Progress::default() }
    }

    /// The query for the next page, and its index from 1.
    pub(crate) fn query<'a>(&self, stream: &'a Stream, page_rows: usize) -> (ListQuery<'a>, u64) {
        let index = self.progress.rows / (page_rows as u64).max(1) + 1;
        let mut query = ListQuery::all(stream, index, page_rows);
        let start = self.start.map(wall_clock::text);
        let end = self.end.map(wall_clock::text);
        match (&stream.bounds, stream.change.as_deref()) {
            (Some(Bounds::SimpleVos), Some(change)) => {
                query.conditions.extend(start.map(|time| condition(change, "egt", time)));
                query.conditions.extend(end.map(|time| condition(change, "elt", time)));
                if self.kind == PassKind::Null {
                    query.conditions.push(json!({ "field": change, "op": "is_null" }));
                }
            }
            (Some(Bounds::Named { from, to }), _) => {
                query.named.extend(start.map(|time| (from.clone(), time)));
                query.named.extend(to.clone().zip(end));
            }
            _ => {}
        }
        if let Some(id) = self.progress.from_id {
            query.conditions.push(condition(ID, "egt", id.to_string()));
        }
        (query, index)
    }
}

fn condition(field: &str, op: &str, value: String) -> Value {
    json!({ "field": field, "op": op, "value1": value })
}

/// Plans a run. `now` is the source's clock.
pub(crate) fn plan(
    stream: &Stream,
    range: &ReadRange,
    position: Option<&Position>,
    now: DateTime<Utc>,
) -> VecDeque<Pass> {
    let unfinished = |kinds: &[PassKind]| {
        let position = position.filter(|p| kinds.contains(&p.pass) && !p.progress.is_done)?;
        let (start, end) = (position.window_start, position.window_end);
        Some(Pass { kind: position.pass, start, end, progress: position.progress })
    };
    let lag = TimeDelta::from_std(range.safety_lag).unwrap_or(TimeDelta::MAX);
    let fence = now.checked_sub_signed(lag).unwrap_or(DateTime::UNIX_EPOCH).trunc_subsecs(0);
    let mut passes = VecDeque::new();
    if stream.change.is_none() || range.keys_only {
        passes.extend(unfinished(&[PassKind::Whole]).filter(|_| !range.keys_only));
        passes.push_back(Pass::new(PassKind::Whole, None, None));
    } else if range.changed_from.is_some() || range.changed_to.is_some() {
        let end = range.changed_to.map_or(fence, |to| last_second_before(to).min(fence));
        let pass = Pass::new(PassKind::Range, range.changed_from, Some(end));
        let left = unfinished(&[PassKind::Range]).filter(|left| {
            left.start == pass.start && (range.changed_to.is_none() || left.end == pass.end)
        });
        passes.push_back(left.unwrap_or(pass));
    } else {
        let mine = [PassKind::Window, PassKind::Null];
        passes.extend(unfinished(&mine));
        let look_back = TimeDelta::from_std(range.look_back).unwrap_or(TimeDelta::MAX);
        // Without a row read so far the window has no start.
        let newest = position.filter(|p| mine.contains(&p.pass)).and_then(|p| p.newest);
        let start = newest.and_then(|newest| newest.checked_sub_signed(look_back));
        passes.push_back(Pass::new(PassKind::Window, start, Some(fence)));
        if stream.bounds == Some(Bounds::SimpleVos) {
            passes.push_back(Pass::new(PassKind::Null, None, None));
        }
    }
    passes.retain(|pass| pass.start.zip(pass.end).is_none_or(|(start, end)| end >= start));
    passes
}

fn last_second_before(end: DateTime<Utc>) -> DateTime<Utc> {
    let whole = end.trunc_subsecs(0);
    if whole < end { whole } else { whole.checked_sub_signed(TimeDelta::seconds(1)).unwrap_or(end) }
}
