//! `group by` and the aggregate functions.

use std::collections::HashMap;
use std::sync::Arc;

use super::arithmetic;
use super::eval::Env;
use super::expr::{Aggregate, Node, Op};
use super::plan::Grouping;
use super::run::hash_text;
use crate::error::SqlError;
use crate::values::{Row, SqlType, Value, cast, compare};

struct Group {
    key: Vec<Value>,
    tuples: Vec<Vec<Row>>,
}

/// One tuple for each group: a single row of keys and aggregates.
pub(super) fn group(
    grouping: &Grouping,
    tuples: Vec<Vec<Row>>,
    outer: Option<&Env<'_>>,
) -> Result<Vec<Vec<Row>>, SqlError> {
    let mut groups: Vec<Group> = Vec::new();
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    if grouping.keys.is_empty() {
        groups.push(Group { key: Vec::new(), tuples });
    } else {
        for tuple in tuples {
            let env = Env { rows: &tuple, outer };
            let key: Vec<Value> = grouping
                .keys
                .iter()
                .map(|node| node.eval(&env).map(|v| v.into_owned()))
                .collect::<Result<_, _>>()?;
            let found = places.entry(key.iter().map(hash_text).collect()).or_default();
            match found
                .iter()
                .find(|&&at| groups[at].key.iter().zip(&key).all(|(a, b)| compare(a, b).is_eq()))
            {
                Some(&at) => groups[at].tuples.push(tuple),
                None => {
                    found.push(groups.len());
                    groups.push(Group { key, tuples: vec![tuple] });
                }
            }
        }
    }
    let mut result = Vec::with_capacity(groups.len());
    for group in groups {
        let mut row = group.key;
        for node in &grouping.aggregates {
            row.push(aggregate(node, &group.tuples, outer)?);
        }
        let tuple: Vec<Row> = vec![Arc::from(row)];
        let held = match &grouping.having {
            Some(having) => having.holds(&Env { rows: &tuple, outer })? == Some(true),
            None => true,
        };
        if held {
            result.push(tuple);
        }
    }
    Ok(result)
}

/// The type of an aggregate over values of `ty`.
pub(super) fn result_type(aggregate: Aggregate, ty: &SqlType) -> SqlType {
    match (aggregate, ty) {
        (Aggregate::Count, _) => SqlType::Int,
        (Aggregate::Sum | Aggregate::Avg, SqlType::Decimal(_, scale))
            if aggregate == Aggregate::Sum =>
        {
            SqlType::Decimal(38, *scale)
        }
        (Aggregate::Avg, SqlType::Decimal(_, scale)) => SqlType::Decimal(38, (*scale).max(6)),
        (Aggregate::Sum | Aggregate::Avg, SqlType::TinyInt | SqlType::SmallInt | SqlType::Bit) => {
            SqlType::Int
        }
        (Aggregate::Sum | Aggregate::Avg, SqlType::SmallMoney) => SqlType::Money,
        (_, ty) => *ty,
    }
}

fn aggregate(node: &Node, tuples: &[Vec<Row>], outer: Option<&Env<'_>>) -> Result<Value, SqlError> {
    let Op::Aggregate(kind, distinct) = node.op else { return Ok(Value::Null) };
    let count = |count: usize| Value::Int(i64::try_from(count).unwrap_or(i64::MAX));
    let Some(arg) = node.args.first() else { return Ok(count(tuples.len())) };
    let mut values: Vec<Value> = Vec::new();
    for tuple in tuples {
        let value = arg.eval(&Env { rows: tuple, outer })?.into_owned();
        if !value.is_null() {
            values.push(value);
        }
    }
    if distinct {
        values.sort_by(compare);
        values.dedup_by(|a, b| compare(a, b).is_eq());
    }
    Ok(match kind {
        Aggregate::Count => count(values.len()),
        Aggregate::Min => values.into_iter().min_by(compare).unwrap_or(Value::Null),
        Aggregate::Max => values.into_iter().max_by(compare).unwrap_or(Value::Null),
        Aggregate::Sum | Aggregate::Avg => {
            let many = Value::Int(i64::try_from(values.len()).unwrap_or(i64::MAX));
            let mut sum = Value::Null;
            for value in values {
                let value = cast(&value, &arg.ty, &node.ty)?;
                sum = if sum.is_null() {
                    value
                } else {
                    arithmetic::apply('+', &sum, &value, &node.ty)?
                };
            }
            match kind {
                Aggregate::Avg => arithmetic::apply(
                    '/',
                    &sum,
                    &cast(&many, &SqlType::BigInt, &node.ty)?,
                    &node.ty,
                )?,
                _ => sum,
            }
        }
    })
}
