//! The engine's rules for physical plans, and what the hub holds them to.

use std::sync::Arc;

use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_optimizer::optimizer::PhysicalOptimizer;

use super::join_sides::JoinSides;
use super::pushdown::Unambiguous;
use super::row_numbers::RowNumbers;

/// A rule for physical plans.
pub(super) type Rule = Arc<dyn PhysicalOptimizerRule + Send + Sync>;

/// The name of the engine's rule for the sides of joins.
const JOIN_SELECTION: &str = "join_selection";
/// What the names of the engine's rules for conditions begin with.
const FILTER_PUSHDOWN: &str = "FilterPushdown";

/// The engine's physical rules for every session that reads models: conditions stop at columns that share
/// a name, joins keep the sides they were written with unless the other is far smaller, and numbers of sorted
/// rows are counted.
pub fn optimizer_rules() -> Vec<Rule> {
    let held_to = |rule: Rule| match rule.name() {
        JOIN_SELECTION => Arc::new(JoinSides(rule)) as Rule,
        name if name.starts_with(FILTER_PUSHDOWN) => Arc::new(Unambiguous(rule)),
        _ => rule,
    };
    let rules = PhysicalOptimizer::new().rules.into_iter().map(held_to);
    rules.chain([Arc::new(RowNumbers) as Rule]).collect()
}
