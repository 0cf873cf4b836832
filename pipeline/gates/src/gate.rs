//! Reading gates, testing them, and asking them.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{Array, AsArray};
use arrow::datatypes::DataType;
use datafusion::common::ToDFSchema;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::optimizer::simplify_expressions::ExprSimplifier;
use datafusion::physical_plan::PhysicalExpr;
use datafusion::prelude::SessionContext;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::error::GateError;
use crate::facts::{FACTS, Facts, schema};
use crate::file::{GateFile, GateText};

/// Where a gate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// A code is about to go on an order.
    Shipment,
    /// A lot is about to go into a work order.
    Material,
}

/// One gate that did not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The gate's name, stable.
    pub gate: String,
    /// What a person is told.
    pub message: String,
}

/// What the gates of a check say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// Whether all of them hold.
    pub allowed: bool,
    /// Those that do not, in the order of the file.
    pub refusals: Vec<Refusal>,
    /// The version of the file that decided.
    pub gate_version: String,
}

struct Gate {
    name: String,
    on: Check,
    message: String,
    condition: Arc<dyn PhysicalExpr>,
}

/// The gates of a file, read and tested.
pub struct Gates {
    gates: Vec<Gate>,
    version: String,
}

impl std::fmt::Debug for Gates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = self.gates.iter().map(|gate| &gate.name).collect::<Vec<_>>();
        f.debug_struct("Gates").field("version", &self.version).field("gates", &names).finish()
    }
}

impl Gates {
    /// Reads a file and tries its examples.
    ///
    /// A broken condition, an example that comes out otherwise, and a gate without an example of each
    /// outcome are errors.
    pub fn parse(text: &str) -> Result<Self, GateError> {
        let file: GateFile =
            toml::from_str(text).map_err(|e| GateError::File(e.to_string().trim().to_owned()))?;
        let version = version(&file);
        let mut names = BTreeSet::new();
        let mut gates = Vec::with_capacity(file.gate.len());
        for text in &file.gate {
            if !names.insert(&text.name) {
                return Err(GateError::Twice { name: text.name.clone() });
            }
            let gate = read(text)?;
            test(&gate, text)?;
            gates.push(gate);
        }
        Ok(Self { gates, version })
    }

    /// The hash of what the file says, 12 hexadecimal digits.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Asks every gate of a check.
    pub fn decide(&self, check: Check, facts: &Facts) -> Result<Decision, GateError> {
        let mut refusals = Vec::new();
        for gate in self.gates.iter().filter(|gate| gate.on == check) {
            if !gate.holds(facts)? {
                let (gate, message) = (gate.name.clone(), gate.message.clone());
                refusals.push(Refusal { gate, message });
            }
        }
        let gate_version = self.version.clone();
        Ok(Decision { allowed: refusals.is_empty(), refusals, gate_version })
    }
}

impl Gate {
    fn holds(&self, facts: &Facts) -> Result<bool, GateError> {
        let ask = |source: DataFusionError| GateError::Ask {
            gate: self.name.clone(),
            source: Box::new(source),
        };
        let row = facts.row().map_err(|e| ask(e.into()))?;
        let value = self.condition.evaluate(&row).and_then(|value| value.into_array(1));
        let value = value.map_err(ask)?;
        // Unknown is not true.
        Ok(value.as_boolean_opt().is_some_and(|v| v.len() == 1 && v.is_valid(0) && v.value(0)))
    }
}

fn read(text: &GateText) -> Result<Gate, GateError> {
    let condition = |source| GateError::Condition {
        gate: text.name.clone(),
        facts: FACTS.map(|spec| spec.name).join(", "),
        source: Box::new(source),
    };
    let context = SessionContext::new();
    let facts = schema().to_dfschema().map_err(condition)?;
    let parsed = context.parse_sql_expr(&text.require, &facts).map_err(condition)?;
    let simplifier = ExprSimplifier::new(
        SimplifyContext::builder().with_schema(Arc::new(facts.clone())).with_current_time().build(),
    );
    // Some functions, `coalesce` among them, have no meaning of their own until they are simplified.
    let simple = simplifier.coerce(parsed, &facts).and_then(|expr| simplifier.simplify(expr));
    let simple = simple.map_err(condition)?;
    let planned = context.create_physical_expr(simple, &facts).map_err(condition)?;
    let found = planned.data_type(&schema()).map_err(condition)?;
    if found != DataType::Boolean {
        let found = found.to_string();
        return Err(GateError::NotACondition { gate: text.name.clone(), found });
    }
    let (name, message) = (text.name.clone(), text.message.clone());
    Ok(Gate { name, on: text.on, message, condition: planned })
}

fn test(gate: &Gate, text: &GateText) -> Result<(), GateError> {
    let mut outcomes = BTreeSet::new();
    for (at, example) in text.example.iter().enumerate() {
        let number = at + 1;
        let holds = gate.holds(&example.facts(&gate.name, number)?)?;
        if holds != example.allowed {
            let problem = format!("allowed is {holds}, the example says {}", example.allowed);
            return Err(GateError::Example { gate: gate.name.clone(), number, problem });
        }
        outcomes.insert(holds);
    }
    if outcomes.len() < 2 {
        return Err(GateError::Untested { gate: gate.name.clone() });
    }
    Ok(())
}

/// Layout and comments do not make a new version, and neither do examples.
fn version(file: &GateFile) -> String {
    let said: Vec<_> =
        file.gate.iter().map(|g| (&g.name, g.on as u8, &g.require, &g.message)).collect();
    format!("{:012x}", xxh3_64(format!("{said:?}").as_bytes()) & 0xffff_ffff_ffff)
}
