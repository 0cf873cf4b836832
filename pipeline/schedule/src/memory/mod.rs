//! A clock and a store in memory.

mod clock;
mod store;

pub use clock::ManualClock;
pub use store::MemoryJobs;
