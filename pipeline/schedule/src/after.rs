//! Whether the jobs that a job comes after allow it to run.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::job::JobSpec;
use crate::run::{JobRun, JobState, Outcome, Trigger};

/// What the jobs before say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readiness {
    /// All ended well since this job last ran.
    Ready,
    /// One has not ended since.
    Waits {
        /// Which.
        on: String,
    },
    /// One failed; this job waits until it ends well.
    Held {
        /// Which.
        by: String,
        /// Its run.
        run_id: String,
    },
}

/// Asks the jobs before. A failed one says more than one that is still to come.
pub fn readiness(job: &JobSpec, states: &BTreeMap<String, JobState>) -> Readiness {
    let since = states.get(&job.name).and_then(last_start);
    let mut answer = Readiness::Ready;
    for name in &job.after {
        let last = states.get(name).and_then(|state| state.last.as_ref());
        match last.filter(|run| since.is_none_or(|since| run.ended_at > Some(since))) {
            Some(run) if run.outcome.is_well() => {}
            Some(run) => {
                return Readiness::Held { by: name.clone(), run_id: run.run_id.clone() };
            }
            None => answer = Readiness::Waits { on: name.clone() },
        }
    }
    answer
}

/// When the job last began a run that was not cut off: what a cut-off run was for is still to be done.
fn last_start(state: &JobState) -> Option<DateTime<Utc>> {
    let last = state.last.as_ref().filter(|run| run.outcome != Outcome::Interrupted);
    last.and_then(|run| run.started_at)
}

/// The run of a job that has no due times of its own, once the jobs before have ended well.
pub(crate) fn follow(
    job: &JobSpec,
    states: &BTreeMap<String, JobState>,
    now: DateTime<Utc>,
) -> Option<JobRun> {
    let is_free = states.get(&job.name).is_some_and(|s| !s.is_paused && s.open.is_empty());
    let follows = job.is_enabled && job.timetable.is_none() && is_free;
    (follows && readiness(job, states) == Readiness::Ready)
        .then(|| JobRun::queued(&job.name, Trigger::After, None, now))
}

/// The run of a job that is next to begin, if any may. A run that a person asked for waits for nobody.
pub(crate) fn next_to_begin<'s>(
    job: &JobSpec,
    states: &'s BTreeMap<String, JobState>,
) -> Option<&'s JobRun> {
    let state = states.get(&job.name)?;
    let waits_for_nobody = |run: &&JobRun| run.trigger == Trigger::Manual;
    let mut queued = state.open.iter().filter(|run| run.outcome == Outcome::Queued);
    let may_go_by_itself = !state.is_paused
        && job.is_enabled
        && (job.after.is_empty() || readiness(job, states) == Readiness::Ready);
    if may_go_by_itself { queued.next() } else { queued.find(waits_for_nobody) }
}
