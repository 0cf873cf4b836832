//! Open sessions and their idle time.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};

/// Open sessions kept; the longest idle one gives way to a new one.
const SESSIONS_MAX: usize = 1_000;

/// Sessions by their id.
#[derive(Debug)]
pub(crate) struct Sessions {
    idle: Duration,
    last_used: HashMap<String, DateTime<Utc>>,
    opened: u64,
}

impl Sessions {
    pub(crate) fn new(idle: Duration) -> Self {
        Self { idle, last_used: HashMap::new(), opened: 0 }
    }

    /// Opens a session and answers its id.
    pub(crate) fn open(&mut self, now: DateTime<Utc>) -> String {
        if self.last_used.len() >= SESSIONS_MAX
            && let Some(oldest) =
                self.last_used.iter().min_by_key(|(_, at)| **at).map(|(id, _)| id.clone())
        {
            self.last_used.remove(&oldest);
        }
        self.opened += 1;
        let id = format!("5a9d0b0c-0000-4000-8000-{:012x}", self.opened);
        self.last_used.insert(id.clone(), now);
        id
    }

    /// Whether the session is open; if so its idle time starts anew.
    pub(crate) fn renew(&mut self, id: &str, now: DateTime<Utc>) -> bool {
        let Some(last) = self.last_used.get_mut(id) else { return false };
        let idle = (now - *last).to_std().unwrap_or_default();
        if idle > self.idle {
            self.last_used.remove(id);
            return false;
        }
        *last = now;
        true
    }

    pub(crate) fn close(&mut self, id: &str) {
        self.last_used.remove(id);
    }

    /// Closes every session, as a restart of the application pool does.
    pub(crate) fn close_all(&mut self) {
        self.last_used.clear();
    }
}
