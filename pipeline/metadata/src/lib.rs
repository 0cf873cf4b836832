//! What the hub keeps beside the lake, in SQLite or PostgreSQL: the run ledger, the rejects, the outbox, the shapes
//! of streams; accounts, sessions and the audit log; leases and the history of jobs; alerts; recorded decisions.
//!
//! No position and no business row lives here. Most of it may be lost without losing data; not the rejects, which
//! is why they are durable before a position moves, nor the outbox, which is why a send is noted durably before the
//! system is called, nor what people decided. [`Metadata`] also is the store that `yuanliu-access`,
//! `yuanliu-schedule` and `yuanliu-alerts` ask for in their traits.

mod access;
mod alerting;
pub mod backup;
pub mod decisions;
pub mod error;
pub mod jobs;
pub mod outbox;
pub mod pages;
pub mod rejects;
pub mod runs;
pub mod shapes;
pub mod store;

pub use backup::{
    BackupError, BackupFolder, KeptTable, LeftOut, Manifest, Part, RestoreFolder, Restored,
    inspect, unpack_configuration,
};
pub use decisions::{
    AddressCorrection, CaseDecision, CaseName, ChangedFile, ClaimDecision, ConfigurationChange,
    Exported, NewAddressCorrection, NewCaseDecision, NewClaimDecision, NewConfigurationChange,
};
pub use error::{Cause, MetadataError};
pub use jobs::freshness::FreshnessMark;
pub use outbox::{
    Added, KeyTaken, NewOutboxEntry, OutboxEntry, OutboxError, OutboxFilter, Outcome,
};
pub use pages::{Page, PageRequest};
pub use rejects::{NewReject, Reject, RejectCount, RejectFilter};
pub use runs::{NewRun, RunCounts, RunEnd, RunFilter, RunRecord};
pub use shapes::StreamShapes;
pub use store::Metadata;
