//! Runs one stream: read, compare, keep rejects, land; sends what the outbox holds; and the one
//! retry policy table.
//!
//! The engine knows connectors as trait objects and the lake as a port ([`TableStore`]); it has
//! never heard of Delta or of a concrete system. It holds no state between runs: a position exists
//! only in the lake, in the same commit as the rows read up to it.
//!
//! Invariants:
//! - rejects are stored before the position that passes them is landed;
//! - read = loaded + unchanged + rejected, for every run;
//! - a send is noted before the system is called, and an outcome nobody knows is asked for before
//!   the document is sent again;
//! - no retry decision is made anywhere but in [`policy`].

pub mod budget;
pub mod drift;
pub mod fingerprint;
mod landing;
pub mod memory;
pub mod outbox;
pub mod policy;
pub mod ports;
mod read_ahead;
pub mod reconcile;
pub mod report;
pub mod retry;
pub mod run;
pub mod staging_buffer;
mod tombstone;

pub use budget::MinuteBudget;
pub use drift::{DriftPolicy, FieldChange, Shape};
pub use outbox::{OutboxRun, SendOptions, SendReport};
pub use ports::{
    DueDocument, OutboxStore, Position, RejectStore, SendOutcome, StoreError, TableStore,
};
pub use report::{RunOutcome, RunReport};
pub use run::{Progress, RunOptions, StreamRun};
