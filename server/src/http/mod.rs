//! The hub as it serves: events in, answers about codes out, and the routes over it.

mod body;
mod captcha;
mod checks;
mod events;
mod health;
mod reading;
mod tokens;
mod verify;

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Result;
use axum::Router;
use axum::routing::get;
use chrono::Utc;
use tokio::sync::{Mutex, Semaphore};
use yuanliu_api::{Api, Problem};
use yuanliu_scans::ScanRules;
use yuanliu_trace_index::{IndexError, UnitHistory};

pub(crate) use self::captcha::Captcha;
pub(crate) use self::tokens::Tokens;

use self::reading::{ReadPanicked, Reading};
use self::verify::Attempts;
use crate::cli::{BuildArgs, build};
use crate::exit;
use crate::hub::Hub;
use crate::knowledge::Knowledge;
use crate::ledger::{Ledger, LedgerError};
use crate::live::Cause;
use crate::models::Models;

/// Bodies that may be in memory together, in KiB.
const BODIES_KIB_MAX: usize = 128 << 10;

/// What the answers share.
pub(crate) struct Service {
    pub(crate) hub: Hub,
    pub(crate) ledger: Ledger,
    pub(crate) models: Models,
    pub(crate) tokens: Tokens,
    /// The configuration, for paths relative to it.
    pub(crate) folder: PathBuf,
    rules: ScanRules,
    bodies: Arc<Semaphore>,
    attempts: Attempts,
    captcha: Option<Captcha>,
    knowledge: RwLock<Arc<Knowledge>>,
    building: Mutex<()>,
    reading: Reading,
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
        folder: PathBuf,
    ) -> Self {
        Self {
            hub,
            ledger,
            models,
            tokens,
            folder,
            rules,
            bodies: Arc::new(Semaphore::new(BODIES_KIB_MAX)),
            attempts: Attempts::default(),
            captcha,
            knowledge: RwLock::default(),
            building: Mutex::default(),
            reading: Reading::new(),
        }
    }

    /// What the ERP is known to hold, as of the last build.
    pub(crate) fn knowledge(&self) -> Arc<Knowledge> {
        Arc::clone(&self.knowledge.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lands and builds what came, and learns the documents anew; one at a time.
    pub(crate) async fn bring_up_to_date(&self, cause: Cause) -> Result<()> {
        let _one_at_a_time = self.building.lock().await;
        let mark = self.ledger.unbuilt().mark();
        self.ledger.land().await?;
        build(&self.hub, true, &BuildArgs { cause, ..BuildArgs::default() }).await?;
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

    /// Runs what reads the index; fails only if it panicked.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ReadPanicked> {
        self.reading.run(read).await
    }

    /// What the index knows of a code as it was typed or scanned. Waits for the disk: see [`Service::read`].
    pub(crate) fn history(
        &self,
        typed: &str,
        as_of_us: i64,
    ) -> Result<Option<UnitHistory>, IndexError> {
        let code = self.rules.codes().normalize(typed);
        self.ledger.index().history(&code, as_of_us, &*self.knowledge())
    }
}

/// Runs work that waits for the disk beside the tasks that must not.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(panicked)
}

fn panicked(error: impl std::fmt::Display) -> Problem {
    Problem::internal(&error.to_string())
}

fn index_refuses(error: IndexError) -> Problem {
    Problem::unavailable(error.to_string())
}

fn ledger_refuses(error: LedgerError) -> Problem {
    let retry_after = error.retry_after();
    let detail = exit::chain(&anyhow::Error::new(error));
    match retry_after {
        Some(wait) => Problem::too_many(detail, wait),
        None => Problem::unavailable(detail),
    }
}

/// The API, the web, and whether the process is well.
pub(crate) fn router(service: Arc<Service>, api: Arc<Api>) -> Router {
    let health = Router::new()
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .with_state(service);
    health.merge(yuanliu_api::router(api))
}
