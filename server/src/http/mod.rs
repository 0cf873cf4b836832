//! The HTTP surface: events in, answers about codes out.
//!
//! `/api/v1` speaks JSON; every refusal is a problem document (RFC 9457) in two languages.

mod body;
mod captcha;
mod checks;
mod events;
mod health;
mod problem;
mod recall;
mod tokens;
mod trace;
mod verify;

use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Result;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use chrono::Utc;
use tokio::sync::{Mutex, Semaphore};
use yuanliu_scans::ScanRules;

pub(crate) use self::captcha::Captcha;
pub(crate) use self::tokens::Tokens;

use self::problem::Problem;
use self::verify::Attempts;
use crate::cli::{BuildArgs, build};
use crate::hub::Hub;
use crate::knowledge::Knowledge;
use crate::ledger::Ledger;
use crate::models::Models;

/// A body larger than this is refused; a device sends its events in several.
pub(crate) const BODY_BYTES_MAX: usize = 16 << 20;

/// Bodies that may be in memory together, in KiB.
const BODIES_KIB_MAX: usize = 128 << 10;

/// What the handlers share.
pub(crate) struct Service {
    pub(crate) hub: Hub,
    pub(crate) ledger: Ledger,
    pub(crate) models: Models,
    rules: ScanRules,
    tokens: Tokens,
    bodies: Arc<Semaphore>,
    attempts: Attempts,
    captcha: Option<Captcha>,
    knowledge: RwLock<Arc<Knowledge>>,
    building: Mutex<()>,
}

impl Service {
    /// Puts the parts together; nothing is listened to yet.
    pub(crate) fn new(
        hub: Hub,
        ledger: Ledger,
        models: Models,
        rules: ScanRules,
        tokens: Tokens,
        captcha: Option<Captcha>,
    ) -> Self {
        Self {
            hub,
            ledger,
            models,
            rules,
            tokens,
            bodies: Arc::new(Semaphore::new(BODIES_KIB_MAX)),
            attempts: Attempts::default(),
            captcha,
            knowledge: RwLock::default(),
            building: Mutex::default(),
        }
    }

    /// What the ERP is known to hold, as of the last build.
    pub(crate) fn knowledge(&self) -> Arc<Knowledge> {
        Arc::clone(&self.knowledge.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lands and builds what came, and learns the documents anew; one at a time.
    pub(crate) async fn bring_up_to_date(&self) -> Result<()> {
        let _one_at_a_time = self.building.lock().await;
        let mark = self.ledger.unbuilt().mark();
        self.ledger.land().await?;
        build(&self.hub, true, &BuildArgs::default()).await?;
        self.learn().await?;
        self.ledger.unbuilt().built(mark);
        Ok(())
    }

    /// Reads the documents anew, after a build.
    pub(crate) async fn learn(&self) -> Result<()> {
        let scope = self.models.scope(&self.hub, Utc::now());
        let known = Arc::new(Knowledge::load(&self.models.files, &scope).await?);
        *self.knowledge.write().unwrap_or_else(PoisonError::into_inner) = known;
        Ok(())
    }
}

/// Runs work that waits for the disk beside the tasks that must not.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Problem::internal(&error.into()))
}

/// The routes over a service.
pub(crate) fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/api/v1/ledger", get(health::ledger))
        .route("/api/v1/events", post(events::take))
        .route("/api/v1/trace/{code}", get(trace::one))
        .route("/api/v1/verify", get(verify::by_query).post(verify::by_body))
        .route("/api/v1/recall", get(recall::answer))
        .route("/api/v1/checks/shipment", post(checks::shipment))
        .route("/api/v1/checks/material", post(checks::material))
        .fallback(async || Problem::not_found("there is nothing here; the API is below /api/v1"))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(service)
}
