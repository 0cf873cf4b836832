//! The seam for time.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// Now, and waiting. The hub lends the system clock; tests lend one that they move.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The current instant.
    fn now(&self) -> DateTime<Utc>;

    /// Returns after `duration` on this clock.
    async fn sleep(&self, duration: Duration);
}
