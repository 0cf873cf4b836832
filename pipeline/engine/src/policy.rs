//! The policy table: what to do about each kind of failure.

use std::time::Duration;

use yuanliu_contract::{ConnectorError, ErrorKind};

/// Who has to act when retrying did not help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The person who configures the hub.
    HubAdmin,
    /// The people who run the other system or the network to it.
    SystemAdmin,
    /// The hub's developers.
    Developers,
}

/// What the table says about one kind of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Directive {
    /// How often the same call is made in all; 1 means never again.
    pub attempts_max: u32,
    /// The wait before the second attempt; doubled before each further one.
    pub first_wait_ms: u64,
    /// No wait is longer, what the system asks for excepted.
    pub wait_max_ms: u64,
    /// Who has to act in the end.
    pub owner: Owner,
    /// What that person can do, if the error does not say it better.
    pub hint: &'static str,
}

/// A system that asks for a longer pause than this is left alone until the next run.
pub const RETRY_AFTER_MAX: Duration = Duration::from_secs(300);

/// The table.
pub fn directive(kind: ErrorKind) -> Directive {
    use Owner::{Developers, HubAdmin, SystemAdmin};
    let never =
        |owner, hint| Directive { attempts_max: 1, first_wait_ms: 0, wait_max_ms: 0, owner, hint };
    let again = |attempts_max, first_wait_ms, wait_max_ms, hint| Directive {
        attempts_max,
        first_wait_ms,
        wait_max_ms,
        owner: SystemAdmin,
        hint,
    };
    match kind {
        ErrorKind::Config => never(HubAdmin, "correct the configuration and run check-config"),
        ErrorKind::Auth => {
            never(HubAdmin, "check user, password and app authorisation, then run systems check")
        }
        ErrorKind::Permission => {
            never(SystemAdmin, "ask the ERP administrator to grant the integration user this right")
        }
        ErrorKind::NotFound => {
            never(HubAdmin, "run systems discover and correct the stream's fields")
        }
        ErrorKind::Unreachable => {
            again(4, 500, 8_000, "check that the system runs and that this machine may reach it")
        }
        ErrorKind::Timeout => {
            again(3, 1_000, 10_000, "make page_rows smaller or the request timeout longer")
        }
        ErrorKind::RateLimited => again(6, 2_000, 60_000, "lower calls_per_minute of this system"),
        // The connector has forgotten its session: the second attempt logs in. A third would only
        // fight whoever logs in with the same user.
        ErrorKind::SessionExpired => {
            again(2, 0, 0, "use an integration user that nobody else logs in with")
        }
        ErrorKind::Busy => again(5, 1_000, 30_000, "try again when the system is less loaded"),
        ErrorKind::Malformed => {
            again(3, 500, 5_000, "look for a proxy or a plug-in that changes the system's answers")
        }
        ErrorKind::Refused => never(SystemAdmin, "read the system's message above"),
        ErrorKind::Internal => never(Developers, "report this with the run's id"),
    }
}

/// The wait before the next attempt after `error`, or none if there shall be no further one.
///
/// `attempt` counts the attempts made so far, from 1.
pub fn wait_before_retry(error: &ConnectorError, attempt: u32) -> Option<Duration> {
    let directive = directive(error.kind);
    if attempt >= directive.attempts_max {
        return None;
    }
    if let Some(asked) = error.retry_after {
        return (asked <= RETRY_AFTER_MAX).then_some(asked);
    }
    let doubled = directive.first_wait_ms.saturating_mul(1 << (attempt - 1).min(16));
    Some(Duration::from_millis(doubled.min(directive.wait_max_ms)))
}

/// Whether a call that failed so may still take effect: no answer came that says otherwise.
pub fn may_take_effect_later(kind: ErrorKind) -> bool {
    match kind {
        ErrorKind::Unreachable
        | ErrorKind::Timeout
        | ErrorKind::Malformed
        | ErrorKind::Internal => true,
        ErrorKind::Config
        | ErrorKind::Auth
        | ErrorKind::Permission
        | ErrorKind::NotFound
        | ErrorKind::RateLimited
        | ErrorKind::SessionExpired
        | ErrorKind::Busy
        | ErrorKind::Refused => false,
    }
}

/// Whether every further call to the system would fail alike.
pub fn concerns_the_whole_system(kind: ErrorKind) -> bool {
    match kind {
        ErrorKind::Config
        | ErrorKind::Auth
        | ErrorKind::Unreachable
        | ErrorKind::Timeout
        | ErrorKind::RateLimited
        | ErrorKind::SessionExpired => true,
        ErrorKind::Permission
        | ErrorKind::NotFound
        | ErrorKind::Busy
        | ErrorKind::Malformed
        | ErrorKind::Refused
        | ErrorKind::Internal => false,
    }
}
