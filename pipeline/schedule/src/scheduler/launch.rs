//! Beginning a run.

use std::sync::Arc;

use super::active::{Active, Finished};
use super::{Scheduler, span};
use crate::event::Event;
use crate::job::JobSpec;
use crate::ports::{Lease, Order};
use crate::run::{JobRun, JobState, Outcome};

impl Scheduler {
    /// Begins a queued run under a lease; false if the store did not let it.
    pub(super) async fn launch(
        &mut self,
        job: &Arc<JobSpec>,
        state: &JobState,
        run: JobRun,
        lease: Lease,
    ) -> bool {
        let now = self.parts.clock.now();
        if let Err(error) = self.parts.store.begin(&lease, &run.run_id, now).await {
            self.trouble("beginning a run", &error);
            return false;
        }
        let run = JobRun { started_at: Some(now), outcome: Outcome::Running, ..run };
        let stop = tokio_util::sync::CancellationToken::new();
        let order = Order {
            run_id: run.run_id.clone(),
            job: job.clone(),
            trigger: run.trigger,
            due_at: run.due_at,
            budgets: self.jobs.borrow().budgets.clone(),
            fence: lease.fence,
        };
        let (work, told) = (self.parts.work.clone(), stop.clone());
        let task = tokio::spawn(async move { work.run(order, told).await });
        let active = Active {
            lease,
            stop,
            task: task.abort_handle(),
            deadline: now + span(job.timeout),
            stopped: None,
            end: None,
            before: state.last.as_ref().map(|last| last.outcome),
            run: run.clone(),
        };
        let sender = self.finished.0.clone();
        let (name, run_id) = (job.name.clone(), run.run_id.clone());
        tokio::spawn(async move {
            let result = task.await;
            // A scheduler that is gone has nothing to note.
            let _ = sender.send(Finished { job: name, run_id, result });
        });
        self.active.insert(job.name.clone(), active);
        self.emit(Event::Started(run));
        true
    }
}

impl Drop for Scheduler {
    /// Work does not outlive what holds its lease.
    fn drop(&mut self) {
        for active in self.active.values() {
            active.stop.cancel();
            active.task.abort();
        }
    }
}
