//! Working out an expression for one row of each source.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::arithmetic;
use super::expr::{Comparison, Node, Op};
use super::run::Cursor;
use crate::error::SqlError;
use crate::values::{Row, Value, compare, convert, like};

/// The rows an expression looks at: one of each source, and those of the query around it. A source
/// without a partner in a left join has an empty row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Env<'a> {
    pub(crate) rows: &'a [Row],
    pub(crate) outer: Option<&'a Env<'a>>,
}

static NULL: Value = Value::Null;

impl<'a> Env<'a> {
    fn column(&self, depth: usize, source: usize, at: usize) -> &'a Value {
        let mut env = self;
        for _ in 0..depth {
            match env.outer {
                Some(outer) => env = outer,
                None => return &NULL,
            }
        }
        env.rows.get(source).and_then(|row| row.get(at)).unwrap_or(&NULL)
    }
}

impl Node {
    /// The value.
    pub(crate) fn eval<'a>(&'a self, env: &Env<'a>) -> Result<Cow<'a, Value>, SqlError> {
        let arg = |at: usize| self.args[at].eval(env);
        let value = match &self.op {
            Op::Const(value) => return Ok(Cow::Borrowed(value)),
            Op::Column { depth, source, at } => {
                return Ok(Cow::Borrowed(env.column(*depth, *source, *at)));
            }
            Op::Compare(comparison) => {
                let (a, b) = (arg(0)?, arg(1)?);
                truth(if a.is_null() || b.is_null() {
                    None
                } else {
                    Some(comparison.holds(compare(&a, &b)))
                })
            }
            Op::And => truth(self.fold(env, false)?),
            Op::Or => truth(self.fold(env, true)?),
            Op::Not => truth(self.args[0].holds(env)?.map(|held| !held)),
            Op::IsNull => Value::Bit(arg(0)?.is_null()),
            Op::Arithmetic(op) => arithmetic::apply(*op, &*arg(0)?, &*arg(1)?, &self.ty)?,
            Op::Like(escape) => match (arg(0)?.as_text(), arg(1)?.as_text()) {
                (Some(text), Some(pattern)) => Value::Bit(like(&text, &pattern, *escape)),
                _ => Value::Null,
            },
            Op::Case => {
                let mut at = 0;
                while at + 1 < self.args.len() {
                    if self.args[at].holds(env)? == Some(true) {
                        return self.args[at + 1].eval(env);
                    }
                    at += 2;
                }
                return arg(at);
            }
            Op::Cast(style) => convert(&*arg(0)?, &self.args[0].ty, &self.ty, *style)?,
            Op::Function(function) => {
                let values: Vec<_> = (0..self.args.len())
                    .map(|at| arg(at).map(Cow::into_owned))
                    .collect::<Result<_, _>>()?;
                function.call(&values, &self.args, &self.ty)?
            }
            Op::Aggregate(..) => return Err(SqlError::unsupported("an aggregate at this place")),
            Op::Exists(plan) => Value::Bit(Cursor::open(plan, Some(env))?.next_tuple()?.is_some()),
            Op::Scalar(plan) => {
                let mut rows = Cursor::open(plan, Some(env))?.values(plan, Some(env))?.into_iter();
                let value = rows.next().and_then(|row| row.first().cloned()).unwrap_or(Value::Null);
                if rows.next().is_some() {
                    return Err(SqlError::new(512, 16, "Subquery returned more than 1 value."));
                }
                value
            }
            Op::InQuery(plan) => {
                let sought = arg(0)?;
                let rows = Cursor::open(plan, Some(env))?.values(plan, Some(env))?;
                let found = rows.iter().any(|row| {
                    row.first()
                        .is_some_and(|held| !held.is_null() && compare(held, &sought).is_eq())
                });
                truth(if sought.is_null() { None } else { Some(found) })
            }
        };
        Ok(Cow::Owned(value))
    }

    /// The truth of a predicate; none: unknown.
    pub(crate) fn holds(&self, env: &Env<'_>) -> Result<Option<bool>, SqlError> {
        Ok(match &*self.eval(env)? {
            Value::Bit(bit) => Some(*bit),
            _ => None,
        })
    }

    /// `or` stops at the first true, `and` at the first false.
    fn fold(&self, env: &Env<'_>, stops_at: bool) -> Result<Option<bool>, SqlError> {
        let mut known = true;
        for arg in &self.args {
            match arg.holds(env)? {
                Some(held) if held == stops_at => return Ok(Some(stops_at)),
                Some(_) => {}
                None => known = false,
            }
        }
        Ok(known.then_some(!stops_at))
    }
}

fn truth(held: Option<bool>) -> Value {
    held.map_or(Value::Null, Value::Bit)
}

impl Comparison {
    pub(crate) fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Eq => order.is_eq(),
            Self::NotEq => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessEq => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterEq => order.is_ge(),
        }
    }
}

impl Node {
    /// The value for a row of each source of the outermost query.
    pub(crate) fn value<'a>(&'a self, rows: &'a [Row]) -> Result<Cow<'a, Value>, SqlError> {
        self.eval(&Env { rows, outer: None })
    }
}
