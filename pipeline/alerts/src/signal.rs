//! What happened, as the parts of the hub tell it.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::kind::SignalKind;
use crate::severity::Severity;

/// Whether a thing began or is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It is so.
    Raised,
    /// It is so no longer: the all-clear.
    Cleared,
}

/// What happened. Telling the same thing twice, late or out of order does no harm.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// What kind of thing.
    pub kind: SignalKind,
    /// Which one of its kind, stable from the first signal to the all-clear: a system and stream, a
    /// case's key, a path.
    pub subject: String,
    /// Whether it began or is over.
    pub phase: Phase,
    /// How much it matters.
    pub severity: Severity,
    /// When it was so, by the clock of the hub.
    pub at: DateTime<Utc>,
    /// What is known of it; [`SignalKind::fields`] are what templates may use.
    pub fields: Map<String, Value>,
    /// Where, as a region code.
    pub region_code: Option<String>,
    /// Whose.
    pub dealer_code: Option<String>,
}

impl Signal {
    /// A thing that began.
    pub fn raised(
        kind: SignalKind,
        subject: impl Into<String>,
        severity: Severity,
        at: DateTime<Utc>,
    ) -> Self {
        Self {
            kind,
            subject: subject.into(),
            phase: Phase::Raised,
            severity,
            at,
            fields: Map::new(),
            region_code: None,
            dealer_code: None,
        }
    }

    /// The all-clear of a thing.
    pub fn cleared(kind: SignalKind, subject: impl Into<String>, at: DateTime<Utc>) -> Self {
        Self { phase: Phase::Cleared, ..Self::raised(kind, subject, Severity::Info, at) }
    }

    /// With one more field.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(name.to_owned(), value.into());
        self
    }

    /// In a region.
    #[must_use]
    pub fn in_region(mut self, region_code: impl Into<String>) -> Self {
        self.region_code = Some(region_code.into());
        self
    }

    /// Of a dealer.
    #[must_use]
    pub fn of_dealer(mut self, dealer_code: impl Into<String>) -> Self {
        self.dealer_code = Some(dealer_code.into());
        self
    }
}
