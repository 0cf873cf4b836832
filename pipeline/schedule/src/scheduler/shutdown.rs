//! Ending in order.

use std::time::Duration;

use chrono::TimeDelta;

use super::active::Stopped;
use super::{Scheduler, span};

impl Scheduler {
    /// Begins nothing more, lets what runs end within `bound`, tells the rest to stop, drops what does not
    /// stop within the grace, and notes all of it.
    pub async fn shut_down(mut self, bound: Duration) {
        let clock = self.parts.clock.clone();
        let patience = clock.now() + span(bound);
        // Once for the work to stop, once for dropping it and noting that.
        let last = patience + span(self.options.stop_grace) * 2;
        while !self.active.is_empty() {
            let now = clock.now();
            self.renew_leases().await;
            if now >= patience {
                self.active.values_mut().for_each(|active| active.stop(Stopped::Shutdown, now));
            }
            self.stop_overdue().await;
            self.note_ends().await;
            let Some(next) = self.active.values().map(|a| a.next_look(&self.options, now)).min()
            else {
                return;
            };
            if now >= last {
                let jobs: Vec<_> = self.running().collect();
                tracing::error!(?jobs, "runs could not be ended; the next start closes them");
                return;
            }
            let next = if now < patience { next.min(patience) } else { next.min(last) };
            tokio::select! {
                () = self.wait() => {}
                () = clock.sleep_until(next.max(now + TimeDelta::milliseconds(1))) => {}
            }
        }
    }
}
