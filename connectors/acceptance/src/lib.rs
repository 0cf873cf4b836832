//! The behavioural suite every connector runs.
//!
//! A connector's `tests/acceptance.rs` implements [`Subject`] over its sandbox or a folder and hands
//! [`run_all`] a way to make a fresh one; every behaviour starts from an empty source. A behaviour
//! says what a user would lose if it did not hold, and knows nothing of a concrete system. A fault that
//! a connector cannot meet (a folder has no sessions) is answered with
//! [`Applicability::NotApplicable`] and listed as such in the [`SuiteReport`].
//!
//! The suite applies the engine's own retry policy on a [`ManualClock`], so waits are asserted and
//! never waited for.

pub mod behaviours;
pub mod manual_clock;
pub mod report;
pub mod subject;
pub mod trial;

pub use behaviours::{Behaviour, all};
pub use manual_clock::ManualClock;
pub use report::{Failure, Outcome, SuiteReport, Verdict};
pub use subject::{Applicability, Expectations, Fault, FixedSecrets, SourceRow, Subject};

use std::time::Duration;

/// A behaviour that takes longer hangs.
const BEHAVIOUR_TIMEOUT_S: u64 = 120;

/// Runs every behaviour, each against a fresh subject, and reports on all of them.
///
/// ```text
/// let report = yuanliu_acceptance::run_all(async || MySubject::start().await).await;
/// assert!(report.is_ok(), "{report}");
/// ```
pub async fn run_all<S: Subject>(fresh: impl AsyncFn() -> S) -> SuiteReport {
    let mut report = SuiteReport::default();
    for behaviour in all() {
        let subject = fresh().await;
        report.note(behaviour.name, run_one(behaviour, &subject).await);
    }
    report
}

/// Runs one behaviour against a subject that holds no rows.
pub async fn run_one(behaviour: &Behaviour, subject: &dyn Subject) -> Outcome {
    let limit = Duration::from_secs(BEHAVIOUR_TIMEOUT_S);
    match tokio::time::timeout(limit, (behaviour.run)(subject)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Failure::new(format!("did not end within {BEHAVIOUR_TIMEOUT_S} s"))),
    }
}
