//! One message about one alert to one recipient, and how it fared.

use chrono::{DateTime, Utc};

use crate::alert::short_hash;

/// How a delivery fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeliveryStatus {
    /// To be sent at `next_at`.
    Pending,
    /// The channel took it.
    Sent,
    /// The channel did not take it; to be tried again at `next_at`.
    Failed,
    /// Not to be tried again.
    GivenUp,
}

impl DeliveryStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Sent, Self::Failed, Self::GivenUp];

    /// The word in tables and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::GivenUp => "given_up",
        }
    }

    /// The status a word names.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Whether it is still to be sent.
    pub fn is_waiting(self) -> bool {
        matches!(self, Self::Pending | Self::Failed)
    }
}

/// What a delivery is about and for whom. There is one delivery for each of these.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeliveryKey {
    /// The alert.
    pub alert_id: String,
    /// Its dedup window, from 1.
    pub round: u32,
    /// The escalation step; 0: the rule's own recipients.
    pub step: u32,
    /// The channel by name.
    pub channel: String,
    /// Whom, in the channel's own terms: an address, a number, an id; empty: the whole group.
    pub recipient: String,
}

impl DeliveryKey {
    /// The id that follows from it, so that a step repeated makes no second delivery.
    pub fn delivery_id(&self) -> String {
        let (round, step) = (self.round.to_string(), self.step.to_string());
        short_hash(&[&self.alert_id, &round, &step, &self.channel, &self.recipient])
    }
}

/// One message about one alert to one recipient.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// Follows from `key`.
    pub delivery_id: String,
    /// What it is about and for whom.
    pub key: DeliveryKey,
    /// How it fared.
    pub status: DeliveryStatus,
    /// Whether quiet hours hold it; what they held goes out as one digest.
    pub is_held: bool,
    /// How often it was begun to be sent.
    pub attempts: u32,
    /// Not before.
    pub next_at: DateTime<Utc>,
    /// Why the last attempt failed; names no secret.
    pub last_error: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When the channel took it.
    pub sent_at: Option<DateTime<Utc>>,
    /// The message that carried it; a digest carries several.
    pub message_id: Option<String>,
}

impl Delivery {
    /// A delivery to be sent at `next_at`.
    pub fn new(key: DeliveryKey, created_at: DateTime<Utc>, next_at: DateTime<Utc>) -> Self {
        Self {
            delivery_id: key.delivery_id(),
            key,
            status: DeliveryStatus::Pending,
            is_held: next_at > created_at,
            attempts: 0,
            next_at,
            last_error: None,
            created_at,
            sent_at: None,
            message_id: None,
        }
    }
}
