//! Calls to one path within any minute.
//!
//! The platform counts per API and per app: 60 calls a minute on the free tier for sales orders,
//! 40 for some others (reference: yonyou.md 1.3). This stands beside the hub's budget, which counts
//! calls of the whole account.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use yuanliu_contract::Clock;

const MINUTE: TimeDelta = TimeDelta::minutes(1);

/// Budgets of every path that was called; there are as many as the catalogue has paths.
pub(crate) struct PathBudgets {
    clock: Arc<dyn Clock>,
    calls_per_minute: usize,
    calls: Mutex<HashMap<String, VecDeque<DateTime<Utc>>>>,
}

impl PathBudgets {
    /// Budgets of `calls_per_minute` each, at least one.
    pub(crate) fn new(clock: Arc<dyn Clock>, calls_per_minute: usize) -> Self {
        let calls = Mutex::new(HashMap::new());
        Self { clock, calls_per_minute: calls_per_minute.max(1), calls }
    }

    /// Returns when `path` may be called; the call counts from then on.
    pub(crate) async fn acquire(&self, path: &str) {
        while let Some(wait) = self.take(path) {
            self.clock.sleep(wait).await;
        }
    }

    /// Takes a call, or says how long to wait before trying again.
    fn take(&self, path: &str) -> Option<Duration> {
        let now = self.clock.now();
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let calls = calls.entry(path.to_owned()).or_default();
        // A clock that was set back must not block for longer than a minute.
        calls.retain(|&call| now - MINUTE < call && call <= now);
        match calls.front() {
            Some(&oldest) if calls.len() >= self.calls_per_minute => {
                Some((oldest + MINUTE - now).to_std().unwrap_or_default())
            }
            _ => {
                calls.push_back(now);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;

    use super::*;

    struct Hand(Mutex<DateTime<Utc>>);

    #[async_trait]
    impl Clock for Hand {
        fn now(&self) -> DateTime<Utc> {
            *self.0.lock().unwrap()
        }

        async fn sleep(&self, duration: Duration) {
            *self.0.lock().unwrap() += duration;
        }
    }

    #[tokio::test]
    async fn no_minute_holds_more_calls_than_the_budget() {
        let clock = Arc::new(Hand(Mutex::new(DateTime::UNIX_EPOCH)));
        let budgets = PathBudgets::new(clock.clone(), 3);
        let mut starts = Vec::new();
        for _ in 0..8 {
            budgets.acquire("/a").await;
            starts.push(clock.now().timestamp());
            clock.sleep(Duration::from_secs(7)).await;
        }
        assert_eq!(starts, [0, 7, 14, 60, 67, 74, 120, 127]);
        let before = clock.now();
        budgets.acquire("/b").await;
        assert_eq!(clock.now(), before);
    }
}
