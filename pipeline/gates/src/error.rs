//! Why a file of gates is refused.

use datafusion::error::DataFusionError;

/// A problem of a file of gates, or of asking one.
#[derive(Debug, thiserror::Error)]
pub enum GateError {
    /// The file is no TOML, or has keys that gates do not have.
    #[error("the gates cannot be read: {0}")]
    File(String),
    /// Two gates of one name.
    #[error("gate `{name}` is there twice; give each its own name")]
    Twice {
        /// The name.
        name: String,
    },
    /// A condition that is no SQL over the facts.
    #[error("the condition of gate `{gate}` cannot be read; it may use {facts}")]
    Condition {
        /// The gate.
        gate: String,
        /// The facts there are.
        facts: String,
        /// Why.
        #[source]
        source: Box<DataFusionError>,
    },
    /// A condition that is not true or false.
    #[error("the condition of gate `{gate}` yields {found} instead of true or false")]
    NotACondition {
        /// The gate.
        gate: String,
        /// What it yields.
        found: String,
    },
    /// An example names a fact that is none, or gives it a value of another kind.
    #[error("example {number} of gate `{gate}`: {problem}")]
    Example {
        /// The gate.
        gate: String,
        /// From 1.
        number: usize,
        /// What is wrong.
        problem: String,
    },
    /// A gate without an example that it lets pass and one that it stops.
    #[error("gate `{gate}` needs an example that it allows and one that it stops")]
    Untested {
        /// The gate.
        gate: String,
    },
    /// A condition failed on the facts of a check.
    #[error("asking gate `{gate}`")]
    Ask {
        /// The gate.
        gate: String,
        /// Why.
        #[source]
        source: Box<DataFusionError>,
    },
}
