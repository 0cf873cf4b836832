//! What a sync brings to light: a system that does not answer, rows that cannot be typed.

use chrono::Utc;
use yuanliu_alerts::{AlertDesk, Severity, Signal, SignalKind};
use yuanliu_engine::RunReport;
use yuanliu_metadata::{PageRequest, RunFilter};

use super::tell;
use crate::exit;
use crate::http::Service;

/// Runs of a stream that tell what is usual.
const USUAL_RUNS: u32 = 20;

/// So many more rejects than usual, and so many times as many, are rising.
const RISING_ROWS: u64 = 20;
const RISING_TIMES: u64 = 3;

/// Tells of what a sync of one system met, or that it is over.
pub(in crate::serve) async fn after_sync(
    service: &Service,
    alerts: &AlertDesk,
    system: &str,
    reports: &[RunReport],
    code: u8,
) {
    let now = Utc::now();
    let kind = SignalKind::SystemUnreachable;
    let signal = if code == exit::UNREACHABLE {
        let why = reports.iter().find_map(|report| report.message.clone()).unwrap_or_default();
        Signal::raised(kind, system, Severity::Critical, now)
            .with("system", system)
            .with("since", now.to_rfc3339())
            .with("message", why)
    } else {
        Signal::cleared(kind, system, now)
    };
    tell(alerts, signal).await;
    for report in reports {
        match usual_rejects(service, report).await {
            Ok(usual) => tell(alerts, rejects(report, usual)).await,
            Err(error) => tracing::error!(%error, "counting what is usually rejected"),
        }
    }
}

/// The most rejects of one of the last runs of a stream, this one apart.
async fn usual_rejects(
    service: &Service,
    report: &RunReport,
) -> Result<u64, yuanliu_metadata::MetadataError> {
    let filter = RunFilter {
        system: Some(report.system.clone()),
        stream: Some(report.stream.clone()),
        ..RunFilter::default()
    };
    let page = PageRequest::first(USUAL_RUNS + 1);
    let runs = service.hub.metadata.run_page(&filter, &page).await?.items;
    let rejected = runs.iter().skip(1).filter_map(|run| u64::try_from(run.rejected).ok());
    Ok(rejected.max().unwrap_or_default())
}

fn rejects(report: &RunReport, usual: u64) -> Signal {
    let (kind, now) = (SignalKind::RejectsRising, Utc::now());
    let subject = format!("{}/{}", report.system, report.stream);
    let is_rising =
        report.rejected >= usual + RISING_ROWS && report.rejected >= usual * RISING_TIMES;
    if !is_rising {
        return Signal::cleared(kind, subject, now);
    }
    Signal::raised(kind, subject, Severity::Warning, now)
        .with("system", report.system.clone())
        .with("stream", report.stream.clone())
        .with("reason", report.message.clone().unwrap_or_default())
        .with("rejects", report.rejected)
        .with("before", usual)
}
