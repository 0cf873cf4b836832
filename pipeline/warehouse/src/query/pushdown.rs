//! Conditions that go down a plan, as far as they find their columns.
//!
//! The engine's rule looks for the columns of a condition by name
//! (<https://github.com/apache/datafusion/issues/21246>, mended in no version yet): where two columns of a
//! join have one name, rows are dropped for what the other column says. Here a condition stops there.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::union::{InterleaveExec, UnionExec};
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties,
    ReplaceChildrenOptions,
};

use super::rules::Rule;

type Plan = Arc<dyn ExecutionPlan>;

/// A rule that sees nothing below a node whose columns share a name.
#[derive(Debug)]
pub(super) struct Unambiguous(pub(super) Rule);

impl PhysicalOptimizerRule for Unambiguous {
    fn optimize(&self, plan: Plan, config: &ConfigOptions) -> Result<Plan> {
        let screened = plan.transform_up(|node| {
            Ok(if is_ambiguous(&node) {
                Transformed::yes(Arc::new(Screen(node)) as Plan)
            } else {
                Transformed::no(node)
            })
        })?;
        let optimized = self.0.optimize(screened.data, config)?;
        let bared = optimized.transform_up(|node| {
            Ok(match node.downcast_ref::<Screen>() {
                Some(Screen(input)) => Transformed::yes(Arc::clone(input)),
                None => Transformed::no(node),
            })
        })?;
        Ok(bared.data)
    }

    fn name(&self) -> &str {
        self.0.name()
    }

    fn schema_check(&self) -> bool {
        self.0.schema_check()
    }
}

/// Whether a name does not say which column of a node, or of its inputs, is meant.
fn is_ambiguous(node: &Plan) -> bool {
    let schema = node.schema();
    let mut names = HashSet::new();
    if !schema.fields().iter().all(|field| names.insert(field.name())) {
        return true;
    }
    let is_union = node.downcast_ref::<UnionExec>().is_some()
        || node.downcast_ref::<InterleaveExec>().is_some();
    let is_named_alike = |input: &&Plan| {
        let input = input.schema();
        let pairs = input.fields().iter().zip(schema.fields());
        pairs.into_iter().all(|(of_input, own)| of_input.name() == own.name())
    };
    is_union && !node.children().iter().all(is_named_alike)
}

/// A node that passes everything on but conditions; it is gone before the plan runs.
#[derive(Debug)]
struct Screen(Plan);

impl DisplayAs for Screen {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Screen")
    }
}

impl ExecutionPlan for Screen {
    fn name(&self) -> &'static str {
        "Screen"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.0.properties()
    }

    fn children(&self) -> Vec<&Plan> {
        vec![&self.0]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        mut children: Vec<Plan>,
        _: ReplaceChildrenOptions,
    ) -> Result<Plan> {
        Ok(match children.pop() {
            Some(input) => Arc::new(Self(input)),
            None => self,
        })
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Plan>) -> Result<Plan> {
        let options = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute);
        self.replace_children(children, options)
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        self.0.execute(partition, context)
    }
}
