//! How a sandbox is started.

use std::time::Duration;

use crate::auth::Credentials;
use crate::clock::Clock;
use crate::data::Dataset;
use crate::fault::Faults;

/// Row cap of releases since 23.11 (reference: kingdee.md 1.10).
const ROW_CAP_DEFAULT: usize = 10_000;
/// Idle time that clients assume; no official figure exists.
const SESSION_IDLE_DEFAULT: Duration = Duration::from_secs(20 * 60);

/// Options of [`KingdeeSandbox::start`](crate::KingdeeSandbox::start).
#[derive(Debug, Clone)]
pub struct KingdeeOptions {
    /// Port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// What the server holds.
    pub dataset: Dataset,
    /// The account.
    pub credentials: Credentials,
    /// Faults of query calls to come.
    pub faults: Faults,
    /// Faults of write calls to come.
    pub write_faults: Faults,
    /// Most rows of one answer; older releases have 2,000.
    pub row_cap: usize,
    /// Whether a `Limit` above the cap is an error; otherwise the answer is cut. Real servers
    /// differ.
    pub refuse_above_cap: bool,
    /// Idle time after which a session is lost.
    pub session_idle: Duration,
    /// The server's clock.
    pub clock: Clock,
}

impl Default for KingdeeOptions {
    fn default() -> Self {
        Self {
            port: 0,
            dataset: Dataset::empty(),
            credentials: Credentials::default(),
            faults: Faults::default(),
            write_faults: Faults::default(),
            row_cap: ROW_CAP_DEFAULT,
            refuse_above_cap: false,
            session_idle: SESSION_IDLE_DEFAULT,
            clock: Clock::System,
        }
    }
}
