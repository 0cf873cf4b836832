//! The order of events.

/// Where an event stands among all others: by time, then type precedence, then id.
///
/// The content hash is last so that two events with one id, which are both kept, still have one
/// order. Two events with equal moments are the same event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment<'a> {
    /// When it happened, in microseconds since 1970 UTC.
    pub time_us: i64,
    /// The precedence of its type.
    pub precedence: u8,
    /// Its id.
    pub event_id: &'a str,
    /// The hash of its content.
    pub content_hash: i64,
}
