//! Corrections: which events count in no report any more.

use std::collections::HashSet;

use crate::event_type::EventType;

/// An event as a correction of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Correction<'a> {
    /// The correcting event.
    pub event_id: &'a str,
    /// Its type.
    pub event_type: EventType,
    /// The event it names.
    pub corrects_event_id: Option<&'a str>,
}

/// The ids of the events that another event corrects.
///
/// A correction that is itself corrected still voids: the original is not revived. What a
/// `void_ship` names is not voided here, because it cancels the ship for its own codes only; that
/// is custody's business. An event cannot void itself.
pub fn voided_events<'a>(events: impl IntoIterator<Item = Correction<'a>>) -> HashSet<&'a str> {
    events
        .into_iter()
        .filter(|event| event.event_type != EventType::VoidShip)
        .filter_map(|event| event.corrects_event_id.filter(|named| *named != event.event_id))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Correction, voided_events};
    use crate::event_type::EventType;

    #[test]
    fn a_corrected_correction_still_voids_and_void_ship_never_does() {
        let event = |event_id, event_type, corrects_event_id| Correction {
            event_id,
            event_type,
            corrects_event_id,
        };
        let voided = voided_events([
            event("a", EventType::Sell, None),
            event("b", EventType::Sell, Some("a")),
            event("c", EventType::Sell, Some("b")),
            event("d", EventType::Ship, None),
            event("e", EventType::VoidShip, Some("d")),
            event("f", EventType::Pack, Some("f")),
        ]);
        let mut voided: Vec<_> = voided.into_iter().collect();
        voided.sort_unstable();
        assert_eq!(voided, ["a", "b"]);
    }
}
