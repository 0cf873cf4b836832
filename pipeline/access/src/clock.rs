//! The seam for time.

use chrono::{DateTime, Utc};

/// Now. The hub lends the system clock; tests lend one that they move.
pub trait Clock: Send + Sync {
    /// The current instant.
    fn now(&self) -> DateTime<Utc>;
}
