//! The machine's clock, for those who decide by it.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct MachineClock;

impl yuanliu_access::Clock for MachineClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

#[async_trait]
impl yuanliu_schedule::Clock for MachineClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    async fn sleep_until(&self, until: DateTime<Utc>) {
        let left = until.signed_duration_since(Utc::now());
        tokio::time::sleep(left.to_std().unwrap_or_default()).await;
    }
}
