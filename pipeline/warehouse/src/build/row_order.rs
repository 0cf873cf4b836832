//! In which order the rows of a model are written.

use datafusion::logical_expr::LogicalPlan;
use datafusion::logical_expr::expr::Sort;
use datafusion::prelude::{DataFrame, Expr, ident};

use crate::graph::Model;
use crate::lake::{RunLength, TableWriter};

/// What the rows of all open runs of a table take in memory.
const RUNS_BYTES: usize = 192 << 20;

/// What the rows of a select are ordered by, if that is columns of its answer.
pub(super) fn order_of(frame: &DataFrame) -> Vec<Sort> {
    let mut plan = frame.logical_plan();
    let answer = frame.schema();
    // What is ordered by columns that are not selected is selected afterwards.
    while let LogicalPlan::Projection(_) | LogicalPlan::Filter(_) = plan {
        let Some(input) = plan.inputs().first().copied() else { return Vec::new() };
        plan = input;
    }
    let LogicalPlan::Sort(sort) = plan else { return Vec::new() };
    let by = sort.expr.iter().map(|by| {
        let Expr::Column(column) = &by.expr else { return None };
        let is_there = answer.has_column_with_unqualified_name(column.name());
        is_there.then(|| Sort::new(ident(column.name()), by.asc, by.nulls_first))
    });
    by.collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// A writer of the rows of a model, one of so many at once: rows of neighbouring keys are put together, of a model with an order of
/// its own as far as groups of rows keep it.
pub(super) fn in_order(
    writer: TableWriter,
    model: &Model,
    order: &[Sort],
    at_once: usize,
) -> TableWriter {
    let Some(column) = model.partition_source() else { return writer };
    let length = match order {
        [] => RunLength::Bytes(RUNS_BYTES / at_once.max(1)),
        _ => RunLength::Group,
    };
    writer.in_runs_by(column, length)
}
