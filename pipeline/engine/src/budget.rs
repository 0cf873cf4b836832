//! The call budget of one ERP account.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex;
use yuanliu_contract::{CallBudget, Clock};

/// Calls that may be made in the minute that ends at an instant.
pub type Rate = dyn Fn(DateTime<Utc>) -> usize + Send + Sync;

/// At most so many calls in any minute, shared by everything that uses one account.
pub struct MinuteBudget {
    clock: Arc<dyn Clock>,
    rate: Box<Rate>,
    made: Mutex<VecDeque<DateTime<Utc>>>,
}

impl fmt::Debug for MinuteBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MinuteBudget").field("now", &(self.rate)(self.clock.now())).finish()
    }
}

impl MinuteBudget {
    /// A budget of `rate` calls a minute, which is at least one at any time.
    pub fn new(
        clock: Arc<dyn Clock>,
        rate: impl Fn(DateTime<Utc>) -> usize + Send + Sync + 'static,
    ) -> Self {
        Self { clock, rate: Box::new(rate), made: Mutex::default() }
    }
}

#[async_trait]
impl CallBudget for MinuteBudget {
    async fn acquire(&self) {
        let mut made = self.made.lock().await;
        let minute = TimeDelta::minutes(1);
        let now = self.clock.now();
        while made.front().is_some_and(|at| *at + minute <= now) {
            made.pop_front();
        }
        let mut at = now;
        let calls = (self.rate)(now).max(1);
        // Where the rate has just fallen, more calls than one have to grow old first.
        if let Some(last) = made.len().checked_sub(calls)
            && let Some(oldest) = made.drain(..=last).next_back()
        {
            let wait = (oldest + minute - now).to_std().unwrap_or_default();
            self.clock.sleep(wait).await;
            at = self.clock.now().max(oldest + minute);
        }
        made.push_back(at);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex as StdMutex;
    use std::time::Duration;

    use super::*;

    /// A clock that sleeping moves on.
    struct Moved(StdMutex<DateTime<Utc>>);

    #[async_trait]
    impl Clock for Moved {
        fn now(&self) -> DateTime<Utc> {
            *self.0.lock().unwrap()
        }

        async fn sleep(&self, wait: Duration) {
            *self.0.lock().unwrap() += wait;
        }
    }

    #[tokio::test]
    async fn no_minute_has_more_calls_than_its_rate_also_when_that_falls() {
        let start = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let clock = Arc::new(Moved(StdMutex::new(start)));
        let falls_at = start + TimeDelta::seconds(90);
        let rate = move |at| if at < falls_at { 6 } else { 2 };
        let budget = MinuteBudget::new(clock.clone(), rate);
        let mut made = Vec::new();
        for _ in 0..40 {
            budget.acquire().await;
            made.push(clock.now());
        }
        for (at, call) in made.iter().enumerate() {
            let within = made[..=at].iter().filter(|one| **one + TimeDelta::minutes(1) > *call);
            assert!(within.count() <= rate(*call), "call {at} at {call}");
        }
        assert_eq!(made[5], start);
        assert_eq!(made[11], start + TimeDelta::minutes(1));
    }
}
