//! Evaluation of a filter with the database's three-valued logic.

use std::cmp::Ordering;

use super::QueryError;
use super::columns::{Column, Row};
use super::parser::{Filter, Operand, Operator};
use crate::data::value::parse_moment;
use crate::data::{Dataset, FieldKind, FormMeta, Value};

/// A filter whose field keys are resolved and whose literals have the kind of their field.
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Compare(Side, Operator, Side),
    Like(Side, Vec<char>),
    In(Side, Vec<Side>),
    Between(Side, Side, Side),
    IsNull(Side),
}

/// A side of a comparison, ready to read.
pub(super) enum Side {
    Column(Column),
    Literal(Value),
}

impl Side {
    fn value(&self, data: &Dataset, row: Row<'_>) -> Value {
        match self {
            Self::Column(column) => column.value(data, row),
            Self::Literal(value) => value.clone(),
        }
    }

    fn of_entry(&self) -> bool {
        matches!(self, Self::Column(column) if column.of_entry)
    }
}

impl Condition {
    /// Resolves a parsed filter against a form.
    pub(super) fn compile(
        data: &Dataset,
        form: &FormMeta,
        filter: &Filter,
    ) -> Result<Self, QueryError> {
        let compile = |part: &Filter| Self::compile(data, form, part);
        let sides = |operands: &[&Operand]| sides(data, form, operands);
        Ok(match filter {
            Filter::All(parts) => Self::All(parts.iter().map(compile).collect::<Result<_, _>>()?),
            Filter::Any(parts) => Self::Any(parts.iter().map(compile).collect::<Result<_, _>>()?),
            Filter::Not(part) => Self::Not(Box::new(compile(part)?)),
            Filter::Compare(left, operator, right) => {
                let mut both = sides(&[left, right])?.into_iter();
                match (both.next(), both.next()) {
                    (Some(left), Some(right)) => Self::Compare(left, *operator, right),
                    _ => Self::All(Vec::new()),
                }
            }
            Filter::Between(value, low, high) => {
                let mut all = sides(&[value, low, high])?.into_iter();
                match (all.next(), all.next(), all.next()) {
                    (Some(value), Some(low), Some(high)) => Self::Between(value, low, high),
                    _ => Self::All(Vec::new()),
                }
            }
            Filter::In(value, items) => {
                let operands: Vec<_> = std::iter::once(value).chain(items).collect();
                let mut all = sides(&operands)?.into_iter();
                match all.next() {
                    Some(value) => Self::In(value, all.collect()),
                    None => Self::All(Vec::new()),
                }
            }
            Filter::Like(value, pattern) => {
                let side = side(data, form, value, None)?;
                Self::Like(side, pattern.to_lowercase().chars().collect())
            }
            Filter::IsNull(value) => Self::IsNull(side(data, form, value, None)?),
        })
    }

    /// Whether a field of the entry list is named anywhere.
    pub(super) fn names_entry(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::names_entry),
            Self::Not(part) => part.names_entry(),
            Self::Compare(left, _, right) => left.of_entry() || right.of_entry(),
            Self::Like(side, _) | Self::IsNull(side) => side.of_entry(),
            Self::In(side, items) => side.of_entry() || items.iter().any(Side::of_entry),
            Self::Between(a, b, c) => a.of_entry() || b.of_entry() || c.of_entry(),
        }
    }

    /// True, false, or unknown because a null is involved.
    pub(super) fn holds(&self, data: &Dataset, row: Row<'_>) -> Option<bool> {
        match self {
            Self::All(parts) => fold(parts.iter().map(|part| part.holds(data, row)), false),
            Self::Any(parts) => fold(parts.iter().map(|part| part.holds(data, row)), true),
            Self::Not(part) => part.holds(data, row).map(|holds| !holds),
            Self::Compare(left, operator, right) => {
                let order = left.value(data, row).compare(&right.value(data, row))?;
                Some(satisfies(order, *operator))
            }
            Self::Like(side, pattern) => match side.value(data, row) {
                Value::Text(text) => {
                    let text: Vec<char> = text.to_lowercase().chars().collect();
                    Some(like(&text, pattern))
                }
                _ => None,
            },
            Self::In(side, items) => {
                let value = side.value(data, row);
                let equal = |item: &Side| {
                    value.compare(&item.value(data, row)).map(|order| order == Ordering::Equal)
                };
                fold(items.iter().map(equal), true)
            }
            Self::Between(side, low, high) => {
                let value = side.value(data, row);
                let above = value.compare(&low.value(data, row)).map(Ordering::is_ge);
                let below = value.compare(&high.value(data, row)).map(Ordering::is_le);
                fold([above, below].into_iter(), false)
            }
            Self::IsNull(side) => Some(side.value(data, row) == Value::Null),
        }
    }
}

