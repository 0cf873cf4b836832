//! Which index serves a source, and which stretch of it.

use std::cmp::Ordering;

use super::expr::{Comparison, Node, Op};
use crate::data::TableData;
use crate::values::{Row, Value, compare};

/// A stretch of an index.
#[derive(Debug, Clone)]
pub(crate) struct Stretch {
    pub(super) index: usize,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether the rows come in the order asked for.
    pub(super) ordered: bool,
}

/// The stretch of `data`, source number `source`, that holds every row the conditions let through.
pub(super) fn choose(
    data: &TableData,
    source: usize,
    filter: &[Node],
    order: &[(Node, bool)],
) -> Stretch {
    let mut best: Option<Stretch> = None;
    for (at, index) in data.indexes.iter().enumerate() {
        let ordered = !order.is_empty()
            && order.len() <= index.columns.len()
            && order.iter().zip(&index.columns).all(|((node, descends), column)| {
                !descends && column_of(node, source) == Some(*column)
            });
        let (mut start, mut end) = (0, index.rows.len());
        for condition in filter {
            let (low, high) = bounds(condition, source, &index.columns, &index.rows);
            start = start.max(low);
            end = end.min(high);
        }
        let stretch = Stretch { index: at, start, end: end.max(start), ordered };
        let better = best.as_ref().is_none_or(|best| {
            let length = |s: &Stretch| s.end - s.start;
            // An order spares a sort unless it reads far more rows.
            match (stretch.ordered, best.ordered) {
                (true, false) => length(&stretch) <= length(best).saturating_mul(64),
                (false, true) => length(&stretch).saturating_mul(64) < length(best),
                _ => length(&stretch) < length(best),
            }
        });
        if better {
            best = Some(stretch);
        }
    }
    best.unwrap_or(Stretch { index: 0, start: 0, end: 0, ordered: false })
}

fn column_of(node: &Node, of: usize) -> Option<usize> {
    match node.op {
        Op::Column { depth: 0, source, at } if source == of => Some(at),
        _ => None,
    }
}

/// `column op constant`, turned round if need be.
fn comparison(node: &Node, source: usize) -> Option<(usize, Comparison, &Value)> {
    let Op::Compare(op) = node.op else { return None };
    let [a, b] = &node.args[..] else { return None };
    if let (Some(column), Some(value)) = (column_of(a, source), b.as_const()) {
        return Some((column, op, value));
    }
    let turned = match op {
        Comparison::Less => Comparison::Greater,
        Comparison::LessEq => Comparison::GreaterEq,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterEq => Comparison::LessEq,
        same => same,
    };
    Some((column_of(b, source)?, turned, a.as_const()?))
}

/// The positions between which every row lies that the condition lets through.
fn bounds(condition: &Node, source: usize, columns: &[usize], rows: &[Row]) -> (usize, usize) {
    let all = (0, rows.len());
    if let Some((column, op, value)) = comparison(condition, source)
        && columns.first() == Some(&column)
    {
        let below = || rows.partition_point(|row| compare(&row[column], value).is_lt());
        let up_to = || rows.partition_point(|row| compare(&row[column], value).is_le());
        return match op {
            Comparison::Eq => (below(), up_to()),
            Comparison::Less => (0, below()),
            Comparison::LessEq => (0, up_to()),
            Comparison::Greater => (up_to(), rows.len()),
            Comparison::GreaterEq => (below(), rows.len()),
            Comparison::NotEq => all,
        };
    }
    let Some((after, inclusive)) = keyset(condition, source, columns) else { return all };
    let passed = |row: &Row| {
        let order = columns
            .iter()
            .zip(&after)
            .map(|(&at, value)| compare(&row[at], value))
            .find(|order| order.is_ne());
        match order.unwrap_or(Ordering::Equal) {
            Ordering::Less => true,
            Ordering::Equal => !inclusive,
            Ordering::Greater => false,
        }
    };
    (rows.partition_point(passed), rows.len())
}

/// Reads `c > @c or (c = @c and k > @k)`, nested or spelt out, over the index's leading columns: the values
/// after which rows begin, and whether they themselves belong.
fn keyset<'a>(
    condition: &'a Node,
    source: usize,
    columns: &[usize],
) -> Option<(Vec<&'a Value>, bool)> {
    let mut terms = Vec::new();
    spell_out(condition, &[], &mut terms)?;
    terms.sort_by_key(Vec::len);
    let mut values: Vec<&Value> = Vec::new();
    let mut inclusive = false;
    let last = terms.len().checked_sub(1)?;
    for (length, term) in terms.iter().enumerate() {
        if term.len() != length + 1 || inclusive {
            return None;
        }
        let mut found: Vec<_> =
            term.iter().map(|node| comparison(node, source)).collect::<Option<_>>()?;
        found.sort_by_key(|(column, ..)| columns.iter().position(|at| at == column));
        for (at, (column, op, value)) in found.iter().enumerate() {
            if columns.get(at) != Some(column) {
                return None;
            }
            let strict = match (at == length, op) {
                (false, Comparison::Eq) | (true, Comparison::Greater) => true,
                (true, Comparison::GreaterEq) if length == last => false,
                _ => return None,
            };
            match values.get(at) {
                Some(held) if compare(held, value).is_eq() => {}
                Some(_) => return None,
                None => values.push(value),
            }
            inclusive = !strict;
        }
    }
    Some((values, inclusive))
}

/// An `or` of `and`s, with inner `or`s spelt out; none: too many terms.
fn spell_out<'a>(
    node: &'a Node,
    before: &[&'a Node],
    terms: &mut Vec<Vec<&'a Node>>,
) -> Option<()> {
    const TERMS_MAX: usize = 64;
    match node.op {
        Op::Or => {
            for arg in &node.args {
                spell_out(arg, before, terms)?;
            }
        }
        Op::And => {
            let mut held = before.to_vec();
            let (inner, plain): (Vec<&Node>, Vec<&Node>) =
                node.args.iter().partition(|arg| matches!(arg.op, Op::Or | Op::And));
            held.extend(plain);
            match &inner[..] {
                [] => terms.push(held),
                [one] => spell_out(one, &held, terms)?,
                _ => return None,
            }
        }
        _ => {
            let mut term = before.to_vec();
            term.push(node);
            terms.push(term);
        }
    }
    (terms.len() <= TERMS_MAX).then_some(())
}
