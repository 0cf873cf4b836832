//! The hub's metadata in SQLite: the run ledger, the rejects, the outbox and the shapes of streams.
//!
//! Everything here describes work; no position and no business row lives here. It may be lost
//! without losing data, but for rejects, which is why they are durable before a position moves, and
//! for the outbox, which is why a send is noted durably before the system is called.

pub mod error;
pub mod outbox;
pub mod pages;
pub mod rejects;
pub mod runs;
pub mod shapes;
pub mod store;

pub use error::{Cause, MetadataError};
pub use outbox::{
    Added, KeyTaken, NewOutboxEntry, OutboxEntry, OutboxError, OutboxFilter, Outcome,
};
pub use pages::{Page, PageRequest};
pub use rejects::{NewReject, Reject, RejectCount, RejectFilter};
pub use runs::{NewRun, RunCounts, RunEnd, RunFilter, RunRecord};
pub use shapes::StreamShapes;
pub use store::Metadata;
