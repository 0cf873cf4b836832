//! A store that fails when it is told to: before it has done something, or after, with the answer lost.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use yuanliu_schedule::memory::MemoryJobs;
use yuanliu_schedule::{JobRun, JobState, JobStore, Lease, Leases, RunEnd, StoreError};

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is done.
    Refused,
    /// It is done and the answer is lost.
    AnswerLost,
    /// None: this call goes well.
    No,
}

pub struct Flaky {
    inner: Arc<MemoryJobs>,
    faults: Mutex<VecDeque<Fault>>,
    pace: Mutex<VecDeque<u8>>,
}

impl Flaky {
    pub fn over(inner: Arc<MemoryJobs>) -> Self {
        Self { inner, faults: Mutex::default(), pace: Mutex::default() }
    }

    /// The next calls fail so.
    pub fn fail(&self, faults: &[Fault]) {
        self.faults.lock().unwrap().extend(faults);
    }

    /// How many turns of other tasks the calls take, over and over.
    pub fn pace(&self, turns: Vec<u8>) {
        *self.pace.lock().unwrap() = turns.into();
    }

    async fn take_time(&self) {
        let turns = {
            let mut pace = self.pace.lock().unwrap();
            let step = usize::from(!pace.is_empty());
            pace.rotate_left(step);
            pace.front().copied().unwrap_or_default()
        };
        for _ in 0..turns {
            tokio::task::yield_now().await;
        }
    }

    pub fn heal(&self) {
        self.faults.lock().unwrap().clear();
    }

    pub fn is_failing(&self) -> bool {
        !self.faults.lock().unwrap().is_empty()
    }

    async fn call<T>(
        &self,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let fault = self.faults.lock().unwrap().pop_front().unwrap_or(Fault::No);
        self.take_time().await;
        let failed =
            || Err(StoreError::Failed { action: "answering", source: "the test says so".into() });
        match fault {
            Fault::No => call.await,
            Fault::Refused => failed(),
            Fault::AnswerLost => {
                call.await?;
                failed()
            }
        }
    }
}

#[async_trait]
impl Leases for Flaky {
    async fn acquire(
        &self,
        name: &str,
        owner: &str,
        now: DateTime<Utc>,
        ttl: Duration,
    ) -> Result<Option<Lease>, StoreError> {
        self.call(self.inner.acquire(name, owner, now, ttl)).await
    }

    async fn renew(
        &self,
        lease: &Lease,
        now: DateTime<Utc>,
        ttl: Duration,
    ) -> Result<bool, StoreError> {
        self.call(self.inner.renew(lease, now, ttl)).await
    }

    async fn release(&self, lease: &Lease) -> Result<(), StoreError> {
        self.call(self.inner.release(lease)).await
    }
}

#[async_trait]
impl JobStore for Flaky {
    async fn states(&self) -> Result<Vec<JobState>, StoreError> {
        self.call(self.inner.states()).await
    }

    async fn state(&self, job: &str) -> Result<Option<JobState>, StoreError> {
        self.call(self.inner.state(job)).await
    }

    async fn admit(
        &self,
        lease: &Lease,
        decided_until: DateTime<Utc>,
        runs: &[JobRun],
    ) -> Result<(), StoreError> {
        self.call(self.inner.admit(lease, decided_until, runs)).await
    }

    async fn begin(
        &self,
        lease: &Lease,
        run_id: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.call(self.inner.begin(lease, run_id, at)).await
    }

    async fn end(&self, lease: &Lease, run_id: &str, end: &RunEnd) -> Result<(), StoreError> {
        self.call(self.inner.end(lease, run_id, end)).await
    }

    async fn ask(&self, run: &JobRun) -> Result<JobRun, StoreError> {
        self.inner.ask(run).await
    }

    async fn pause(&self, job: &str, is_paused: bool, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.inner.pause(job, is_paused, at).await
    }

    async fn history(
        &self,
        job: &str,
        before: Option<&str>,
        rows_max: u32,
    ) -> Result<Vec<JobRun>, StoreError> {
        self.inner.history(job, before, rows_max).await
    }
}
