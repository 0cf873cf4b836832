//! How much room there is for the lake.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono::Utc;
use yuanliu_alerts::{AlertDesk, Severity, Signal, SignalKind};

use super::tell;

/// Less than this is told.
const FREE_PERCENT_MIN: u64 = 10;
/// Less than this lets builds and landings fail soon.
const FREE_PERCENT_CRITICAL: u64 = 3;

/// Room changes slowly.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Watches the disk of the data folder.
#[derive(Debug)]
pub(in crate::serve) struct DiskWatch {
    data: PathBuf,
    looked: Option<Instant>,
    /// Whether an alert may be open: at first an earlier process may have left one.
    may_be_low: bool,
}

impl DiskWatch {
    /// Watches the disk that holds `data`.
    pub(in crate::serve) fn over(data: &Path) -> Self {
        Self { data: data.to_owned(), looked: None, may_be_low: true }
    }

    /// Tells when the disk fills up, and when it has room again.
    pub(in crate::serve) async fn look(&mut self, alerts: &AlertDesk) {
        if self.looked.is_some_and(|looked| looked.elapsed() < LOOK_EVERY) {
            return;
        }
        self.looked = Some(Instant::now());
        match rustix::fs::statvfs(&self.data) {
            Ok(room) => {
                let free = room.f_bavail * room.f_frsize;
                let total = room.f_blocks * room.f_frsize;
                self.found(alerts, free, total).await;
            }
            Err(error) => {
                tracing::warn!(%error, path = %self.data.display(), "asking how much room there is");
            }
        }
    }

    async fn found(&mut self, alerts: &AlertDesk, free: u64, total: u64) {
        let percent = (free * 100).checked_div(total).unwrap_or(100);
        let (kind, now) = (SignalKind::DiskLow, Utc::now());
        let path = self.data.display().to_string();
        if percent >= FREE_PERCENT_MIN {
            if std::mem::take(&mut self.may_be_low) {
                tell(alerts, Signal::cleared(kind, path, now)).await;
            }
            return;
        }
        self.may_be_low = true;
        let severity = match percent {
            FREE_PERCENT_CRITICAL.. => Severity::Warning,
            _ => Severity::Critical,
        };
        let signal = Signal::raised(kind, path.clone(), severity, now)
            .with("path", path)
            .with("free_mib", free >> 20)
            .with("total_mib", total >> 20)
            .with("free_pct", percent);
        tell(alerts, signal).await;
    }
}
