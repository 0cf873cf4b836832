//! Expressions, bound to columns by position and typed.

use super::functions::Function;
use super::plan::Plan;
use crate::values::{SqlType, Value};

/// An expression: an operation on arguments, with the type of its value.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) op: Op,
    pub(crate) args: Vec<Node>,
    pub(crate) ty: SqlType,
    pub(crate) nullable: bool,
}

/// Comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Eq,
    NotEq,
    Less,
    LessEq,
    Greater,
    GreaterEq,
}

/// Aggregate functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aggregate {
    /// Without an argument it counts rows.
    Count,
    Sum,
    Avg,
    Min,
    Max,
}

/// What a node does with its arguments.
#[derive(Debug, Clone)]
pub(crate) enum Op {
    Const(Value),
    /// A column of a source, `depth` queries further out.
    Column {
        depth: usize,
        source: usize,
        at: usize,
    },
    Arithmetic(char),
    Compare(Comparison),
    And,
    Or,
    Not,
    IsNull,
    Like(Option<char>),
    /// Condition, result, condition, result, …, otherwise.
    Case,
    Cast(i64),
    Function(Function),
    Aggregate(Aggregate, bool),
    Exists(Box<Plan>),
    /// The one value of a query.
    Scalar(Box<Plan>),
    /// Whether the argument is among the values of a query.
    InQuery(Box<Plan>),
}

impl Node {
    pub(crate) fn new(op: Op, args: Vec<Self>, ty: SqlType) -> Self {
        let nullable =
            !matches!(op, Op::IsNull | Op::Exists(_)) && args.iter().any(|arg| arg.nullable);
        Self { op, args, ty, nullable }
    }

    pub(crate) fn constant(value: Value, ty: SqlType) -> Self {
        let nullable = value.is_null();
        Self { op: Op::Const(value), args: Vec::new(), ty, nullable }
    }

    pub(crate) fn column(source: usize, at: usize, ty: SqlType, nullable: bool) -> Self {
        Self { op: Op::Column { depth: 0, source, at }, args: Vec::new(), ty, nullable }
    }

    pub(crate) fn predicate(op: Op, args: Vec<Self>) -> Self {
        Self::new(op, args, SqlType::Bit)
    }

    pub(crate) fn as_const(&self) -> Option<&Value> {
        match &self.op {
            Op::Const(value) => Some(value),
            _ => None,
        }
    }

    /// Changes this node and everything below it, parents first.
    pub(crate) fn walk(&mut self, change: &mut impl FnMut(&mut Self)) {
        change(self);
        for arg in &mut self.args {
            arg.walk(change);
        }
    }

    /// Whether a node of that kind is in it; queries inside are not searched.
    pub(crate) fn any(&self, test: &impl Fn(&Self) -> bool) -> bool {
        test(self) || self.args.iter().any(|arg| arg.any(test))
    }

    /// The same expression seen from a query `by` levels further in.
    pub(crate) fn deeper(mut self, by: usize) -> Self {
        self.walk(&mut |node| {
            if let Op::Column { depth, .. } = &mut node.op {
                *depth += by;
            }
        });
        self
    }

    /// Splits `a and b and c`.
    pub(crate) fn conjuncts(self, into: &mut Vec<Self>) {
        if matches!(self.op, Op::And) {
            for arg in self.args {
                arg.conjuncts(into);
            }
        } else {
            into.push(self);
        }
    }

    /// Whether both are the same expression; queries are never the same.
    pub(crate) fn same(&self, other: &Self) -> bool {
        let ops = match (&self.op, &other.op) {
            (Op::Const(a), Op::Const(b)) => a == b,
            (
                Op::Column { depth: a, source: b, at: c },
                Op::Column { depth: d, source: e, at: f },
            ) => (a, b, c) == (d, e, f),
            (Op::Arithmetic(a), Op::Arithmetic(b)) => a == b,
            (Op::Compare(a), Op::Compare(b)) => a == b,
            (Op::Cast(a), Op::Cast(b)) => a == b && self.ty == other.ty,
            (Op::Function(a), Op::Function(b)) => a == b,
            (Op::Aggregate(a, b), Op::Aggregate(c, d)) => (a, b) == (c, d),
            (Op::Exists(_) | Op::Scalar(_) | Op::InQuery(_), _) => false,
            (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
        };
        ops && self.args.len() == other.args.len()
            && self.args.iter().zip(&other.args).all(|(a, b)| a.same(b))
    }
}
