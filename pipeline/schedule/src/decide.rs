//! What becomes of the due times that came since the last decision. Pure: a job, its state, the time.

use chrono::{DateTime, TimeDelta, Utc};

use crate::job::{JobSpec, Missed, Overlap};
use crate::run::{JobRun, JobState, Outcome, Trigger};
use crate::timetable::Timetable;

/// A due time older than this was missed: more than a lease that has to run out, and less than anybody
/// would call late.
const PUNCTUAL: TimeDelta = TimeDelta::seconds(60);

/// So many runs of a job wait at most.
const QUEUE_MAX: usize = 100;

/// Due times that a scheduler on time can still find undecided: one each second.
const PUNCTUAL_MAX: usize = 120;

/// What to note for a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Due times up to here are decided.
    pub decided_until: DateTime<Utc>,
    /// What came of them, in order.
    pub runs: Vec<JobRun>,
    /// The newest due time that was passed over against the wish of the job.
    pub dropped: Option<DateTime<Utc>>,
}

/// Decides on a job; none if there is nothing to note. A job without a state is new: it is due from now on.
pub fn decide(job: &JobSpec, state: Option<&JobState>, now: DateTime<Utc>) -> Option<Decision> {
    let Some(state) = state else {
        return Some(Decision { decided_until: now, runs: Vec::new(), dropped: None });
    };
    let timetable = job.timetable.as_ref().filter(|_| !state.is_paused)?;
    let next = timetable.next_after(state.decided_until)?;
    if next > now {
        return None;
    }
    let mut decision = Decision { decided_until: now, runs: Vec::new(), dropped: None };
    if job.is_enabled {
        let punctual_from = state.decided_until.max(now - PUNCTUAL);
        let (punctual, _) = timetable.between(punctual_from, now, PUNCTUAL_MAX);
        make_up(job, timetable, state, (punctual_from, now), punctual.is_empty(), &mut decision);
        for due in punctual {
            admit(job, state, due, now, &mut decision);
        }
    }
    Some(decision)
}

/// Due times that were missed, as the job wants them made up for. They wait their turn under every
/// overlap policy, or `all` would mean `last`.
fn make_up(
    job: &JobSpec,
    timetable: &Timetable,
    state: &JobState,
    (until, now): (DateTime<Utc>, DateTime<Utc>),
    is_newest: bool,
    decision: &mut Decision,
) {
    let times_max = match job.missed {
        Missed::All => job.missed_max,
        // A due time that is on time makes up for the ones before it.
        Missed::Last => usize::from(is_newest && state.open.is_empty()),
        Missed::None => 0,
    };
    let (mut times, _) = timetable.between(state.decided_until, until, times_max + 1);
    if times.len() > times_max {
        let newest = times.remove(0);
        if job.missed != Missed::Last {
            let run = JobRun::queued(&job.name, Trigger::Missed, Some(newest), now);
            decision.runs.push(dropped_as_missed(job, run));
        }
        decision.dropped = (job.missed == Missed::All).then_some(newest);
    }
    let make_up = |due| JobRun::queued(&job.name, Trigger::Missed, Some(due), now);
    decision.runs.extend(times.into_iter().map(make_up));
}

fn dropped_as_missed(job: &JobSpec, run: JobRun) -> JobRun {
    match job.missed {
        Missed::All => run.passed_over(
            Outcome::Skipped,
            &format!(
                "missed, and so were {} later ones, which is as many as are made up for; earlier ones are passed over too",
                job.missed_max
            ),
            &format!("已错过；只补跑最近 {} 次，更早的均略过", job.missed_max),
        ),
        _ => run.passed_over(
            Outcome::Skipped,
            "missed while no scheduler ran; missed due times of this job are passed over",
            "调度停止期间错过；该任务设置为不补跑",
        ),
    }
}

/// One due time that is on time.
fn admit(
    job: &JobSpec,
    state: &JobState,
    due: DateTime<Utc>,
    now: DateTime<Utc>,
    decision: &mut Decision,
) {
    let run = JobRun::queued(&job.name, Trigger::Schedule, Some(due), now);
    let waiting = decision.runs.iter().filter(|run| run.outcome.is_open()).count();
    let open = state.open.len() + waiting;
    let run = match job.overlap {
        _ if open == 0 => run,
        Overlap::Queue if open < QUEUE_MAX => run,
        Overlap::Queue => {
            decision.dropped = Some(due);
            run.passed_over(
                Outcome::Skipped,
                &format!("{QUEUE_MAX} runs wait already; make the job due less often or faster"),
                &format!("已有 {QUEUE_MAX} 次在排队；请降低频率或加快任务"),
            )
        }
        Overlap::Skip => run.passed_over(
            Outcome::Skipped,
            "the run before had not ended",
            "上一次运行尚未结束，本次略过",
        ),
        Overlap::Forbid => run.passed_over(
            Outcome::Red,
            "the run before had not ended, which this job forbids; make it due less often or faster",
            "上一次运行尚未结束，而该任务禁止重叠；请降低频率或加快任务",
        ),
    };
    decision.runs.push(run);
}
