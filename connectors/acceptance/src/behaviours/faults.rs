//! What a bad day of the source costs: nothing but time.

use std::ops::RangeInclusive;

use chrono::TimeDelta;
use yuanliu_contract::{Clock, ErrorKind};

use crate::report::{Failure, Outcome, Verdict, ensure};
use crate::subject::{Applicability, Fault, Subject};
use crate::trial::{LOOK_BACK, Reading, Trial, same_state, state_of};

/// The pause a throttling source asks for.
const RETRY_AFTER_S: u64 = 7;

pub(super) async fn session_is_renewed(subject: &dyn Subject) -> Outcome {
    meet(subject, Fault::SessionLost, Some(ErrorKind::SessionExpired)).await
}

pub(super) async fn error_inside_200_is_error(subject: &dyn Subject) -> Outcome {
    meet(subject, Fault::ErrorInside200, None).await
}

pub(super) async fn malformed_page_recovers(subject: &dyn Subject) -> Outcome {
    meet(subject, Fault::MalformedPage, Some(ErrorKind::Malformed)).await
}

pub(super) async fn timeout_recovers(subject: &dyn Subject) -> Outcome {
    meet(subject, Fault::Timeout, Some(ErrorKind::Timeout)).await
}

pub(super) async fn reset_connection_recovers(subject: &dyn Subject) -> Outcome {
    meet(subject, Fault::ConnectionReset, Some(ErrorKind::Unreachable)).await
}

pub(super) async fn busy_source_recovers(subject: &dyn Subject) -> Outcome {
    meet(subject, Fault::Busy, Some(ErrorKind::Busy)).await
}

/// The fault hits the second page: the call fails with the right kind, the next call reads the
/// page after all, and the run ends with every row.
async fn meet(subject: &dyn Subject, fault: Fault, kind: Option<ErrorKind>) -> Outcome {
    let trial = Trial::begin(subject)?;
    let rows = trial.documents(0, trial.documents_of_three_pages());
    subject.put(&rows).await;
    let mut source = trial.open(None, LOOK_BACK).await?;
    let mut reading = Reading::default();
    reading.pages.extend(trial.next(&mut *source).await?);
    if subject.inject(fault).await == Applicability::NotApplicable {
        return Ok(Verdict::NotApplicable);
    }
    let error = match source.next_page().await {
        Err(error) => error,
        Ok(page) => {
            let rows = page.map_or(0, |page| page.rows.batch.num_rows());
            return Err(Failure::new(format!("{fault:?} passed unnoticed, with {rows} rows")));
        }
    };
    trial.no_leak(&error)?;
    if let Some(kind) = kind {
        ensure(error.kind == kind, || {
            format!("{fault:?} is reported as {:?} ({error}), should be {kind:?}", error.kind)
        })?;
    }
    reading.pages.extend(trial.drain(&mut *source).await?.pages);
    same_state(
        &format!("the run in which {fault:?} happened"),
        &state_of(&rows),
        &reading.state(),
    )?;
    Ok(Verdict::Holds)
}

pub(super) async fn retry_after_seconds(subject: &dyn Subject) -> Outcome {
    wait_as_asked(subject, |_| Fault::RateLimitedSeconds(RETRY_AFTER_S), 7_000..=8_000).await
}

/// An HTTP date has whole seconds, so up to two may be lost on the way.
pub(super) async fn retry_after_date(subject: &dyn Subject) -> Outcome {
    let fault = |trial: &Trial<'_>| {
        Fault::RateLimitedDate(trial.clock.now() + TimeDelta::seconds(RETRY_AFTER_S as i64))
    };
    wait_as_asked(subject, fault, 5_000..=8_000).await
}

async fn wait_as_asked(
    subject: &dyn Subject,
    fault: impl Fn(&Trial<'_>) -> Fault,
    wait_ms: RangeInclusive<u128>,
) -> Outcome {
    let trial = Trial::begin(subject)?;
    let rows = trial.documents(0, trial.documents_of_three_pages());
    subject.put(&rows).await;
    let mut source = trial.open(None, LOOK_BACK).await?;
    let mut reading = Reading::default();
    reading.pages.extend(trial.next(&mut *source).await?);
    let waits_before = trial.clock.waits().len();
    if subject.inject(fault(&trial)).await == Applicability::NotApplicable {
        return Ok(Verdict::NotApplicable);
    }
    reading.pages.extend(trial.drain(&mut *source).await?.pages);
    same_state("the run that was throttled", &state_of(&rows), &reading.state())?;
    let waits = trial.clock.waits();
    let waited: u128 = waits[waits_before..].iter().map(std::time::Duration::as_millis).sum();
    ensure(wait_ms.contains(&waited), || {
        format!("asked to wait {RETRY_AFTER_S} s, the run waited {waited} ms, not {wait_ms:?}")
    })?;
    Ok(Verdict::Holds)
}

/// An empty page is the end of a run, not a loop; what was behind it is read by the next one.
pub(super) async fn empty_page_ends(subject: &dyn Subject) -> Outcome {
    let trial = Trial::begin(subject)?;
    let rows = trial.documents(0, trial.documents_of_three_pages());
    subject.put(&rows).await;
    let mut source = trial.open(None, LOOK_BACK).await?;
    let mut reading = Reading::default();
    reading.pages.extend(trial.next(&mut *source).await?);
    if subject.inject(Fault::EmptyPage).await == Applicability::NotApplicable {
        return Ok(Verdict::NotApplicable);
    }
    reading.pages.extend(trial.drain(&mut *source).await?.pages);
    let next = trial.run(reading.last_cursor(), LOOK_BACK).await?;
    let mut state = reading.state();
    next.apply_to(&mut state);
    same_state("the run after an empty page", &state_of(&rows), &state)?;
    Ok(Verdict::Holds)
}
