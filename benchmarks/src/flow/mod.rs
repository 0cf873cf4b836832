//! A year of scan events of any number of items, made on the fly: the same plan gives the same bytes.
//!
//! Everything follows from the number of a unit, so the flow holds one pallet's events, however many
//! items there are, and whoever knows an item's number knows its code.

mod bodies;
mod codes;
mod documents;
mod line;
mod making;
mod market;
mod places;
mod plan;
mod slot;

pub use bodies::{Bodies, Body};
pub use codes::{case_code, item_code, pallet_code};
pub use documents::write_documents;
pub use plan::{EventIds, MATERIAL_CODE, Plan, RECALLED_LOT};
pub use slot::{Flow, Line, Slot};
