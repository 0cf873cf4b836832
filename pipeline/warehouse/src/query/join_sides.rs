//! Which side of a join is held in memory.
//!
//! The left side is, and the SQL of the models has what is small on the left. The engine's rule exchanges
//! the sides wherever it takes the right for smaller by one byte or row. What it knows are rows and bytes of files;
//! of a condition it cannot see through it assumes that a fifth of the rows remain. So a month of scan events,
//! two conditions deep, was taken for smaller than the few ids that came twice, and held in memory. Here
//! an estimate exchanges the sides only where it says so by far.

use std::sync::Arc;

use datafusion::common::config::ConfigOptions;
use datafusion::common::stats::Precision;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Result, Statistics};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::joins::{CrossJoinExec, HashJoinExec, NestedLoopJoinExec};
use datafusion::physical_plan::statistics::{StatisticsArgs, StatisticsContext};

use super::rules::Rule;

/// How many times smaller the right side must be by an estimate: more than what one wrong fifth makes.
const BY_FAR: usize = 8;

type Plan = Arc<dyn ExecutionPlan>;

/// The engine's rule for joins with the sides decided beforehand.
#[derive(Debug)]
pub(super) struct JoinSides(pub(super) Rule);

impl PhysicalOptimizerRule for JoinSides {
    fn optimize(&self, plan: Plan, config: &ConfigOptions) -> Result<Plan> {
        let sided = plan.transform_up(sided)?.data;
        let mut config = config.clone();
        config.optimizer.join_reordering = false;
        self.0.optimize(sided, &config)
    }

    fn name(&self) -> &str {
        self.0.name()
    }

    fn schema_check(&self) -> bool {
        self.0.schema_check()
    }
}

fn sided(plan: Plan) -> Result<Transformed<Plan>> {
    let exchanged = if let Some(join) = plan.downcast_ref::<HashJoinExec>() {
        let may = !join.null_aware && join.join_type().supports_swap();
        if !may || !is_right_smaller(join.left(), join.right())? {
            None
        } else {
            Some(join.swap_inputs(*join.partition_mode())?)
        }
    } else if let Some(join) = plan.downcast_ref::<NestedLoopJoinExec>() {
        let may = join.join_type().supports_swap();
        (may && is_right_smaller(join.left(), join.right())?)
            .then(|| join.swap_inputs())
            .transpose()?
    } else if let Some(join) = plan.downcast_ref::<CrossJoinExec>() {
        is_right_smaller(join.left(), join.right())?.then(|| join.swap_inputs()).transpose()?
    } else {
        None
    };
    Ok(exchanged.map_or_else(|| Transformed::no(plan), Transformed::yes))
}

fn is_right_smaller(left: &Plan, right: &Plan) -> Result<bool> {
    let statistics =
        |side: &Plan| StatisticsContext::new().compute(side.as_ref(), &StatisticsArgs::new());
    Ok(is_smaller(&*statistics(right)?, &*statistics(left)?))
}

/// By bytes, or by rows where the bytes of one are not known; by far, unless both are counted.
fn is_smaller(one: &Statistics, other: &Statistics) -> bool {
    let by_bytes = (one.total_byte_size, other.total_byte_size);
    let by_rows = (one.num_rows, other.num_rows);
    for (one, other) in [by_bytes, by_rows] {
        if let (Precision::Exact(one), Precision::Exact(other)) = (one, other) {
            return one < other;
        }
        if let (Some(one), Some(other)) = (one.get_value(), other.get_value()) {
            return one.saturating_mul(BY_FAR) < *other;
        }
    }
    false
}
