//! `/metrics`: what the hub measures, for Prometheus.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::Utc;
use subtle::ConstantTimeEq;
use yuanliu_alerts::{AlertFilter, AlertStatus, AlertStore};
use yuanliu_telemetry::CONTENT_TYPE;

use crate::config::SecretText;
use crate::http::Service;

/// Alerts of a status that are counted; more are as many for whoever is woken by it.
const ALERTS_MAX: u32 = 1_000;

/// Who asks, and what is measured when asked.
struct Scrape {
    service: Arc<Service>,
    token: Option<SecretText>,
    /// Since when the index has been behind the inbox.
    behind_since: Mutex<Option<Instant>>,
}

/// The route. Without a token only this machine may ask.
pub(super) fn router(service: Arc<Service>) -> Router {
    let token = service.hub.config.hub.telemetry.metrics_token.clone();
    let scrape = Arc::new(Scrape { service, token, behind_since: Mutex::default() });
    Router::new().route("/metrics", get(metrics)).with_state(scrape)
}

async fn metrics(
    State(scrape): State<Arc<Scrape>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    if !scrape.lets_in(peer, &headers) {
        let told = "the metrics need the bearer token of [telemetry] metrics_token of hub.toml\n";
        return (StatusCode::UNAUTHORIZED, told).into_response();
    }
    if let Err(error) = scrape.measure().await {
        tracing::warn!(error = %format!("{error:#}"), "measuring for /metrics");
    }
    ([(header::CONTENT_TYPE, CONTENT_TYPE)], scrape.service.hub.metrics.render()).into_response()
}

impl Scrape {
    fn lets_in(&self, peer: SocketAddr, headers: &HeaderMap) -> bool {
        let Some(SecretText(token)) = &self.token else {
            return peer.ip().is_loopback() && !headers.contains_key("x-forwarded-for");
        };
        let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let shown = shown.and_then(|shown| shown.strip_prefix("Bearer "));
        shown.is_some_and(|shown| shown.as_bytes().ct_eq(token.as_bytes()).into())
    }

    /// What is known when asked only.
    async fn measure(&self) -> anyhow::Result<()> {
        let (service, metrics) = (&self.service, &self.service.hub.metrics);
        let inbox = service.ledger.inbox_status();
        metrics.inbox_depth(inbox.pending_events);
        let indexed = service.ledger.index().progress()?.inbox_sequence;
        metrics.index_lag(self.lag(indexed < inbox.last_sequence).elapsed());
        let (now, bounds) = (Utc::now(), &service.hub.config.jobs.freshness);
        for mark in service.hub.metadata.freshness().await? {
            let until = mark.built_at.zip(mark.data_until).map(|(built, read)| built.min(read));
            if let Some(age) = until.and_then(|until| (now - until).to_std().ok()) {
                metrics.freshness(&mark.report, age, bounds.of(&mark.report));
            }
        }
        for status in [AlertStatus::Open, AlertStatus::Acknowledged] {
            let filter = AlertFilter { status: Some(status), ..AlertFilter::default() };
            let alerts = service.hub.metadata.alerts(&filter, ALERTS_MAX).await?;
            metrics.alerts(status.as_str(), alerts.len() as u64);
        }
        Ok(())
    }

    /// Since when the index has been behind; now if it is not.
    fn lag(&self, is_behind: bool) -> Instant {
        let mut since = self.behind_since.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        *since = if is_behind { Some(since.unwrap_or(now)) } else { None };
        since.unwrap_or(now)
    }
}
