//! The call budget of one ERP account.

use std::collections::VecDeque;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex;
use yuanliu_contract::{CallBudget, Clock};

/// At most so many calls in any minute, shared by everything that uses one account.
pub struct MinuteBudget {
    clock: Arc<dyn Clock>,
    calls_per_minute: usize,
    made: Mutex<VecDeque<DateTime<Utc>>>,
}

impl MinuteBudget {
    /// A budget of `calls_per_minute`, which is at least one.
    pub fn new(clock: Arc<dyn Clock>, calls_per_minute: usize) -> Self {
        Self { clock, calls_per_minute: calls_per_minute.max(1), made: Mutex::default() }
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
        if made.len() >= self.calls_per_minute
            && let Some(oldest) = made.pop_front()
        {
            let wait = (oldest + minute - now).to_std().unwrap_or_default();
            self.clock.sleep(wait).await;
            at = self.clock.now().max(oldest + minute);
        }
        made.push_back(at);
    }
}
