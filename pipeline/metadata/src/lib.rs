//! The hub's metadata in SQLite: the run ledger and the rejects.
//!
//! Everything here describes work; no position and no business row lives here. It may be lost
//! without losing data, but for rejects, which is why they are durable before a position moves.

pub mod error;
pub mod rejects;
pub mod runs;
pub mod store;

pub use error::MetadataError;
pub use rejects::{NewReject, Reject, RejectFilter};
pub use runs::{RunCounts, RunRecord};
pub use store::Metadata;
