//! A file of gates as it is written.

use serde::Deserialize;

use crate::error::GateError;
use crate::facts::Facts;
use crate::gate::Check;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GateFile {
    #[serde(default)]
    pub(crate) gate: Vec<GateText>,
}

/// One gate.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GateText {
    pub(crate) name: String,
    /// The check it stands in.
    pub(crate) on: Check,
    /// The condition that must hold.
    pub(crate) require: String,
    /// What a person is told if it does not.
    pub(crate) message: String,
    #[serde(default)]
    pub(crate) example: Vec<ExampleText>,
}

/// Facts, and whether the gate allows them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExampleText {
    #[serde(default)]
    pub(crate) facts: toml::Table,
    pub(crate) allowed: bool,
}

impl ExampleText {
    pub(crate) fn facts(&self, gate: &str, number: usize) -> Result<Facts, GateError> {
        let mut facts = Facts::default();
        for (name, value) in &self.facts {
            let is_set = match value {
                toml::Value::Boolean(value) => facts.set(name, Some(*value)),
                toml::Value::Integer(value) => facts.set(name, Some(*value)),
                toml::Value::String(value) => facts.set(name, Some(value.as_str())),
                _ => false,
            };
            if !is_set {
                let problem = format!("`{name} = {value}` is no fact of this kind");
                return Err(GateError::Example { gate: gate.to_owned(), number, problem });
            }
        }
        Ok(facts)
    }
}
