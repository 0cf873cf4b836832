//! One pass over all jobs: decide on due times, close what dead processes left open, begin what may begin.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Scheduler, tell};
use crate::after::{Readiness, follow, next_to_begin, readiness};
use crate::decide::decide;
use crate::event::Event;
use crate::job::JobSpec;
use crate::ports::{Lease, RunEnd};
use crate::run::{JobCounts, JobRun, JobState, Outcome};

/// The states of all jobs by name.
type States = BTreeMap<String, JobState>;

impl Scheduler {
    /// Looks at every job once.
    pub(super) async fn pass(&mut self) {
        let jobs = self.jobs.borrow_and_update().jobs.clone();
        let mut states: States = match self.parts.store.states().await {
            Ok(states) => states.into_iter().map(|state| (state.job.clone(), state)).collect(),
            Err(error) => return self.trouble("reading the states of jobs", &error),
        };
        let mut leases = BTreeMap::new();
        for job in &jobs {
            self.settle(job, &mut states, &mut leases).await;
        }
        self.begin_what_may(&jobs, &mut states, &mut leases).await;
        for lease in leases.into_values() {
            if let Err(error) = self.parts.leases.release(&lease).await {
                self.trouble("giving a lease back", &error);
            }
        }
        self.tell_held(&jobs, &states).await;
    }

    /// Decides on one job and closes what a dead process left of it.
    async fn settle(
        &mut self,
        job: &Arc<JobSpec>,
        states: &mut States,
        leases: &mut BTreeMap<String, Lease>,
    ) {
        let now = self.parts.clock.now();
        if !self.is_unsettled(job, states, now) {
            return;
        }
        let lease = match self.lease_of_running(&job.name) {
            Some(lease) => lease,
            None => {
                let Some(lease) = self.take_lease(&job.name, states, leases).await else { return };
                // Whoever held the lease before may have decided since the states were read.
                if !self.is_unsettled(job, states, now) {
                    return;
                }
                lease
            }
        };
        self.close_orphans(job, states, &lease, now).await;
        self.admit(job, states, &lease, now).await;
        match self.parts.store.state(&job.name).await {
            Ok(Some(state)) => drop(states.insert(job.name.clone(), state)),
            Ok(None) => {}
            Err(error) => self.trouble("reading the state of a job", &error),
        }
    }

    fn is_unsettled(&self, job: &JobSpec, states: &States, now: DateTime<Utc>) -> bool {
        if self.active.get(&job.name).is_some_and(|active| active.end.is_some() || active.is_lost())
        {
            return false;
        }
        let state = states.get(&job.name);
        let is_orphaned = state.is_some_and(|state| self.orphans(state).next().is_some());
        is_orphaned || decide(job, state, now).is_some() || follow(job, states, now).is_some()
    }

