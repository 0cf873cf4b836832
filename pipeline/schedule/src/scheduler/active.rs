//! Runs that this process does: their leases, their limits, their ends.

use chrono::{DateTime, Utc};
use tokio::task::{AbortHandle, JoinError};
use tokio_util::sync::CancellationToken;

use super::{Options, Scheduler, span, tell};
use crate::event::Event;
use crate::ports::{Lease, RunEnd, StoreError, WorkReport};
use crate::run::{JobCounts, JobRun, Outcome};

/// Why work was told to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stopped {
    /// It took longer than it may.
    Overdue,
    /// The process ends.
    Shutdown,
    /// Another process took the job.
    Lost,
}

/// A run that this process does.
pub(super) struct Active {
    pub(super) run: JobRun,
    pub(super) lease: Lease,
    pub(super) stop: CancellationToken,
    pub(super) task: AbortHandle,
    /// When it has taken too long.
    pub(super) deadline: DateTime<Utc>,
    /// Why and when it was told to stop.
    pub(super) stopped: Option<(Stopped, DateTime<Utc>)>,
    /// How it ended, until that is noted.
    pub(super) end: Option<RunEnd>,
    /// How the run before ended.
    pub(super) before: Option<Outcome>,
}

/// What a task leaves.
pub(super) struct Finished {
    pub(super) job: String,
    pub(super) run_id: String,
    pub(super) result: Result<WorkReport, JoinError>,
}

impl Active {
    /// When it is to be looked at again at the latest.
    pub(super) fn next_look(&self, options: &Options, now: DateTime<Utc>) -> DateTime<Utc> {
        let renewal = self.lease.expires_at - span(options.lease_ttl) * 2 / 3;
        let limit = match self.stopped {
            _ if self.end.is_some() => renewal,
            Some((_, at)) => at + span(options.stop_grace),
            None => self.deadline,
        };
        if limit > now { renewal.min(limit) } else { renewal }
    }

    pub(super) fn stop(&mut self, why: Stopped, at: DateTime<Utc>) {
        if self.stopped.is_none() {
            self.stopped = Some((why, at));
            self.stop.cancel();
        }
    }

    pub(super) fn is_lost(&self) -> bool {
        matches!(self.stopped, Some((Stopped::Lost, _)))
    }
}

impl Scheduler {
    /// Extends the leases of what runs; what has lost its lease is told to stop.
    pub(super) async fn renew_leases(&mut self) {
        let now = self.parts.clock.now();
        let ttl = self.options.lease_ttl;
        let mut troubles = Vec::new();
        for (job, active) in &mut self.active {
            if active.is_lost() || now < active.lease.expires_at - span(ttl) * 2 / 3 {
                continue;
            }
            let renewed = self.parts.leases.renew(&active.lease, now, ttl).await;
            let is_held = match renewed {
                Ok(is_held) => is_held,
                Err(error) => {
                    troubles.push(error);
                    // It cannot be known whether another process has it by now.
                    if now < active.lease.expires_at {
                        continue;
                    }
                    false
                }
            };
            if is_held {
                active.lease.expires_at = now + span(ttl);
            } else {
                active.stopped = None;
                active.stop(Stopped::Lost, now);
                let _ = self.events.send(Event::Lost { job: job.clone() });
            }
        }
        for error in troubles {
            self.trouble("renewing a lease", &error);
        }
    }

    /// Tells work that takes too long to stop, and drops what does not.
    pub(super) async fn stop_overdue(&mut self) {
        let now = self.parts.clock.now();
        let grace = span(self.options.stop_grace);
        for active in self.active.values_mut().filter(|active| active.end.is_none()) {
            if now >= active.deadline {
                active.stop(Stopped::Overdue, now);
            }
            if active.stopped.is_some_and(|(_, at)| now >= at + grace) {
                active.task.abort();
            }
        }
    }

    /// Takes what a task leaves; it is noted by [`Self::note_ends`].
    pub(super) fn finish(&mut self, finished: Finished) {
        let now = self.parts.clock.now();
        let of_run = |active: &&mut Active| active.run.run_id == finished.run_id;
        if let Some(active) = self.active.get_mut(&finished.job).filter(of_run) {
            active.end = Some(end_of(finished.result, active, now));
        }
    }

    /// Notes ends that are not noted yet and gives the leases back.
    pub(super) async fn note_ends(&mut self) {
        let over = self.active.values().filter(|active| active.end.is_some());
        let jobs: Vec<_> = over.map(|active| active.run.job.clone()).collect();
        for job in jobs {
            let Some(active) = self.active.get(&job) else { continue };
            let Some(end) = active.end.clone() else { continue };
            if !active.is_lost() {
                match self.parts.store.end(&active.lease, &active.run.run_id, &end).await {
                    Ok(()) => {}
                    // Tried again for as long as the lease can be kept.
                    Err(error @ StoreError::Failed { .. }) => {
                        self.trouble("noting the end of a run", &error);
                        continue;
                    }
                    Err(error) => {
                        self.trouble("noting the end of a run", &error);
                        self.emit(Event::Lost { job: job.clone() });
                        self.active.remove(&job);
                        continue;
                    }
                }
            }
            let Some(active) = self.active.remove(&job) else { continue };
            if active.is_lost() {
                continue;
            }
            if let Err(error) = self.parts.leases.release(&active.lease).await {
                self.trouble("giving a lease back", &error);
            }
            let run = JobRun {
                ended_at: Some(end.at),
                outcome: end.outcome,
                counts: end.counts,
                message: end.message,
                message_zh: end.message_zh,
                ..active.run
            };
            self.emit(Event::Ended(run.clone()));
            if let Some(signal) = tell::of_end(&run, active.before) {
                self.parts.signals.raise(signal).await;
            }
        }
    }
}

fn end_of(result: Result<WorkReport, JoinError>, active: &Active, at: DateTime<Utc>) -> RunEnd {
    let (counts, told, told_zh, outcome) = match result {
        Ok(report) => (report.counts, report.message, report.message_zh, report.outcome),
        Err(error) if error.is_cancelled() => (JobCounts::default(), None, None, Outcome::Red),
        Err(error) => (
            JobCounts::default(),
            Some(format!("the work broke off: {error}; report this with the hub's log")),
            Some(format!("任务程序异常中断：{error}；请连同日志反馈")),
            Outcome::Red,
        ),
    };
    let why = active.stopped.map(|(why, _)| why);
    let (outcome, message, message_zh) = match why {
        Some(Stopped::Overdue) => (
            Outcome::Red,
            "took longer than its timeout_s allows and was stopped",
            "运行超过 timeout_s 上限，已停止",
        ),
        Some(Stopped::Shutdown | Stopped::Lost) => (
            Outcome::Interrupted,
            "stopped because the hub was shut down; the next run goes on from what was landed",
            "因系统停止而中断；下次运行从已落地处继续",
        ),
        None if outcome.is_well() && !counts.is_balanced() => (
            Outcome::Red,
            "its counts do not balance: read is not loaded + unchanged + rejected",
            "计数不平：读取 ≠ 装载 + 未变 + 拒绝",
        ),
        None => {
            let outcome = if outcome.is_well() { outcome } else { Outcome::Red };
            return RunEnd { at, outcome, counts, message: told, message_zh: told_zh };
        }
    };
    RunEnd {
        at,
        outcome,
        counts,
        message: Some(joined(message, told, "; ")),
        message_zh: Some(joined(message_zh, told_zh, "；")),
    }
}

fn joined(first: &str, then: Option<String>, between: &str) -> String {
    then.map_or_else(|| first.to_owned(), |then| format!("{first}{between}{then}"))
}
