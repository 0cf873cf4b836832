//! What people are told, in both languages.

use chrono::{DateTime, Utc};

use crate::job::JobSpec;
use crate::run::{JobRun, Outcome};
use crate::signal::{Signal, SignalKind};

/// What the end of a run is worth telling, given how the one before ended.
pub(super) fn of_end(run: &JobRun, before: Option<Outcome>) -> Option<Signal> {
    let was_bad = before.is_some_and(|before| matches!(before, Outcome::Red));
    let (kind, said, said_zh) = match run.outcome {
        Outcome::Red => (SignalKind::JobFailed, "failed", "失败"),
        Outcome::Yellow => {
            (SignalKind::JobDoubtful, "ended with something to look at", "已完成，但需检查")
        }
        Outcome::Interrupted => (SignalKind::JobInterrupted, "was cut off", "被中断"),
        Outcome::Green if was_bad => (SignalKind::JobRecovered, "ended well again", "已恢复正常"),
        _ => return None,
    };
    let job = &run.job;
    let why = run.message.as_ref().map(|message| format!(": {message}")).unwrap_or_default();
    let why_zh = run.message_zh.as_ref().map(|told| format!("：{told}")).unwrap_or_default();
    Some(Signal {
        kind,
        object: job.clone(),
        key: format!("run/{job}/{}", run.run_id),
        at: run.ended_at.unwrap_or(run.queued_at),
        message: format!("job {job} {said}{why}"),
        message_zh: format!("任务 {job} {said_zh}{why_zh}"),
    })
}

/// A job waits because another failed.
pub(super) fn of_held(job: &JobSpec, by: &str, run_id: &str, at: DateTime<Utc>) -> Signal {
    let name = &job.name;
    Signal {
        kind: SignalKind::JobHeld,
        object: name.clone(),
        key: format!("held/{name}/{run_id}"),
        at,
        message: format!(
            "job {name} waits: {by} did not end well; it runs when {by} does, or when run by hand"
        ),
        message_zh: format!(
            "任务 {name} 等待中：{by} 未正常结束；{by} 恢复后自动运行，也可手动运行"
        ),
    }
}

/// Due times were passed over against the wish of the job.
pub(super) fn of_dropped(job: &JobSpec, due: DateTime<Utc>, at: DateTime<Utc>) -> Signal {
    let name = &job.name;
    let local = due.with_timezone(&job.time_zone).format("%Y-%m-%d %H:%M");
    Signal {
        kind: SignalKind::DueTimesDropped,
        object: name.clone(),
        key: format!("dropped/{name}/{}", due.timestamp()),
        at,
        message: format!(
            "job {name}: due times up to {local} were passed over, more than are made up for or may wait"
        ),
        message_zh: format!("任务 {name}：{local} 及更早的计划时间已略过，超出补跑或排队上限"),
    }
}
