//! The models of `warehouse-sql/core` read word by word over all events at once, slowly.
//!
//! Nothing here is shared with the index or the law: intervals are found by asking, for every time
//! there is, what the events up to it amount to.

mod custody;
mod packing;
mod tables;
mod unit;

use yuanliu_law::EventType;

use crate::support::Told;

/// Everything known at an instant, as the tables of the warehouse.
pub(crate) struct Model {
    /// `core.scan_event`, with `is_voided`.
    events: Vec<(Told, bool)>,
    /// `core.code_alias`.
    aliases: Vec<(String, String)>,
    /// `core.event_code`.
    event_codes: Vec<EventCode>,
    /// `core.containment`.
    containment: Vec<Within>,
    /// `core.ancestry`.
    ancestry: Vec<Within>,
}

/// A row of `core.event_code`: the event is the one at this place.
#[derive(Debug, Clone)]
struct EventCode {
    code: String,
    printed: String,
    event: usize,
    parent: Option<String>,
}

/// A row of `core.containment` or `core.ancestry`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Within {
    code: String,
    from: i64,
    depth: u8,
    ancestor: String,
    to: Option<i64>,
}

impl Model {
    fn told(&self, row: &EventCode) -> &Told {
        &self.events[row.event].0
    }

    fn is_void(&self, row: &EventCode) -> bool {
        self.events[row.event].1
    }

    fn rows_of<'m>(&'m self, code: &'m str) -> impl Iterator<Item = &'m EventCode> {
        self.event_codes.iter().filter(move |row| row.code == code)
    }
}

fn is_placeholder(code: &str) -> bool {
    code.trim_matches('0').is_empty() || code == "BAD"
}

/// The order of events at one time and over time; those without one last.
fn order(told: &Told) -> (bool, Option<i64>, EventType, &str, i64) {
    (told.time.is_none(), told.time, told.event_type, &told.id, told.hash)
}

/// The earlier of two ends; none is never.
fn least(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    [a, b].into_iter().flatten().min()
}
