//! What happened to one unit, computed from nothing but the list of all events.

pub mod clock;
pub mod code;
pub mod containment;
pub mod custody;
pub mod earth;
pub mod event;
pub mod ledger;
pub mod place;
pub mod region;
pub mod unit;
