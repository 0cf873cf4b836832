//! The passes of a run: what is left of an earlier run, then each filter of the stream.
//!
//! Filters have days only, so a pass starts at least a day before the day that earlier runs cover.
//! Every position says up to which day that is; it moves on with the last pass of a run, before
//! which all others are done.

use std::collections::VecDeque;
use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use yuanliu_contract::ReadRange;

use crate::catalog::{Filter, Stream};
use crate::position::{PassKind, Position};

/// Seconds of a day.
const DAY_S: u64 = 86_400;

/// One pass over part of a stream, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pass {
    pub(crate) kind: PassKind,
    pub(crate) begin: Option<NaiveDate>,
    pub(crate) end: Option<NaiveDate>,
    /// The page to ask for, from 1.
    pub(crate) page: u64,
    /// Rows the pass had when the page before was read.
    pub(crate) rows: u64,
    /// What its positions say about the days covered.
    pub(crate) since: NaiveDate,
}

impl Pass {
    fn new(
        kind: PassKind,
        begin: Option<NaiveDate>,
        end: Option<NaiveDate>,
        since: NaiveDate,
    ) -> Self {
        Self { kind, begin, end, page: 1, rows: 0, since }
    }

    /// The filter's parameters.
    pub(crate) fn parameters(&self, stream: &Stream) -> Vec<(String, String)> {
        let filter = match self.kind {
            PassKind::Whole => None,
            PassKind::Filter(at) => stream.filters.get(at),
            PassKind::Range => stream.filters.last(),
        };
        let Some(Filter { begin, end, .. }) = filter else { return Vec::new() };
        let first = self.begin.map(|day| (begin.clone(), day.to_string()));
        let last = self.end.map(|day| (end.clone(), day.to_string()));
        first.into_iter().chain(last).collect()
    }
}

/// When and where a run reads.
pub(crate) struct Occasion<'a> {
    pub(crate) now: DateTime<Utc>,
    pub(crate) zone: Tz,
    pub(crate) document_days: u64,
    pub(crate) range: &'a ReadRange,
}

/// The passes of a run that starts at `position`.
pub(crate) fn passes(
    stream: &Stream,
    position: Option<&Position>,
    occasion: &Occasion<'_>,
) -> VecDeque<Pass> {
    let day = |time: DateTime<Utc>| time.with_timezone(&occasion.zone).date_naive();
    let today = day(occasion.now);
    let range = occasion.range;
    let whole = Pass::new(PassKind::Whole, None, None, today);
    if range.keys_only {
        return VecDeque::from([whole]);
    }
    let (from, to) = (range.changed_from.map(day), range.changed_to.map(day));
    if (from.is_some() || to.is_some()) && !stream.filters.is_empty() {
        let since = position.map_or(today, |position| position.since);
        let pass = Pass::new(PassKind::Range, from, to, since);
        let left = position
            .and_then(unfinished)
            .filter(|left| (left.kind, left.begin, left.end) == (pass.kind, pass.begin, pass.end));
        return VecDeque::from([left.unwrap_or(pass)]);
    }
    let Some(position) = position else { return VecDeque::from([whole]) };
    let left = unfinished(position).filter(|left| left.kind != PassKind::Range);
    let mut passes: VecDeque<Pass> = left.into_iter().collect();
    if stream.filters.is_empty() {
        passes.push_back(whole);
        return passes;
    }
    for (at, filter) in stream.filters.iter().enumerate() {
        let is_last = at + 1 == stream.filters.len();
        let days =
            if filter.sliding { occasion.document_days } else { whole_days(range.look_back) };
        let begin = position.since.min(today).checked_sub_days(Days::new(days));
        let since = if is_last { today } else { position.since };
        passes.push_back(Pass::new(PassKind::Filter(at), begin, None, since));
    }
    passes
}

/// What is left of the pass a position stands in.
fn unfinished(position: &Position) -> Option<Pass> {
    (!position.is_last).then(|| Pass {
        kind: position.pass,
        begin: position.begin,
        end: position.end,
        page: position.page.saturating_add(1),
        rows: position.rows,
        since: position.since,
    })
}

/// A look-back as days, at least one: a day's filter says nothing about its hours.
fn whole_days(look_back: Duration) -> u64 {
    look_back.as_secs().div_ceil(DAY_S).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check(stream: &str, position: Option<Position>, range: ReadRange, wanted: &str) {
        let catalog = Catalog::with_extra_fields(&Default::default()).unwrap();
        let stream = catalog.streams.iter().find(|known| known.name == stream).unwrap();
        let occasion = Occasion {
            now: "2026-03-02T18:00:00Z".parse().unwrap(),
            zone: Tz::Asia__Shanghai,
            document_days: 31,
            range: &range,
        };
        let show = |pass: &Pass| {
            let filters: Vec<_> =
                pass.parameters(stream).into_iter().map(|(k, v)| format!("{k}={v}")).collect();
            format!("{} p{} until {}", filters.join("&"), pass.page, pass.since)
        };
        let found = passes(stream, position.as_ref(), &occasion);
        assert_eq!(found.iter().map(show).collect::<Vec<_>>().join("; "), wanted);
    }

    #[test]
    fn a_first_run_reads_all() {
        check("delivery", None, ReadRange::default(), " p1 until 2026-03-03");
        check("supplier", None, ReadRange::default(), " p1 until 2026-03-03");
    }

    #[test]
    fn a_later_run_reads_audited_then_recent_documents() {
        let done = Position::new(PassKind::Whole, (None, None), (7, 70, true), day("2026-03-01"));
        let wanted = "auditdate_begin=2026-02-28 p1 until 2026-03-01; \
                      date_begin=2026-01-29 p1 until 2026-03-03";
        check("delivery", Some(done.clone()), ReadRange::default(), wanted);
        let long = ReadRange { look_back: Duration::from_secs(DAY_S + 1), ..Default::default() };
        let wanted = "start_date_begin=2026-02-27 p1 until 2026-03-01; \
                      modifydate_begin=2026-02-27 p1 until 2026-03-03";
        check("product", Some(done.clone()), long, wanted);
        check("supplier", Some(done), ReadRange::default(), " p1 until 2026-03-03");
    }

    #[test]
    fn an_interrupted_run_is_finished_first() {
        let left = Position::new(PassKind::Whole, (None, None), (7, 70, false), day("2026-03-01"));
        let wanted = " p8 until 2026-03-01; date_begin=2026-01-29 p1 until 2026-03-03";
        check("sales_order", Some(left), ReadRange::default(), wanted);
    }

    #[test]
    fn a_range_leaves_the_position_alone() {
        let done = Position::new(PassKind::Whole, (None, None), (7, 70, true), day("2026-03-01"));
        let range = ReadRange {
            changed_from: "2026-01-01T00:00:00Z".parse().ok(),
            changed_to: "2026-01-31T15:00:00Z".parse().ok(),
            ..Default::default()
        };
        let wanted = "date_begin=2026-01-01&date_end=2026-01-31 p1 until 2026-03-01";
        check("sales_order", Some(done), range, wanted);
    }
}
