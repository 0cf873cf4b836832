//! How much room there is for the lake.

use std::path::Path;

use chrono::Utc;
use yuanliu_alerts::{AlertDesk, Severity, Signal, SignalKind};

use super::tell;

/// Less than this is told.
const FREE_PERCENT_MIN: u64 = 10;
/// Less than this lets builds and landings fail soon.
const FREE_PERCENT_CRITICAL: u64 = 3;

/// Tells when the disk of the data folder fills up, and when it has room again.
pub(in crate::serve) async fn look_at_disk(alerts: &AlertDesk, data: &Path) {
    let room = match rustix::fs::statvfs(data) {
        Ok(room) => room,
        Err(error) => {
            tracing::warn!(%error, path = %data.display(), "asking how much room there is");
            return;
        }
    };
    let (free, total) = (room.f_bavail * room.f_frsize, room.f_blocks * room.f_frsize);
    let percent = (free * 100).checked_div(total).unwrap_or(100);
    let (kind, now, path) = (SignalKind::DiskLow, Utc::now(), data.display().to_string());
    let signal = match percent {
        FREE_PERCENT_MIN.. => Signal::cleared(kind, path, now),
        _ => {
            let severity = match percent {
                FREE_PERCENT_CRITICAL.. => Severity::Warning,
                _ => Severity::Critical,
            };
            Signal::raised(kind, path.clone(), severity, now)
                .with("path", path)
                .with("free_mib", free >> 20)
                .with("total_mib", total >> 20)
                .with("free_pct", percent)
        }
    };
    tell(alerts, signal).await;
}
