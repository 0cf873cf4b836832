//! The windows of a run, each one query (documents: one per page).
//!
//! A first run reads documents in windows of their day, archives whole or in configured slices. A
//! later run finishes what is left, then reads what each column of `passes` shows as recent. Columns
//! have days only, so a pass starts at least a day before the day that earlier runs cover; that day
//! moves on with the last pass of a run, before which all others are done.

use std::collections::VecDeque;
use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, Utc};
use yuanliu_contract::ReadRange;

use super::config::Plan;
use super::position::{PassKind, Position};
use super::query::Condition;
use crate::catalog::Stream;

/// Seconds of a day.
const DAY_S: u64 = 86_400;

/// One window, and how far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) pass: PassKind,
    pub(crate) from: Option<NaiveDate>,
    pub(crate) to: Option<NaiveDate>,
    pub(crate) slice: usize,
    pub(crate) after: Option<i64>,
    pub(crate) since: NaiveDate,
}

impl Window {
    /// The conditions of its next query.
    pub(crate) fn conditions(&self, stream: &Stream, plan: &Plan) -> Vec<Condition> {
        let mut conditions = Vec::new();
        let mut add = |column: Option<&String>, operation, value: Option<String>| {
            if let (Some(column), Some(value)) = (column, value) {
                conditions.push(Condition(column.clone(), operation, value));
            }
        };
        let column = match self.pass {
            PassKind::Recent(at) => stream.passes.get(at),
            PassKind::Whole => stream.day.as_ref(),
            PassKind::Range => stream.day.as_ref().or(stream.passes.last()),
        };
        add(column, ">=", self.from.map(|day| day.to_string()));
        add(column, "<", self.to.map(|day| day.to_string()));
        if self.pass == PassKind::Whole {
            let cuts = plan.key_ranges.get(&stream.name).map_or(&[][..], Vec::as_slice);
            let cut = |at: usize| cuts.get(at).map(|cut| cut.trim().to_owned());
            add(stream.code.as_ref(), ">=", self.slice.checked_sub(1).and_then(cut));
            add(stream.code.as_ref(), "<", cut(self.slice));
        }
        add(stream.number.as_ref(), ">", self.after.map(|id| id.to_string()));
        conditions
    }
}

/// The windows of a run that starts at `position`.
pub(crate) fn windows(
    stream: &Stream,
    plan: &Plan,
    position: Option<&Position>,
    range: &ReadRange,
    now: DateTime<Utc>,
) -> VecDeque<Window> {
    let day = |time: DateTime<Utc>| time.with_timezone(&plan.time_zone).date_naive();
    let today = day(now);
    let make = |pass, since| Window { pass, from: None, to: None, slice: 0, after: None, since };
    let whole = || cut(stream, plan, make(PassKind::Whole, today), today);
    if range.keys_only {
        return whole();
    }
    let (from, to) = (range.changed_from.map(day), range.changed_to.map(day));
    if (from.is_some() || to.is_some()) && !stream.passes.is_empty() {
        let since = position.map_or(today, |position| position.since);
        // A range ends within its last day, which is read whole.
        let to = to.and_then(|day| day.succ_opt());
        return cut(stream, plan, Window { from, to, ..make(PassKind::Range, since) }, today);
    }
    let Some(position) = position else { return whole() };
    let mut windows = left(stream, plan, position, today);
    if stream.passes.is_empty() {
        windows.extend(whole());
        return windows;
    }
    for (at, column) in stream.passes.iter().enumerate() {
        let is_day = stream.day.as_ref() == Some(column);
        let days = if is_day { plan.document_days } else { whole_days(range.look_back) };
        let from = position.since.min(today).checked_sub_days(Days::new(days));
        let is_last = at + 1 == stream.passes.len();
        let since = if is_last { today } else { position.since };
        let window = Window { from, ..make(PassKind::Recent(at), since) };
        match is_day {
            true => windows.extend(cut(stream, plan, window, today)),
            false => windows.push_back(window),
        }
    }
    windows
}

/// What is left of the pass a position stands in.
fn left(stream: &Stream, plan: &Plan, position: &Position, today: NaiveDate) -> VecDeque<Window> {
    let mut windows = VecDeque::new();
    if position.pass == PassKind::Range {
        return windows;
    }
    let window = Window {
        pass: position.pass,
        from: position.from,
        to: position.to,
        slice: position.slice,
        after: position.after,
        since: position.since,
    };
    if !position.is_done {
        windows.push_back(window);
    }
    // Windows of recent days are read again by this run.
    if position.pass == PassKind::Whole {
        if stream.day.is_none() {
            let slices = slices(stream, plan);
            windows.extend((position.slice + 1..slices).map(|slice| Window { slice, ..window }));
        } else if position.to.is_some() {
            let rest = Window { from: position.to, to: None, after: None, ..window };
            windows.extend(cut(stream, plan, rest, today));
        }
    }
    windows
}

