//! What the suite found.

use std::fmt;

/// Why a behaviour does not hold, for the connector's author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(String);

impl Failure {
    /// A failure with its explanation.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a behaviour ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Holds,
    /// The subject's source cannot produce the situation.
    NotApplicable,
}

/// How a behaviour ended.
pub type Outcome = Result<Verdict, Failure>;

/// Fails with `text` unless `holds`.
pub(crate) fn ensure(holds: bool, text: impl FnOnce() -> String) -> Result<(), Failure> {
    if holds { Ok(()) } else { Err(Failure(text())) }
}

/// The outcome of every behaviour, in the order they ran; `Display` is for a person.
#[derive(Debug, Default)]
pub struct SuiteReport {
    outcomes: Vec<(&'static str, Outcome)>,
}

impl SuiteReport {
    pub(crate) fn note(&mut self, behaviour: &'static str, outcome: Outcome) {
        self.outcomes.push((behaviour, outcome));
    }

    /// Whether nothing failed.
    pub fn is_ok(&self) -> bool {
        self.outcomes.iter().all(|(_, outcome)| outcome.is_ok())
    }

    /// The names of behaviours that failed.
    pub fn failed(&self) -> Vec<&'static str> {
        self.named(|outcome| outcome.is_err())
    }

    /// The names of behaviours the subject's source cannot show; a test should state them.
    pub fn not_applicable(&self) -> Vec<&'static str> {
        self.named(|outcome| *outcome == Ok(Verdict::NotApplicable))
    }

    fn named(&self, is_wanted: impl Fn(&Outcome) -> bool) -> Vec<&'static str> {
        let wanted = self.outcomes.iter().filter(|(_, outcome)| is_wanted(outcome));
        wanted.map(|(name, _)| *name).collect()
    }
}

impl fmt::Display for SuiteReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, outcome) in &self.outcomes {
            match outcome {
                Ok(Verdict::Holds) => writeln!(f, "holds   {name}")?,
                Ok(Verdict::NotApplicable) => writeln!(f, "n/a     {name}")?,
                Err(failure) => writeln!(f, "FAILS   {name}: {failure}")?,
            }
        }
        Ok(())
    }
}
