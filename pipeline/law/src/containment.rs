//! When a unit was inside which container.

use crate::event_type::EventType;
use crate::moment::Moment;

/// A pack or unpack of one child; the moment's precedence says which. Others are passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackEvent<'a> {
    /// When.
    pub moment: Moment<'a>,
    /// The container; a pack needs one, an unpack may leave it out.
    pub parent: Option<&'a str>,
}

/// A child was in `parent` at every time `t` with `from_us <= t < to_us`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Containment<'a> {
    /// The container.
    pub parent: &'a str,
    /// When it was put in.
    pub from_us: i64,
    /// When it came out, if it did.
    pub to_us: Option<i64>,
    /// The pack that put it in.
    pub start_event_id: &'a str,
    /// The unpack, or the pack into another container, that took it out.
    pub end_event_id: Option<&'a str>,
}

/// The intervals one child spent in containers, in order and never overlapping.
///
/// A pack while inside another container ends that stay; one into the same container changes
/// nothing. An unpack naming a container the child is not in does nothing; one naming none ends
/// whatever is open. Stays of no length vanish. `events` is sorted.
pub fn containment<'a>(events: &mut [PackEvent<'a>]) -> Vec<Containment<'a>> {
    events.sort_unstable();
    let mut stays = Vec::new();
    let mut open: Option<Containment<'a>> = None;
    for event in &*events {
        let next = match (event.moment.precedence, event.parent) {
            (PACK, Some(parent)) if open.is_none_or(|stay| stay.parent != parent) => Some(parent),
            (UNPACK, None) => None,
            (UNPACK, Some(parent)) if open.is_some_and(|stay| stay.parent == parent) => None,
            _ => continue,
        };
        close(&mut stays, open.take(), event.moment);
        open = next.map(|parent| resume_or_start(&mut stays, parent, event.moment));
    }
    stays.extend(open);
    stays
}

const PACK: u8 = EventType::Pack.precedence();
const UNPACK: u8 = EventType::Unpack.precedence();

fn close<'a>(stays: &mut Vec<Containment<'a>>, open: Option<Containment<'a>>, at: Moment<'a>) {
    if let Some(stay) = open.filter(|stay| stay.from_us < at.time_us) {
        stays.push(Containment {
            to_us: Some(at.time_us),
            end_event_id: Some(at.event_id),
            ..stay
        });
    }
}

/// Begins a stay, or continues the one in the same container that ended at this very time.
fn resume_or_start<'a>(
    stays: &mut Vec<Containment<'a>>,
    parent: &'a str,
    at: Moment<'a>,
) -> Containment<'a> {
    let ended_now =
        |stay: &mut Containment<'a>| stay.parent == parent && stay.to_us == Some(at.time_us);
    match stays.pop_if(ended_now) {
        Some(stay) => Containment { to_us: None, end_event_id: None, ..stay },
        None => Containment {
            parent,
            from_us: at.time_us,
            to_us: None,
            start_event_id: at.event_id,
            end_event_id: None,
        },
    }
}
