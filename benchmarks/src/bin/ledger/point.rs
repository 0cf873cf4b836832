//! How far into the flow a ledger is.

use serde::{Deserialize, Serialize};

/// So much of the flow from its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Point {
    /// Events.
    pub(crate) events: u64,
    /// Codes of items that they commission.
    pub(crate) codes: u64,
}

impl Point {
    /// Before the first event.
    pub(crate) const BEGIN: Self = Self { events: 0, codes: 0 };

    /// Where so many codes of items are held, however many events that takes.
    pub(crate) const fn codes(codes: u64) -> Self {
        Self { events: u64::MAX, codes }
    }

    /// So many events on.
    pub(crate) const fn events_on(self, events: u64) -> Self {
        Self { events: self.events + events, codes: u64::MAX }
    }

    /// Whether the flow has come as far as `until` says in one of the two.
    pub(crate) const fn has_reached(self, until: Self) -> bool {
        self.events >= until.events || self.codes >= until.codes
    }
}
