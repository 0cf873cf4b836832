//! The law of scan events: order, voids, containment, custody and state as pure functions.
//!
//! State is a function of the set of events of one unit, never of their order of arrival: every
//! function here sorts its input by [`Moment`] first. The trace index calls them for one code, the
//! warehouse for all of them, so no answer has a second definition. This crate reads nothing, knows
//! no table and no time zone, and leaves two things to its callers: events without a valid time are
//! not handed in, and neither are events that [`voided_events`] names.

mod containment;
mod custody;
mod event_type;
mod moment;
mod state;
mod voids;

pub use containment::{Containment, PackEvent, containment};
pub use custody::{Custody, CustodyEvent, Shipment, custody, shipments};
pub use event_type::EventType;
pub use moment::Moment;
pub use state::{Fact, Standing, UnitFacts, UnitState, standing, unit_state};
pub use voids::{Correction, voided_events};
