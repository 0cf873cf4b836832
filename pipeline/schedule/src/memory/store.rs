//! Jobs and leases in memory: what a store must do, at its shortest.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use crate::ports::{JobStore, Lease, Leases, RunEnd, StoreError};
use crate::run::{JobRun, JobState, Outcome, Trigger};

/// A store for tests and for hubs without a history.
#[derive(Debug, Default)]
pub struct MemoryJobs {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    jobs: BTreeMap<String, KeptJob>,
    leases: BTreeMap<String, Lease>,
}

#[derive(Debug)]
struct KeptJob {
    is_paused: bool,
    decided_until: DateTime<Utc>,
    runs: Vec<JobRun>,
}

impl Kept {
    fn check(&self, lease: &Lease) -> Result<(), StoreError> {
        match self.leases.get(&lease.name) {
            Some(latest) if latest.fence > lease.fence => {
                Err(StoreError::Fenced { name: lease.name.clone() })
            }
            _ => Ok(()),
        }
    }

    fn job(&mut self, name: &str, at: DateTime<Utc>) -> &mut KeptJob {
        let new = || KeptJob { is_paused: false, decided_until: at, runs: Vec::new() };
        self.jobs.entry(name.to_owned()).or_insert_with(new)
    }

    fn run(
        &mut self,
        lease: &Lease,
        run_id: &str,
        fits: impl Fn(Outcome) -> bool,
        wanted: &'static str,
    ) -> Result<&mut JobRun, StoreError> {
        self.check(lease)?;
        let runs = self.jobs.get_mut(&lease.name).into_iter().flat_map(|job| job.runs.iter_mut());
        let mut found = runs.filter(|run| run.run_id == run_id && fits(run.outcome));
        found.next().ok_or_else(|| StoreError::NoSuchRun { run_id: run_id.to_owned(), wanted })
    }
}

impl KeptJob {
    fn state(&self, name: &str) -> JobState {
        let begun = self.runs.iter().filter(|run| run.started_at.is_some());
        JobState {
            job: name.to_owned(),
            is_paused: self.is_paused,
            decided_until: self.decided_until,
            open: self.runs.iter().filter(|run| run.outcome.is_open()).cloned().collect(),
            last: begun
                .filter(|run| run.ended_at.is_some())
                .max_by_key(|run| run.ended_at)
                .cloned(),
        }
    }
}

impl MemoryJobs {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Leases for MemoryJobs {
    async fn acquire(
        &self,
        name: &str,
        owner: &str,
        now: DateTime<Utc>,
        ttl: Duration,
    ) -> Result<Option<Lease>, StoreError> {
        let mut kept = self.kept();
        let held = kept.leases.get(name);
        if held.is_some_and(|lease| lease.owner != owner && lease.expires_at > now) {
            return Ok(None);
        }
        let lease = Lease {
            name: name.to_owned(),
            owner: owner.to_owned(),
            fence: held.map_or(0, |lease| lease.fence) + 1,
            expires_at: later(now, ttl),
        };
        kept.leases.insert(name.to_owned(), lease.clone());
        Ok(Some(lease))
    }

    async fn renew(
        &self,
        lease: &Lease,
        now: DateTime<Utc>,
        ttl: Duration,
    ) -> Result<bool, StoreError> {
        let mut kept = self.kept();
        let held = kept.leases.get_mut(&lease.name).filter(|held| held.fence == lease.fence);
        Ok(held.map(|held| held.expires_at = later(now, ttl)).is_some())
    }

    async fn release(&self, lease: &Lease) -> Result<(), StoreError> {
        let mut kept = self.kept();
        let held = kept.leases.get_mut(&lease.name).filter(|held| held.fence == lease.fence);
        if let Some(held) = held {
            held.expires_at = DateTime::<Utc>::MIN_UTC;
        }
        Ok(())
    }
}

fn later(now: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    now + TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX)
}

#[async_trait]
impl JobStore for MemoryJobs {
    async fn states(&self) -> Result<Vec<JobState>, StoreError> {
        Ok(self.kept().jobs.iter().map(|(name, job)| job.state(name)).collect())
    }

    async fn state(&self, job: &str) -> Result<Option<JobState>, StoreError> {
        Ok(self.kept().jobs.get(job).map(|kept| kept.state(job)))
    }

    async fn admit(
        &self,
        lease: &Lease,
        decided_until: DateTime<Utc>,
        runs: &[JobRun],
    ) -> Result<(), StoreError> {
        let mut kept = self.kept();
        kept.check(lease)?;
        let job = kept.job(&lease.name, decided_until);
        job.decided_until = job.decided_until.max(decided_until);
        for run in runs {
            let is_known = |known: &JobRun| run.due_at.is_some() && known.due_at == run.due_at;
            if !job.runs.iter().any(is_known) {
                job.runs.push(run.clone());
            }
        }
        Ok(())
    }

    async fn begin(
        &self,
        lease: &Lease,
        run_id: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut kept = self.kept();
        let run = kept.run(lease, run_id, |outcome| outcome == Outcome::Queued, "queued")?;
        run.outcome = Outcome::Running;
        run.started_at = Some(at);
        Ok(())
    }

    async fn end(&self, lease: &Lease, run_id: &str, end: &RunEnd) -> Result<(), StoreError> {
        let mut kept = self.kept();
        let run = kept.run(lease, run_id, Outcome::is_open, "queued or running")?;
        run.ended_at = Some(end.at);
        run.outcome = end.outcome;
        run.counts = end.counts;
        run.message.clone_from(&end.message);
        run.message_zh.clone_from(&end.message_zh);
        Ok(())
    }

    async fn ask(&self, run: &JobRun) -> Result<JobRun, StoreError> {
        let mut kept = self.kept();
        let job = kept.job(&run.job, run.queued_at);
        let waits = |r: &&JobRun| r.trigger == Trigger::Manual && r.outcome == Outcome::Queued;
        if let Some(waiting) = job.runs.iter().find(waits) {
            return Ok(waiting.clone());
        }
        job.runs.push(run.clone());
        Ok(run.clone())
    }

    async fn pause(&self, job: &str, is_paused: bool, at: DateTime<Utc>) -> Result<(), StoreError> {
        let mut kept = self.kept();
        let job = kept.job(job, at);
        if job.is_paused && !is_paused {
            job.decided_until = job.decided_until.max(at);
        }
        job.is_paused = is_paused;
        Ok(())
    }

    async fn history(
        &self,
        job: &str,
        before: Option<&str>,
        rows_max: u32,
    ) -> Result<Vec<JobRun>, StoreError> {
        let kept = self.kept();
        let runs = kept.jobs.get(job).map(|job| job.runs.as_slice()).unwrap_or_default();
        let end = before.and_then(|before| runs.iter().position(|run| run.run_id == before));
        let earlier = runs.get(..end.unwrap_or(runs.len())).unwrap_or_default();
        Ok(earlier.iter().rev().take(rows_max as usize).cloned().collect())
    }
}
