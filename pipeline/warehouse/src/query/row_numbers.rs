//! `row_number()` over sorted rows, counted as they come.
//!
//! The engine's window operator cuts every batch into the rows of each partition and keeps state for each of
//! them. Models rank millions of items of which most have one row: that cutting took longer than sorting
//! them. Where the rows come sorted by partition, a counter that begins anew with each is all there is to it.

use std::fmt;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, UInt64Array, make_comparator};
use arrow::compute::{SortOptions, partition};
use arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::window::{StandardWindowExpr, WindowExpr};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::windows::{BoundedWindowAggExec, WindowUDFExpr};
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan, InputOrderMode,
    PlanProperties, ReplaceChildrenOptions,
};
use futures::StreamExt;

const ROW_NUMBER: &str = "row_number";

type Plan = Arc<dyn ExecutionPlan>;

/// Replaces the engine's window operator where it does nothing but number sorted rows; the last rule, because no other
/// knows what stands there then.
#[derive(Debug)]
pub(super) struct RowNumbers;

impl PhysicalOptimizerRule for RowNumbers {
    fn optimize(&self, plan: Plan, _: &ConfigOptions) -> Result<Plan> {
        let numbered = plan.transform_up(|node| {
            let counting = node.downcast_ref::<BoundedWindowAggExec>().and_then(CountRows::of);
            Ok(match counting {
                Some(counting) => Transformed::yes(Arc::new(counting) as Plan),
                None => Transformed::no(node),
            })
        })?;
        Ok(numbered.data)
    }

    fn name(&self) -> &'static str {
        "row_numbers"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

fn is_row_number(window: &Arc<dyn WindowExpr>) -> bool {
    let standard = window.as_any().downcast_ref::<StandardWindowExpr>();
    let function = standard.and_then(|window| {
        window.get_standard_func_expr().as_any().downcast_ref::<WindowUDFExpr>()
    });
    function.is_some_and(|function| function.fun().name() == ROW_NUMBER)
}

/// The rows of its input, which are sorted by partition, with their numbers behind.
#[derive(Debug, Clone)]
struct CountRows {
    input: Plan,
    partition_by: Vec<Arc<dyn PhysicalExpr>>,
    /// Those of the operator it stands for.
    properties: Arc<PlanProperties>,
}

impl CountRows {
    fn of(window: &BoundedWindowAggExec) -> Option<Self> {
        let schema = window.schema();
        let numbers = schema.fields().iter().skip(window.input().schema().fields().len());
        let counts = window.input_order_mode == InputOrderMode::Sorted
            && window.state_observer().is_none()
            && window.window_expr().iter().all(is_row_number)
            && numbers.into_iter().all(|field| field.data_type() == &DataType::UInt64);
        let first = window.window_expr().first().filter(|_| counts)?;
        Some(Self {
            input: Arc::clone(window.input()),
            partition_by: first.partition_by().to_vec(),
            properties: Arc::clone(window.properties()),
        })
    }
}

impl DisplayAs for CountRows {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by: Vec<_> = self.partition_by.iter().map(ToString::to_string).collect();
        write!(f, "CountRows: partition_by=[{}]", by.join(", "))
    }
}

impl ExecutionPlan for CountRows {
    fn name(&self) -> &'static str {
        "CountRows"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Plan> {
        vec![&self.input]
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    fn apply_expressions(
        &self,
        visit: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        for by in &self.partition_by {
            if visit(by)? == TreeNodeRecursion::Stop {
                return Ok(TreeNodeRecursion::Stop);
            }
        }
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        mut children: Vec<Plan>,
        _: ReplaceChildrenOptions,
    ) -> Result<Plan> {
        Ok(match children.pop() {
            Some(input) => Arc::new(Self { input, ..Self::clone(&self) }),
            None => self,
        })
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Plan>) -> Result<Plan> {
        let options = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute);
        self.replace_children(children, options)
    }

    fn execute(&self, at: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let schema = self.schema();
        let mut counter = Counter {
            partition_by: self.partition_by.clone(),
            schema: Arc::clone(&schema),
            last: None,
            number: 0,
        };
        let rows = self.input.execute(at, context)?;
        let rows = rows.map(move |batch| counter.numbered(&batch?));
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, rows)))
    }
}

/// Where counting stands.
struct Counter {
    partition_by: Vec<Arc<dyn PhysicalExpr>>,
    schema: SchemaRef,
    /// The partition of the last row, as columns of one row.
    last: Option<Vec<ArrayRef>>,
    /// The number of the last row.
    number: u64,
}

impl Counter {
    fn numbered(&mut self, batch: &RecordBatch) -> Result<RecordBatch> {
        let rows = batch.num_rows();
        let keys = self.partition_by.iter().map(|by| by.evaluate(batch)?.into_array(rows));
        let keys = keys.collect::<Result<Vec<_>>>()?;
        let mut numbers = Vec::with_capacity(rows);
        if rows > 0 {
            if !self.goes_on(&keys)? {
                self.number = 0;
            }
            let whole = || std::iter::once(0..rows).collect();
            let ranges = if keys.is_empty() { whole() } else { partition(&keys)?.ranges() };
            for (place, range) in ranges.into_iter().enumerate() {
                if place > 0 {
                    self.number = 0;
                }
                let first = self.number + 1;
                self.number += range.len() as u64;
                numbers.extend(first..=self.number);
            }
            self.last = Some(keys.iter().map(|key| key.slice(rows - 1, 1)).collect());
        }
        let numbers: ArrayRef = Arc::new(UInt64Array::from(numbers));
        let mut columns = batch.columns().to_vec();
        columns.resize(self.schema.fields().len(), numbers);
        Ok(RecordBatch::try_new(Arc::clone(&self.schema), columns)?)
    }

    /// Whether the first row belongs to the partition of the last one before; what is null is one partition.
    fn goes_on(&self, keys: &[ArrayRef]) -> Result<bool> {
        let Some(last) = &self.last else { return Ok(false) };
        for (last, key) in last.iter().zip(keys) {
            if make_comparator(last, key, SortOptions::default())?(0, 0).is_ne() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
