//! Runs one stream: read, compare, keep rejects, land; and the one retry policy table.
//!
//! The engine knows connectors as trait objects and the lake as a port ([`TableStore`]); it has
//! never heard of Delta or of a concrete system. It holds no state between runs: a position exists
//! only in the lake, in the same commit as the rows read up to it.
//!
//! Invariants:
//! - rejects are stored before the position that passes them is landed;
//! - read = loaded + unchanged + rejected, for every run;
//! - no retry decision is made anywhere but in [`policy`].

pub mod budget;
pub mod fingerprint;
pub mod memory;
pub mod policy;
pub mod ports;
pub mod report;
pub mod retry;
pub mod run;
pub mod staging_buffer;

pub use budget::MinuteBudget;
pub use ports::{Position, RejectStore, StoreError, TableStore};
pub use report::{RunOutcome, RunReport};
pub use run::{Progress, RunOptions, StreamRun};
