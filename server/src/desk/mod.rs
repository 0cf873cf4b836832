//! What the hub does for people: the ports of the API over the lake, the ledger and the metadata.
//!
//! Every port answers within what the principal sees; the limit is made in [`scope`] and applied where names
//! are resolved, never by an answer itself.

mod accounts;
mod alerts;
mod answer;
mod audit;
mod bi;
mod cases;
mod claims;
mod configuration;
mod dealers;
mod decisions;
mod drift;
mod files;
mod jobs;
mod kinds;
mod places;
mod problems;
mod rejects;
mod reports;
mod rows;
mod runs;
mod scans;
mod scope;
mod sessions;
mod systems;
mod tracing;
mod warm;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use tokio::sync::{Mutex, Notify, OnceCell, Semaphore};
use yuanliu_access::{Access, OidcClient};
use yuanliu_alerts::AlertDesk;
use yuanliu_api::Ports;
use yuanliu_api::ports::Report as ReportLine;
use yuanliu_regions::RegionMap;
use yuanliu_schedule::JobDesk;
use yuanliu_warehouse::HotTables;

use self::configuration::Drafted;
pub(crate) use self::jobs::trigger;
use crate::http::Service;
use crate::started_runs::StartedRuns;

/// The ports of the API.
#[derive(Clone)]
pub(crate) struct Desk(Arc<Inner>);

/// What the ports work with.
pub(crate) struct Parts {
    pub(crate) service: Arc<Service>,
    pub(crate) access: Arc<Access>,
    pub(crate) oidc: Option<OidcClient>,
    pub(crate) jobs: JobDesk,
    pub(crate) alerts: Arc<AlertDesk>,
    /// The configuration.
    pub(crate) folder: PathBuf,
    /// Runs that people start.
    pub(crate) started: StartedRuns,
    /// Told when the hub has to open itself anew.
    pub(crate) restart: Arc<Notify>,
}

struct Inner {
    parts: Parts,
    /// Reports with their columns; the SQL files do not change while the hub runs.
    reports: OnceCell<Vec<ReportLine>>,
    /// An answer of an earlier instant builds its own tables: one at a time.
    earlier: Semaphore,
    /// Small tables that reports read all day.
    hot: Arc<HotTables>,
    /// For lines on maps, read when first drawn.
    map: OnceLock<Option<RegionMap>>,
    /// Plans of the configuration that wait to be applied, by their ids, which rise.
    plans: Mutex<BTreeMap<String, Drafted>>,
}

impl std::ops::Deref for Inner {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.parts
    }
}

impl Desk {
    pub(crate) fn new(parts: Parts) -> Self {
        let hot = Arc::new(HotTables::new(parts.service.hub.config.hub.serve.tables_bytes));
        Self(Arc::new(Inner {
            parts,
            hot,
            reports: OnceCell::new(),
            earlier: Semaphore::new(1),
            map: OnceLock::new(),
            plans: Mutex::default(),
        }))
    }

    /// One desk behind every port.
    pub(crate) fn ports(self) -> Ports {
        let desk = Arc::new(self);
        Ports {
            accounts: desk.clone(),
            alerts: desk.clone(),
            audit: desk.clone(),
            cases: desk.clone(),
            claims: desk.clone(),
            configuration: desk.clone(),
            dealers: desk.clone(),
            drift: desk.clone(),
            jobs: desk.clone(),
            places: desk.clone(),
            rejects: desk.clone(),
            reports: desk.clone(),
            runs: desk.clone(),
            scans: desk.clone(),
            sessions: desk.clone(),
            systems: desk.clone(),
            tracing: desk,
        }
    }

    fn service(&self) -> &Arc<Service> {
        &self.0.service
    }
}