/// Joins answers: `decisive` is the answer that settles the whole.
fn fold(answers: impl Iterator<Item = Option<bool>>, decisive: bool) -> Option<bool> {
    let mut unknown = false;
    for answer in answers {
        match answer {
            Some(answer) if answer == decisive => return Some(decisive),
            Some(_) => {}
            None => unknown = true,
        }
    }
    if unknown { None } else { Some(!decisive) }
}

fn satisfies(order: Ordering, operator: Operator) -> bool {
    match operator {
        Operator::Equal => order.is_eq(),
        Operator::NotEqual => order.is_ne(),
        Operator::Less => order.is_lt(),
        Operator::LessEqual => order.is_le(),
        Operator::Greater => order.is_gt(),
        Operator::GreaterEqual => order.is_ge(),
    }
}

/// SQL `like` with `%` and `_`, without backtracking further than the last `%`.
fn like(text: &[char], pattern: &[char]) -> bool {
    let (mut at, mut wanted) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(wanted) {
            Some('%') => {
                retry = Some((wanted + 1, at));
                wanted += 1;
            }
            Some(&character) if character == '_' || character == text[at] => {
                at += 1;
                wanted += 1;
            }
            _ => match retry {
                Some((after, from)) => {
                    retry = Some((after, from + 1));
                    wanted = after;
                    at = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[wanted..].iter().all(|character| *character == '%')
}

/// Resolves operands together: literals take the kind of the first field among them.
fn sides(data: &Dataset, form: &FormMeta, operands: &[&Operand]) -> Result<Vec<Side>, QueryError> {
    let mut kind = None;
    for operand in operands {
        if let (None, Operand::Field(key)) = (&kind, operand) {
            kind = Some(Column::resolve(data, form, key)?.kind);
        }
    }
    operands.iter().map(|operand| side(data, form, operand, kind.as_ref())).collect()
}

fn side(
    data: &Dataset,
    form: &FormMeta,
    operand: &Operand,
    kind: Option<&FieldKind>,
) -> Result<Side, QueryError> {
    let literal = |value| Ok(Side::Literal(value));
    match (operand, kind) {
        (Operand::Field(key), _) => Column::resolve(data, form, key).map(Side::Column),
        (Operand::Null, _) => literal(Value::Null),
        (Operand::Text(text), Some(FieldKind::Date | FieldKind::DateTime)) => {
            let moment = parse_moment(text)
                .ok_or_else(|| QueryError::Filter(format!("“{text}”不是有效的日期")))?;
            literal(Value::Moment(moment))
        }
        (
            Operand::Text(text) | Operand::Number(text),
            Some(FieldKind::Int | FieldKind::Decimal | FieldKind::Base(_)),
        )
        | (Operand::Number(text), None) => {
            let number =
                text.parse().map_err(|_| QueryError::Filter(format!("“{text}”不是有效的数字")))?;
            literal(Value::Decimal(number))
        }
        (Operand::Number(text), Some(FieldKind::Date | FieldKind::DateTime)) => {
            Err(QueryError::Filter(format!("“{text}”不是有效的日期")))
        }
        (Operand::Text(text) | Operand::Number(text), Some(FieldKind::Bool)) => {
            let truth = matches!(text.to_ascii_lowercase().as_str(), "1" | "true");
            literal(Value::Bool(truth))
        }
        (Operand::Text(text) | Operand::Number(text), _) => literal(Value::text(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_matches_as_sql_does() {
        let check = |text: &str, pattern: &str| {
            like(&text.chars().collect::<Vec<_>>(), &pattern.chars().collect::<Vec<_>>())
        };
        assert!(check("轴套abc", "%套%"));
        assert!(check("abc", "a_c"));
        assert!(check("abab", "%ab"));
        assert!(check("", "%"));
        assert!(!check("abc", "a"));
        assert!(!check("", "_"));
    }
}
