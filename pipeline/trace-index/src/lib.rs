//! The trace index: everything the scan ledger says about one code, found by that code.
//!
//! It is an embedded store on local disk and a projection of the ledger: it can be deleted and built
//! again, and it holds nothing that the ledger does not. What it answers for one code is what the
//! models under `warehouse-sql/core` answer for all of them, whatever the order in which the events
//! came and however often. Nothing that follows from several events is stored: voids, other
//! carriers, containment and custody are decided when a code is read, by the law and for the
//! instant that is asked for.
//!
//! Codes are handed in as the ledger has them, normalised; this crate reads no printed form, knows
//! no lake and no ERP: what documents say comes in through [`Documents`].

mod compaction;
mod contents;
mod documents;
mod error;
mod event;
mod history;
mod holder;
mod index;
mod listing;
mod options;
mod store;
mod write;

pub use compaction::Compaction;
pub use documents::{Dealer, Delivery, Documents, Party, Store, WorkOrder};
pub use error::IndexError;
pub use event::{Event, Input, Text};
pub use history::{
    Custody, Descendants, Facts, Inside, Origin, Reader, Shipment, Stay, UnitEvent, UnitHistory,
};
pub use holder::{Placed, placed};
pub use index::TraceIndex;
pub use options::IndexOptions;
pub use write::{Applied, BulkBuild, Progress};
