//! A query, bound and ready to run.

use std::sync::Arc;

use super::expr::Node;
use crate::data::TableData;
use crate::values::Row;

/// Where rows come from.
#[derive(Debug, Clone)]
pub(crate) enum Rows {
    /// A table as it stood when the statement began.
    Table(Arc<TableData>),
    /// Rows made for this statement: catalogue views, changes.
    Made(Arc<Vec<Row>>),
    /// A derived table.
    Query(Box<Plan>),
}

/// A source of a query, and how it joins those before it.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) rows: Rows,
    /// Whether rows before it without a partner stay.
    pub(crate) left: bool,
    /// Conditions of the join, all of them.
    pub(crate) on: Vec<Node>,
}

/// Columns of the result.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    pub(crate) name: String,
    pub(crate) node: Node,
    /// Whether it shows a column as it stands, so that its name and flags can be described.
    pub(crate) plain: bool,
}

/// Grouping: the keys and aggregates that its rows consist of, in that order.
#[derive(Debug, Clone)]
pub(crate) struct Grouping {
    pub(crate) keys: Vec<Node>,
    pub(crate) aggregates: Vec<Node>,
    /// Over the grouped row.
    pub(crate) having: Option<Node>,
}

/// A query.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    pub(crate) sources: Vec<Source>,
    pub(crate) filter: Vec<Node>,
    pub(crate) grouping: Option<Grouping>,
    pub(crate) outputs: Vec<Output>,
    pub(crate) distinct: bool,
    /// Expressions and whether they descend.
    pub(crate) order: Vec<(Node, bool)>,
    pub(crate) skip: usize,
    pub(crate) top: Option<usize>,
    /// Further queries whose rows follow (`union all`); this plan's own sources are then empty.
    pub(crate) union: Vec<Plan>,
    /// Whether it reads a user's table, so that faults count it.
    pub(crate) reads_user_table: bool,
}

impl Plan {
    /// Whether a query around it may use its columns without running it first.
    pub(crate) fn is_transparent(&self) -> bool {
        self.union.is_empty()
            && self.grouping.is_none()
            && !self.distinct
            && self.top.is_none()
            && self.skip == 0
            && !self.sources.is_empty()
    }
}
