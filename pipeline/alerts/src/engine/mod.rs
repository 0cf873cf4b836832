//! From signal to delivery, and from delivery to channel.
//!
//! Every method may be called again after it failed or the process ended in it. Nothing is kept
//! here but how many messages a channel took in the last minute, which the store knows too.

mod compose;
mod dispatch;
mod escalate;
mod limit;
mod people;
mod plan;
mod recipients;
mod retry;
mod tell;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::clock::Clock;
use crate::config::{AlertsConfig, Regions};
use crate::store::{AlertStore, StoreError};
use crate::transport::Transport;
use limit::Window;

pub use dispatch::{ChannelReport, TestError};
pub use people::Handled;

/// Two processes that change one alert at once settle it in a few rounds.
const CONFLICTS_MAX: usize = 16;

/// Takes signals, tells people.
pub struct AlertDesk {
    config: RwLock<Arc<AlertsConfig>>,
    store: Arc<dyn AlertStore>,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    regions: Arc<dyn Regions>,
    windows: Mutex<BTreeMap<String, Window>>,
}

impl AlertDesk {
    /// A desk over its seams.
    pub fn new(
        config: Arc<AlertsConfig>,
        store: Arc<dyn AlertStore>,
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        regions: Arc<dyn Regions>,
    ) -> Self {
        let windows = Mutex::new(BTreeMap::new());
        Self { config: RwLock::new(config), store, transport, clock, regions, windows }
    }

    /// The file as it is in force.
    pub fn config(&self) -> Arc<AlertsConfig> {
        self.config.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts another file in force; alerts and deliveries that exist go on.
    pub fn reconfigure(&self, config: Arc<AlertsConfig>) {
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = config;
    }

    /// One round of what time asks for: escalations, then deliveries that are due, then a signal for
    /// each channel that gave some up.
    pub async fn tick(&self) -> Result<BTreeMap<String, ChannelReport>, StoreError> {
        self.escalate().await?;
        let reports = self.dispatch().await?;
        for (channel, report) in &reports {
            self.tell_of_given_up(channel, report).await?;
        }
        Ok(reports)
    }
}

/// Every try met a change by somebody else.
fn contended(action: String) -> StoreError {
    StoreError::new(action, format!("somebody else changed it {CONFLICTS_MAX} times meanwhile"))
}