/// Cuts a window of documents by days and one of an archive into its slices.
fn cut(stream: &Stream, plan: &Plan, window: Window, today: NaiveDate) -> VecDeque<Window> {
    let mut windows = VecDeque::new();
    if stream.day.is_none() {
        let slices = if window.pass == PassKind::Whole { slices(stream, plan) } else { 1 };
        windows.extend((0..slices).map(|slice| Window { slice, ..window }));
        return windows;
    }
    let end = window.to.unwrap_or(today);
    let mut from = window.from.unwrap_or(plan.start_date);
    while let Some(next) = from.checked_add_days(Days::new(plan.window_days)) {
        if next > end {
            break;
        }
        windows.push_back(Window { from: Some(from), to: Some(next), ..window });
        from = next;
    }
    // The last one is open: a document may be dated ahead.
    if window.to.is_none_or(|to| from < to) {
        windows.push_back(Window { from: Some(from), ..window });
    }
    windows
}

fn slices(stream: &Stream, plan: &Plan) -> usize {
    plan.key_ranges.get(&stream.name).map_or(0, Vec::len) + 1
}

/// A look-back as days, at least one: a day says nothing about its hours.
fn whole_days(look_back: Duration) -> u64 {
    look_back.as_secs().div_ceil(DAY_S).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[track_caller]
    fn check(stream: &str, position: Option<Position>, range: ReadRange, wanted: &str) {
        let catalog = Catalog::with_extra_fields(&Default::default()).unwrap();
        let stream = catalog.streams.iter().find(|known| known.name == stream).unwrap();
        let plan = Plan {
            time_zone: chrono_tz::Asia::Shanghai,
            start_date: "2026-01-01".parse().unwrap(),
            window_days: 31,
            document_days: 10,
            page_rows: 2,
            key_ranges: [("product".to_owned(), vec!["M".to_owned()])].into(),
        };
        let now = "2026-03-02T18:00:00Z".parse().unwrap();
        let show = |window: &Window| {
            let conditions = window.conditions(stream, &plan);
            let texts = conditions.iter().map(|Condition(c, o, v)| format!("{c}{o}{v}"));
            format!("[{} until {}]", texts.collect::<Vec<_>>().join(" "), window.since)
        };
        let found = windows(stream, &plan, position.as_ref(), &range, now);
        assert_eq!(found.iter().map(show).collect::<String>(), wanted);
    }

    fn position(pass: PassKind, from: &str, to: &str, after: i64, is_done: bool) -> Position {
        let window = Window {
            pass,
            from: from.parse().ok(),
            to: to.parse().ok(),
            slice: 0,
            after: None,
            since: "2026-03-01".parse().unwrap(),
        };
        Position::new(&window, Some(after), is_done)
    }

    #[test]
    fn a_first_run_reads_windows_or_slices() {
        let wanted = "[dDate>=2026-01-01 dDate<2026-02-01 until 2026-03-03]\
                      [dDate>=2026-02-01 until 2026-03-03]";
        check("delivery", None, ReadRange::default(), wanted);
        let wanted = "[cInvCode<M until 2026-03-03][cInvCode>=M until 2026-03-03]";
        check("product", None, ReadRange::default(), wanted);
        check("employee", None, ReadRange::default(), "[ until 2026-03-03]");
    }

    #[test]
    fn a_later_run_reads_what_is_recent() {
        let done = position(PassKind::Whole, "2026-02-01", "", 7, true);
        let wanted = "[dModifyDate>=2026-02-28 until 2026-03-01]\
                      [dVeriDate>=2026-02-28 until 2026-03-01]\
                      [dDate>=2026-02-19 until 2026-03-03]";
        check("delivery", Some(done), ReadRange::default(), wanted);
    }

    #[test]
    fn an_interrupted_run_is_finished_first() {
        let left = position(PassKind::Whole, "2026-01-01", "2026-02-01", 7, false);
        let wanted = "[dDate>=2026-01-01 dDate<2026-02-01 ID>7 until 2026-03-01]\
                      [dDate>=2026-02-01 until 2026-03-01]\
                      [dModifyDate>=2026-02-28 until 2026-03-01]\
                      [dVeriDate>=2026-02-28 until 2026-03-01]\
                      [dDate>=2026-02-19 until 2026-03-03]";
        check("delivery", Some(left), ReadRange::default(), wanted);
    }

    #[test]
    fn a_range_is_read_as_asked() {
        let range = ReadRange {
            changed_from: "2026-01-05T00:00:00Z".parse().ok(),
            changed_to: "2026-01-09T00:00:00Z".parse().ok(),
            ..Default::default()
        };
        let wanted = "[dDate>=2026-01-05 dDate<2026-01-10 until 2026-03-03]";
        check("delivery", None, range.clone(), wanted);
        let wanted = "[dModifyDate>=2026-01-05 dModifyDate<2026-01-10 until 2026-03-03]";
        check("product", None, range, wanted);
    }
}
