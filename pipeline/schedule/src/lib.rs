//! Jobs as data: when they are due, what becomes of due times that were missed or come too early, which
//! wait for which, and how old the data of a report may be.
//!
//! The crate decides and drives; it does no work of a job, keeps no state of its own between runs and
//! reads no clock but the one it is lent. Its invariant: a due time is run at most once, however many
//! processes share the store.

pub mod after;
pub mod budget;
pub mod decide;
pub mod desk;
pub mod event;
pub mod file;
pub mod freshness;
pub mod job;
pub mod memory;
pub mod ports;
pub mod run;
pub mod scheduler;
pub mod signal;
pub mod timetable;

pub use after::Readiness;
pub use budget::{BudgetWindow, CallBudget, CallBudgets};
pub use desk::{AskError, JobDesk, JobView};
pub use event::Event;
pub use file::{FileProblem, Jobs, Known};
pub use freshness::{Bounds, Freshness, FreshnessWatch, ReportTimes, judge};
pub use job::{JobKind, JobSpec, Missed, Overlap, ReportJob};
pub use ports::{
    Clock, JobStore, Lease, Leases, Order, ReportAges, RunEnd, SignalSink, StoreError, Work,
    WorkReport,
};
pub use run::{JobCounts, JobRun, JobState, Outcome, Trigger};
pub use scheduler::{Options, Parts, Scheduler};
pub use signal::{Signal, SignalKind};
pub use timetable::{BadExpression, Timetable};
