//! Gates: what must hold before goods go on, written in a file.
//!
//! A gate is a condition in SQL over the facts of one check, for instance `batch_inspection = 'pass'`.
//! It holds only if the condition is true; unknown is not true. Gates are tried in the order of the
//! file and every one that does not hold is told. A file brings examples with it, and one whose
//! examples come out otherwise is refused, so that a rule never goes live untested. The file's
//! version, a hash of what it says, stands in every decision.

mod error;
mod facts;
mod file;
mod gate;

pub use error::GateError;
pub use facts::{FACTS, Fact, FactKind, FactSpec, Facts};
pub use gate::{Check, Decision, Gates, Refusal};
