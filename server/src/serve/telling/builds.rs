//! What a build brings to light: cases with an alert, uploads that are not as they were.

use anyhow::Result;
use chrono::Utc;
use futures::TryStreamExt;
use serde_json::Value;
use yuanliu_alerts::{AlertDesk, Severity, Signal, SignalKind};

use crate::http::Service;
use crate::output::batch_json;

/// Rows that one look may tell; more than this at once is a matter for a meeting.
const ROWS_MAX: usize = 10_000;

/// The queries of `warehouse-sql`.
const CASES: &str = "lookup/case_with_alert.sql";
const UPLOADS: &str = "lookup/upload_anomaly.sql";

/// Tells of every case that has an alert now and of every upload that is out of the usual. Telling one again does no
/// harm.
pub(in crate::serve) async fn after_build(service: &Service, alerts: &AlertDesk) -> Result<()> {
    if alerts.config().rules.is_empty() {
        return Ok(());
    }
    for case in rows(service, CASES).await? {
        alerts.tell(&of_case(&case)).await?;
    }
    for upload in rows(service, UPLOADS).await? {
        alerts.tell(&of_upload(&upload)).await?;
    }
    Ok(())
}

async fn rows(service: &Service, path: &str) -> Result<Vec<Value>> {
    let zone = service.hub.config.hub.time_zone;
    let scope = service.models.scope(&service.hub, Utc::now());
    let sql = service.models.files.text(path)?;
    let batches: Vec<_> = scope.query(sql, Vec::new()).await?.try_collect().await?;
    Ok(batches.iter().flat_map(|batch| batch_json(batch, zone)).take(ROWS_MAX).collect())
}

fn text(row: &Value, name: &str) -> String {
    row[name].as_str().unwrap_or_default().to_owned()
}

fn of_case(case: &Value) -> Signal {
    let (dealer, product) = (text(case, "dealer_code"), text(case, "product_code"));
    let (region, month) = (text(case, "destination_region"), text(case, "month"));
    let subject = format!("{dealer}/{product}/{region}/{month}");
    let mut signal =
        Signal::raised(SignalKind::DiversionCase, subject, Severity::Warning, Utc::now())
            .with("product_code", product)
            .with("destination_region", region.clone())
            .with("month", month);
    for name in ["located", "off_territory", "rate", "rate_lower", "grade"] {
        signal = signal.with(name, case[name].clone());
    }
    signal.in_region(region).of_dealer(dealer)
}

fn of_upload(upload: &Value) -> Signal {
    let subject =
        format!("{}/{}/{}", text(upload, "node"), text(upload, "device_id"), text(upload, "day"));
    let mut signal =
        Signal::raised(SignalKind::UploadAnomaly, subject, Severity::Warning, Utc::now());
    for name in ["node", "device_id", "day", "timeliness", "accuracy", "completeness", "cause"] {
        signal = signal.with(name, upload[name].clone());
    }
    signal
}
