//! From what happens in the hub to alerts: one file for each place where it happens.

mod builds;
mod disk;
mod jobs;
mod syncs;

use std::sync::Arc;

use yuanliu_alerts::{AlertDesk, Regions, Signal};
use yuanliu_regions::RegionTable;

pub(super) use self::builds::after_build;
pub(super) use self::disk::DiskWatch;
pub(super) use self::jobs::JobSignals;
pub(super) use self::syncs::after_sync;

/// The region tables, for finding the manager of a place.
pub(super) struct Enclosing(pub(super) Arc<RegionTable>);

impl Regions for Enclosing {
    fn parent(&self, region_code: &str) -> Option<String> {
        self.0.get(region_code)?.parent_code.map(str::to_owned)
    }
}

/// Tells what must not be lost with the work that found it.
async fn tell(alerts: &AlertDesk, signal: Signal) {
    if let Err(error) = alerts.tell(&signal).await {
        tracing::error!(%error, "an alert could not be kept; it is told again when it lasts");
    }
}
