//! A clock that moves only when told to, or when someone sleeps on it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use yuanliu_contract::Clock;

/// Sleeping moves it on at once; every wait is remembered.
#[derive(Debug)]
pub struct ManualClock {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    now: DateTime<Utc>,
    waits: Vec<Duration>,
}

impl ManualClock {
    /// A clock that stands at `now`.
    pub fn at(now: DateTime<Utc>) -> Self {
        Self { state: Mutex::new(State { now, waits: Vec::new() }) }
    }

    /// Moves on without anyone having waited.
    pub fn advance(&self, duration: Duration) {
        self.state().now += duration;
    }

    /// Every wait so far, in order.
    pub fn waits(&self) -> Vec<Duration> {
        self.state().waits.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        self.state().now
    }

    async fn sleep(&self, duration: Duration) {
        let mut state = self.state();
        state.now += duration;
        state.waits.push(duration);
    }
}
