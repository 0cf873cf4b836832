//! One thing that people were, or are to be, told of.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::kind::SignalKind;
use crate::severity::Severity;

/// Where an alert stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AlertStatus {
    /// Nobody has taken it yet; it escalates.
    Open,
    /// Somebody has it; it escalates no further.
    Acknowledged,
    /// It is over.
    Resolved,
}

impl AlertStatus {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Open, Self::Acknowledged, Self::Resolved];

    /// The word in tables and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Acknowledged => "acknowledged",
            Self::Resolved => "resolved",
        }
    }

    /// The status a word names.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// Signals of one rule about one thing, from the first to the all-clear.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// Follows from the dedup key and the time of opening.
    pub alert_id: String,
    /// The rule by name.
    pub rule: String,
    /// What makes further signals this alert and not another one.
    pub dedup_key: String,
    /// The kind of its signals.
    pub kind: SignalKind,
    /// Which one of its kind.
    pub subject: String,
    /// The greatest severity so far.
    pub severity: Severity,
    /// The earliest signal's time.
    pub first_at: DateTime<Utc>,
    /// The latest signal's time.
    pub last_at: DateTime<Utc>,
    /// How many signals.
    pub count: u64,
    /// Where it stands.
    pub status: AlertStatus,
    /// The fields of the latest signal.
    pub fields: Map<String, Value>,
    /// Where, as a region code.
    pub region_code: Option<String>,
    /// Whose.
    pub dealer_code: Option<String>,
    /// When the hub opened it.
    pub opened_at: DateTime<Utc>,
    /// When its dedup window began: people are told again only by a signal after its end.
    pub notified_at: DateTime<Utc>,
    /// How many dedup windows it has had, from 1.
    pub round: u32,
    /// How many escalation steps were taken in this round; 0: only the rule's own recipients know.
    pub escalation_step: u32,
    /// When the next step is due; none: there is no further one, or nobody waits for one.
    pub escalates_at: Option<DateTime<Utc>>,
    /// Until then nobody is told anything more of it.
    pub silenced_until: Option<DateTime<Utc>>,
    /// Who took it or closed it last.
    pub handled_by: Option<String>,
    /// When.
    pub handled_at: Option<DateTime<Utc>>,
    /// What they said.
    pub note: Option<String>,
    /// When it was over; signals not later than this belong to the past.
    pub resolved_at: Option<DateTime<Utc>>,
    /// Grows by one with every change; a change names the version it was made from.
    pub version: u64,
}

impl Alert {
    /// The id of the alert of this key that was opened then.
    pub fn id(dedup_key: &str, opened_at: DateTime<Utc>) -> String {
        short_hash(&[dedup_key, &opened_at.timestamp_micros().to_string()])
    }

    /// Whether it is open or acknowledged.
    pub fn is_live(&self) -> bool {
        self.status != AlertStatus::Resolved
    }
}

/// 96 bits of a hash of the parts, as hex; parts cannot run into each other.
pub(crate) fn short_hash(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let digest = hasher.finalize();
    hex::encode(digest.get(..12).unwrap_or(&digest))
}
