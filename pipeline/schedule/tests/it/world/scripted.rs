//! Work that ends when the test says so, or when it is told to stop.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tokio::sync::{oneshot, watch};
use tokio_util::sync::CancellationToken;
use yuanliu_schedule::memory::ManualClock;
use yuanliu_schedule::{Clock, JobCounts, Order, Outcome, Trigger, Work, WorkReport};

/// One run as the work saw it.
#[derive(Debug, Clone)]
pub struct Begun {
    pub job: String,
    pub run_id: String,
    pub due_at: Option<DateTime<Utc>>,
    pub trigger: Trigger,
    pub fence: u64,
    pub at: DateTime<Utc>,
    pub is_over: bool,
}

pub struct Scripted {
    clock: Arc<ManualClock>,
    log: watch::Sender<Vec<Begun>>,
    ends: Mutex<BTreeMap<String, oneshot::Sender<WorkReport>>>,
    /// Jobs that do not heed `stop`, and jobs whose work breaks off.
    pub deaf: Mutex<Vec<String>>,
    pub broken: Mutex<Vec<String>>,
}

/// A report of three rows.
pub fn report(outcome: Outcome) -> WorkReport {
    let counts = JobCounts { read: 3, loaded: 2, unchanged: 1, rejected: 0 };
    WorkReport { outcome, counts, message: None, message_zh: None }
}

impl Scripted {
    pub fn new(clock: Arc<ManualClock>) -> Self {
        Self {
            clock,
            log: watch::Sender::new(Vec::new()),
            ends: Mutex::default(),
            deaf: Mutex::default(),
            broken: Mutex::default(),
        }
    }

    /// Everything that was begun so far.
    pub fn log(&self) -> Vec<Begun> {
        self.log.borrow().clone()
    }

    /// Returns when the work of a run has begun.
    pub async fn begun(&self, run_id: &str) {
        let mut log = self.log.subscribe();
        log.wait_for(|log| log.iter().any(|begun| begun.run_id == run_id)).await.unwrap();
    }

    /// Returns when it is over.
    pub async fn over(&self, run_id: &str) {
        let mut log = self.log.subscribe();
        let is_over = |begun: &Begun| begun.run_id == run_id && begun.is_over;
        log.wait_for(|log| log.iter().any(is_over)).await.unwrap();
    }

    pub fn job_of(&self, run_id: &str) -> String {
        let log = self.log.borrow();
        log.iter().find(|begun| begun.run_id == run_id).map(|b| b.job.clone()).unwrap_or_default()
    }

    /// Lets a run end.
    pub fn end(&self, run_id: &str, report: WorkReport) {
        if let Some(end) = self.ends.lock().unwrap().remove(run_id) {
            // One that was told to stop in the meantime has ended already.
            let _ = end.send(report);
        }
    }
}

/// Notes the end of a run, also of one that is dropped.
struct Over<'a>(&'a Scripted, String);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.log.send_modify(|log| {
            log.iter_mut().filter(|begun| begun.run_id == self.1).for_each(|b| b.is_over = true);
        });
    }
}

#[async_trait]
impl Work for Scripted {
    async fn run(&self, order: Order, stop: CancellationToken) -> WorkReport {
        let (sender, end) = oneshot::channel();
        self.ends.lock().unwrap().insert(order.run_id.clone(), sender);
        let begun = Begun {
            job: order.job.name.clone(),
            run_id: order.run_id.clone(),
            due_at: order.due_at,
            trigger: order.trigger,
            fence: order.fence,
            at: self.clock.now(),
            is_over: false,
        };
        self.log.send_modify(|log| log.push(begun));
        let _over = Over(self, order.run_id.clone());
        if self.broken.lock().unwrap().contains(&order.job.name) {
            panic!("the work breaks off");
        }
        let is_deaf = self.deaf.lock().unwrap().contains(&order.job.name);
        tokio::select! {
            biased;
            () = stop.cancelled(), if !is_deaf => report(Outcome::Yellow),
            ended = end => ended.unwrap_or_else(|_| report(Outcome::Red)),
        }
    }
}
