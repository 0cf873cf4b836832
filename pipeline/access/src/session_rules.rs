//! How long a session lasts.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::records::SessionRecord;

/// A session is noted as used at most so often; nobody needs to know it better.
pub(crate) const TOUCH_EVERY: TimeDelta = TimeDelta::seconds(60);

/// How long a session lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SessionRules {
    /// It ends after so long without use.
    pub idle_s: u32,
    /// It ends after so long, however much it is used.
    pub absolute_s: u32,
}

impl Default for SessionRules {
    fn default() -> Self {
        Self { idle_s: 2 * 3600, absolute_s: 12 * 3600 }
    }
}

impl SessionRules {
    pub(crate) fn idle(self) -> TimeDelta {
        // What is noted late must not end early.
        TimeDelta::seconds(i64::from(self.idle_s)).max(TOUCH_EVERY * 2)
    }

    pub(crate) fn absolute(self) -> TimeDelta {
        TimeDelta::seconds(i64::from(self.absolute_s))
    }

    /// Whether a session is over.
    #[must_use]
    pub fn has_ended(self, session: &SessionRecord, now: DateTime<Utc>) -> bool {
        now >= session.expires_at || now - session.last_seen_at >= self.idle()
    }
}
