//! Jobs as data: when they are due, what becomes of due times that were missed or come too early, which
//! wait for which, and how old the data of a report may be.
//!
//! The crate decides and drives; it does no work of a job, keeps no state of its own between runs and
//! reads no clock but the one it is lent. Its invariant: a due time is run at most once, however many
//! processes share the store.

pub mod budget;
pub mod job;
pub mod ports;
pub mod run;
pub mod signal;
pub mod timetable;

pub use budget::{BudgetWindow, CallBudget, CallBudgets};
pub use job::{JobKind, JobSpec, Missed, Overlap, ReportJob};
pub use ports::{
    Clock, JobStore, Lease, Leases, Order, RunEnd, SignalSink, StoreError, Work, WorkReport,
};
pub use run::{JobCounts, JobRun, JobState, Outcome, Trigger};
pub use signal::{Signal, SignalKind};
pub use timetable::{BadExpression, Timetable};
