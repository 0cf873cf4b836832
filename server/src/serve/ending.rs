//! How a hub lets go of what only one may have open.

use std::sync::Weak;
use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::{Instant, sleep};
use yuanliu_trace_index::TraceIndex;
use yuanliu_warehouse::Lake;

use crate::http::Service;

/// How long work on other threads may take to notice that nobody waits for it.
const LETTING_GO: Duration = Duration::from_secs(60);
/// How often it is looked whether it has.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What a hub has open that the next one must open.
pub(crate) struct Held {
    pub(super) service: Weak<Service>,
    pub(super) lake: Weak<Lake>,
    pub(super) index: Weak<TraceIndex>,
}

impl Held {
    /// Waits until nothing of it is open any more.
    ///
    /// # Errors
    ///
    /// If something is still at work with it after a minute.
    pub(crate) async fn wait_until_let_go(&self) -> Result<()> {
        let end = Instant::now() + LETTING_GO;
        while self.service.strong_count() + self.lake.strong_count() + self.index.strong_count() > 0
        {
            if Instant::now() >= end {
                bail!(
                    "what was under way before the configuration changed has not ended within {} \
                     seconds; the change is kept, start the hub again",
                    LETTING_GO.as_secs()
                );
            }
            sleep(LOOK_EVERY).await;
        }
        Ok(())
    }
}