    /// Runs that are noted as running, and do not run here.
    fn orphans<'s>(&self, state: &'s JobState) -> impl Iterator<Item = &'s JobRun> + use<'s> {
        let here = self.active.get(&state.job).map(|active| active.run.run_id.clone());
        let running = state.open.iter().filter(|run| run.outcome == Outcome::Running);
        running.filter(move |run| Some(&run.run_id) != here.as_ref())
    }

    /// The lease under which a job runs here, unless it was lost.
    fn lease_of_running(&self, job: &str) -> Option<Lease> {
        self.active.get(job).map(|active| active.lease.clone())
    }

    /// Takes a job's lease for this pass and reads its state anew.
    async fn take_lease(
        &mut self,
        job: &str,
        states: &mut States,
        leases: &mut BTreeMap<String, Lease>,
    ) -> Option<Lease> {
        if let Some(lease) = leases.get(job) {
            return Some(lease.clone());
        }
        let (now, options) = (self.parts.clock.now(), &self.options);
        let taken = self.parts.leases.acquire(job, &options.owner, now, options.lease_ttl).await;
        let lease = match taken {
            Ok(lease) => lease?,
            Err(error) => {
                self.trouble("taking a lease", &error);
                return None;
            }
        };
        leases.insert(job.to_owned(), lease.clone());
        match self.parts.store.state(job).await {
            Ok(Some(state)) => drop(states.insert(job.to_owned(), state)),
            Ok(None) => drop(states.remove(job)),
            Err(error) => {
                self.trouble("reading the state of a job", &error);
                return None;
            }
        }
        Some(lease)
    }

    /// Under the job's lease nobody else runs it: what is noted as running was cut off.
    async fn close_orphans(
        &mut self,
        job: &JobSpec,
        states: &mut States,
        lease: &Lease,
        now: DateTime<Utc>,
    ) {
        let Some(state) = states.get_mut(&job.name) else { return };
        let orphans: Vec<_> = self.orphans(state).cloned().collect();
        for run in orphans {
            let end = RunEnd {
                at: now,
                outcome: Outcome::Interrupted,
                counts: JobCounts::default(),
                message: Some(
                    "its process ended during this run; the next run goes on from what was landed"
                        .to_owned(),
                ),
                message_zh: Some("运行期间进程终止；下次运行从已落地处继续".to_owned()),
            };
            if let Err(error) = self.parts.store.end(lease, &run.run_id, &end).await {
                self.trouble("closing a run that was cut off", &error);
                continue;
            }
            let run = JobRun {
                ended_at: Some(now),
                outcome: end.outcome,
                message: end.message,
                message_zh: end.message_zh,
                ..run
            };
            state.open.retain(|open| open.run_id != run.run_id);
            state.last = Some(run.clone());
            self.emit(Event::Ended(run.clone()));
            if let Some(signal) = tell::of_end(&run, None) {
                self.parts.signals.raise(signal).await;
            }
        }
    }

    /// Notes what became of due times, or that the jobs before have ended well.
    async fn admit(&mut self, job: &JobSpec, states: &States, lease: &Lease, now: DateTime<Utc>) {
        let state = states.get(&job.name);
        let decision = decide(job, state, now);
        let until = decision.as_ref().map(|decision| decision.decided_until);
        let dropped = decision.as_ref().and_then(|decision| decision.dropped);
        let mut runs = decision.map(|decision| decision.runs).unwrap_or_default();
        runs.extend(follow(job, states, now));
        let Some(until) = until.or(state.map(|state| state.decided_until)) else { return };
        if let Err(error) = self.parts.store.admit(lease, until, &runs).await {
            return self.trouble("noting due times", &error);
        }
        for run in runs {
            let signal = tell::of_end(&run, None);
            self.emit(Event::Admitted(run));
            if let Some(signal) = signal {
                self.parts.signals.raise(signal).await;
            }
        }
        if let Some(due) = dropped {
            self.parts.signals.raise(tell::of_dropped(job, due, now)).await;
        }
    }

    /// Begins queued runs, the oldest first, while there is room.
    async fn begin_what_may(
        &mut self,
        jobs: &[Arc<JobSpec>],
        states: &mut States,
        leases: &mut BTreeMap<String, Lease>,
    ) {
        let mut waiting: Vec<_> = jobs
            .iter()
            .filter_map(|job| Some((next_to_begin(job, states)?.clone(), job)))
            .filter(|(run, _)| !self.active.contains_key(&run.job))
            .collect();
        waiting.sort_by_key(|(run, _)| run.queued_at);
        for (_, job) in waiting {
            if self.active.len() >= self.options.runs_max {
                return;
            }
            let Some(lease) = self.take_lease(&job.name, states, leases).await else { continue };
            let Some(state) = states.get(&job.name).cloned() else { continue };
            let is_free = state.open.iter().all(|run| run.outcome == Outcome::Queued);
            let Some(run) = next_to_begin(job, states).filter(|_| is_free).cloned() else {
                continue;
            };
            if self.launch(job, &state, run, lease).await {
                leases.remove(&job.name);
            }
        }
    }

    /// Tells of jobs that wait for one that failed, once for each failure.
    async fn tell_held(&mut self, jobs: &[Arc<JobSpec>], states: &States) {
        let now = self.parts.clock.now();
        for job in jobs.iter().filter(|job| job.is_enabled && !job.after.is_empty()) {
            let state = states.get(&job.name);
            let wants_to_run = job.timetable.is_none()
                || state.is_some_and(|s| s.open.iter().any(|r| r.outcome == Outcome::Queued));
            if !wants_to_run || state.is_some_and(|state| state.is_paused) {
                continue;
            }
            if let Readiness::Held { by, run_id } = readiness(job, states) {
                let signal = tell::of_held(job, &by, &run_id, now);
                if self.told.insert(signal.key.clone()) {
                    self.parts.signals.raise(signal).await;
                }
            }
        }
    }
}
