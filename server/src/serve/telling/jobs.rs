//! What the scheduler tells of jobs and reports.

use std::sync::Arc;

use async_trait::async_trait;
use yuanliu_alerts::{AlertDesk, Severity, Signal, SignalKind};

use super::tell;

/// Makes alerts of what jobs tell.
pub(in crate::serve) struct JobSignals(pub(in crate::serve) Arc<AlertDesk>);

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
            Signal::cleared(kind, signal.object, signal.at)
        } else {
            let raised = Signal::raised(kind, signal.object.clone(), severity, signal.at);
            // A field that a kind does not have is left out of its text.
            match kind {
                SignalKind::Freshness => {
                    raised.with("report", signal.object).with("why", signal.message_zh)
                }
                SignalKind::SyncLate => raised.with("job", signal.object),
                _ => raised.with("system", signal.object).with("message", signal.message_zh),
            }
        };
        tell(&self.0, told).await;
    }
}
