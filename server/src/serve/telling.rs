//! From what happens in the hub to alerts.

use std::sync::Arc;

use anyhow::Result;
use async_trait::async_trait;
use chrono::Utc;
use futures::TryStreamExt;
use yuanliu_alerts::{AlertDesk, Regions, Severity, Signal, SignalKind};
use yuanliu_regions::RegionTable;

use crate::http::Service;
use crate::output::batch_json;

/// Cases that one look may tell; more than this in one month is a matter for a meeting.
const CASES_MAX: usize = 10_000;

/// The query of cases with an alert.
const CASES: &str = "lookup/case_with_alert.sql";

/// The region tables, for finding the manager of a place.
pub(super) struct Enclosing(pub(super) Arc<RegionTable>);

impl Regions for Enclosing {
    fn parent(&self, region_code: &str) -> Option<String> {
        self.0.get(region_code)?.parent_code.map(str::to_owned)
    }
}

/// Makes alerts of what jobs tell.
pub(super) struct JobSignals(pub(super) Arc<AlertDesk>);

#[async_trait]
impl yuanliu_schedule::SignalSink for JobSignals {
    async fn raise(&self, signal: yuanliu_schedule::Signal) {
        use yuanliu_schedule::SignalKind as Kind;
        let (kind, severity, is_over) = match signal.kind {
            Kind::JobFailed => (SignalKind::SyncFailed, Severity::Critical, false),
            Kind::JobDoubtful | Kind::JobInterrupted => {
                (SignalKind::SyncFailed, Severity::Warning, false)
            }
            Kind::JobRecovered => (SignalKind::SyncFailed, Severity::Info, true),
            Kind::JobHeld | Kind::DueTimesDropped => {
                (SignalKind::SyncLate, Severity::Warning, false)
            }
            Kind::ReportLate => (SignalKind::Freshness, Severity::Warning, false),
            Kind::ReportFresh => (SignalKind::Freshness, Severity::Info, true),
        };
        let told = if is_over {
            Signal::cleared(kind, signal.object.clone(), signal.at)
        } else {
            Signal::raised(kind, signal.object.clone(), severity, signal.at)
                .with("system", signal.object.clone())
                .with("job", signal.object.clone())
                .with("report", signal.object)
                .with("message", signal.message)
        };
        if let Err(error) = self.0.tell(&told).await {
            tracing::error!(%error, "an alert could not be kept; it is told again when it lasts");
        }
    }
}

/// Tells of every diversion case that has an alert now. Telling one again does no harm.
pub(super) async fn tell_cases(service: &Service, alerts: &AlertDesk) -> Result<()> {
    if alerts.config().rules.is_empty() {
        return Ok(());
    }
    let zone = service.hub.config.hub.time_zone;
    let scope = service.models.scope(&service.hub, Utc::now());
    let sql = service.models.files.text(CASES)?;
    let batches: Vec<_> = scope.query(sql, Vec::new()).await?.try_collect().await?;
    let cases = batches.iter().flat_map(|batch| batch_json(batch, zone)).take(CASES_MAX);
    for case in cases {
        let text = |name: &str| case[name].as_str().unwrap_or_default().to_owned();
        let (dealer, product) = (text("dealer_code"), text("product_code"));
        let (region, month) = (text("destination_region"), text("month"));
        let subject = format!("{dealer}/{product}/{region}/{month}");
        let signal =
            Signal::raised(SignalKind::DiversionCase, subject, Severity::Warning, Utc::now())
                .with("product_code", product)
                .with("destination_region", region.clone())
                .with("month", month)
                .with("off_territory", case["off_territory"].clone())
                .with("rate", case["rate"].clone())
                .with("grade", case["grade"].clone())
                .in_region(region)
                .of_dealer(dealer);
        alerts.tell(&signal).await?;
    }
    Ok(())
}
