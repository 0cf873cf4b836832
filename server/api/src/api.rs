//! What the routes share.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, watch};

use crate::http::Assets;
use crate::ports::{
    AccountDesk, AlertDesk, AuditDesk, Cases, Claims, ConfigurationDesk, DealerDesk, DriftDesk,
    Jobs, Places, RejectDesk, ReportDesk, RunLog, ScanDesk, SessionDesk, Systems, Tracing,
};

/// The cookie of a session.
pub const SESSION_COOKIE: &str = "yuanliu_session";

/// Pages that may watch runs at a time.
const WATCHERS_MAX: usize = 200;

/// Everything the API needs of the hub.
#[derive(Clone)]
#[allow(missing_docs, reason = "each is told by its trait")]
pub struct Ports {
    pub accounts: Arc<dyn AccountDesk>,
    pub alerts: Arc<dyn AlertDesk>,
    pub audit: Arc<dyn AuditDesk>,
    pub cases: Arc<dyn Cases>,
    pub claims: Arc<dyn Claims>,
    pub configuration: Arc<dyn ConfigurationDesk>,
    pub dealers: Arc<dyn DealerDesk>,
    pub drift: Arc<dyn DriftDesk>,
    pub jobs: Arc<dyn Jobs>,
    pub places: Arc<dyn Places>,
    pub rejects: Arc<dyn RejectDesk>,
    pub reports: Arc<dyn ReportDesk>,
    pub runs: Arc<dyn RunLog>,
    pub scans: Arc<dyn ScanDesk>,
    pub sessions: Arc<dyn SessionDesk>,
    pub systems: Arc<dyn Systems>,
    pub tracing: Arc<dyn Tracing>,
}

/// How the API is served.
#[derive(Debug, Clone)]
pub struct Options {
    /// Browsers reach it by https: cookies are `Secure`, and browsers are told to stay with https.
    pub is_tls: bool,
    /// A proxy stands before it and says in `X-Forwarded-For` who asks.
    pub is_behind_proxy: bool,
    /// How long an answer may take.
    pub answer_within: Duration,
    /// How long an answer may take that asks a system, builds, or reads many rows.
    pub slow_answer_within: Duration,
    /// How often a quiet stream of events says that it lives.
    pub heartbeat: Duration,
    /// How long a stream of events lasts; the page asks again, and shows again who it is.
    pub stream_lifetime: Duration,
    /// The version of the hub.
    pub version: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            is_tls: false,
            is_behind_proxy: false,
            answer_within: Duration::from_secs(60),
            slow_answer_within: Duration::from_secs(600),
            heartbeat: Duration::from_secs(15),
            stream_lifetime: Duration::from_secs(900),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// The API over its ports.
pub struct Api {
    pub(crate) ports: Ports,
    pub(crate) options: Options,
    pub(crate) assets: Arc<dyn Assets>,
    pub(crate) watchers: Arc<Semaphore>,
    pub(crate) closing: watch::Sender<bool>,
}

impl Api {
    /// Puts the parts together; nothing is listened to yet.
    pub fn new(ports: Ports, options: Options, assets: Arc<dyn Assets>) -> Self {
        Self {
            ports,
            options,
            assets,
            watchers: Arc::new(Semaphore::new(WATCHERS_MAX)),
            closing: watch::Sender::new(false),
        }
    }

    /// Ends the streams of events, so that a server can stop.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }
}
