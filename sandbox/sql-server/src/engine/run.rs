//! Running a plan: joins, filters, order and top, streamed where no sort is needed.

use std::collections::HashMap;
use std::sync::Arc;

use super::access::{self, Stretch};
use super::aggregate;
use super::eval::Env;
use super::expr::{Comparison, Node, Op};
use super::plan::{Plan, Rows, Source};
use crate::data::TableData;
use crate::error::SqlError;
use crate::values::{Row, Value, compare};

/// One row of each source.
type Tuple = Vec<Row>;

/// The tuples of a plan, one after another; its outputs are expressions over them.
pub(crate) enum Cursor<'p> {
    /// Straight from an index, in its order.
    Scan {
        data: &'p TableData,
        stretch: Stretch,
        filter: &'p [Node],
        outer: Option<&'p Env<'p>>,
        skip: usize,
        left: usize,
        held: Tuple,
    },
    /// Gathered beforehand.
    Gathered { tuples: std::vec::IntoIter<Tuple>, held: Tuple },
}

impl<'p> Cursor<'p> {
    /// Begins; sorts, joins and groups now if the plan needs it.
    pub(crate) fn open(plan: &'p Plan, outer: Option<&'p Env<'p>>) -> Result<Self, SqlError> {
        if let ([Source { rows: Rows::Table(data), .. }], None, true, false) =
            (&plan.sources[..], &plan.grouping, plan.union.is_empty(), plan.distinct)
        {
            let stretch = access::choose(data, 0, &plan.filter, &plan.order);
            if plan.order.is_empty() || stretch.ordered {
                let left = plan.top.unwrap_or(usize::MAX);
                return Ok(Self::Scan {
                    data,
                    stretch,
                    filter: &plan.filter,
                    outer,
                    skip: plan.skip,
                    left,
                    held: Vec::with_capacity(1),
                });
            }
        }
        let tuples = gather(plan, outer)?.into_iter();
        Ok(Self::Gathered { tuples, held: Vec::new() })
    }

    /// The next tuple.
    pub(crate) fn next_tuple(&mut self) -> Result<Option<&[Row]>, SqlError> {
        match self {
            Self::Scan { data, stretch, filter, outer, skip, left, held } => {
                let Some(index) = data.indexes.get(stretch.index) else { return Ok(None) };
                while *left > 0 && stretch.start < stretch.end {
                    held.clear();
                    held.push(index.rows[stretch.start].clone());
                    stretch.start += 1;
                    if !passes(filter, held, *outer)? {
                        continue;
                    }
                    if *skip > 0 {
                        *skip -= 1;
                        continue;
                    }
                    *left -= 1;
                    return Ok(Some(held));
                }
                Ok(None)
            }
            Self::Gathered { tuples, held } => match tuples.next() {
                Some(tuple) => {
                    *held = tuple;
                    Ok(Some(held))
                }
                None => Ok(None),
            },
        }
    }

    /// The outputs of all remaining tuples.
    pub(crate) fn values(
        mut self,
        plan: &Plan,
        outer: Option<&Env<'_>>,
    ) -> Result<Vec<Row>, SqlError> {
        let mut rows = Vec::new();
        while let Some(tuple) = self.next_tuple()? {
            let env = Env { rows: tuple, outer };
            let row: Result<Vec<Value>, SqlError> = plan
                .outputs
                .iter()
                .map(|output| output.node.eval(&env).map(|value| value.into_owned()))
                .collect();
            rows.push(Row::from(row?));
        }
        Ok(rows)
    }
}

fn passes(filter: &[Node], tuple: &[Row], outer: Option<&Env<'_>>) -> Result<bool, SqlError> {
    let env = Env { rows: tuple, outer };
    for condition in filter {
        if condition.holds(&env)? != Some(true) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn gather(plan: &Plan, outer: Option<&Env<'_>>) -> Result<Vec<Tuple>, SqlError> {
    let mut tuples = if plan.union.is_empty() {
        joined(plan, outer)?
    } else {
        let mut tuples = Vec::new();
        for part in &plan.union {
            tuples.extend(
                Cursor::open(part, outer)?.values(part, outer)?.into_iter().map(|row| vec![row]),
            );
        }
        tuples
    };
    if let Some(grouping) = &plan.grouping {
        tuples = aggregate::group(grouping, tuples, outer)?;
    }
    if plan.distinct {
        tuples = distinct(plan, tuples, outer)?;
    }
    sort(plan, &mut tuples, outer)?;
    tuples.drain(..plan.skip.min(tuples.len()));
    tuples.truncate(plan.top.unwrap_or(usize::MAX));
    Ok(tuples)
}

/// Keeps the first tuple of each set of outputs.
fn distinct(
    plan: &Plan,
    tuples: Vec<Tuple>,
    outer: Option<&Env<'_>>,
) -> Result<Vec<Tuple>, SqlError> {
    let mut kept: Vec<(Vec<Value>, Tuple)> = Vec::new();
    let mut seen: HashMap<String, Vec<usize>> = HashMap::new();
    for tuple in tuples {
        let env = Env { rows: &tuple, outer };
        let key: Vec<Value> = plan
            .outputs
            .iter()
            .map(|output| output.node.eval(&env).map(|v| v.into_owned()))
            .collect::<Result<_, _>>()?;
        let places = seen.entry(key.iter().map(hash_text).collect()).or_default();
        let same = |&at: &usize| kept[at].0.iter().zip(&key).all(|(a, b)| compare(a, b).is_eq());
        if !places.iter().any(same) {
            places.push(kept.len());
            kept.push((key, tuple));
        }
    }
    Ok(kept.into_iter().map(|(_, tuple)| tuple).collect())
}

fn sort(plan: &Plan, tuples: &mut Vec<Tuple>, outer: Option<&Env<'_>>) -> Result<(), SqlError> {
    if plan.order.is_empty() {
        return Ok(());
    }
    let mut keyed = Vec::with_capacity(tuples.len());
    for tuple in tuples.drain(..) {
        let env = Env { rows: &tuple, outer };
        let key: Vec<Value> = plan
            .order
            .iter()
            .map(|(node, _)| node.eval(&env).map(|v| v.into_owned()))
            .collect::<Result<_, _>>()?;
        keyed.push((key, tuple));
    }
    keyed.sort_by(|(a, _), (b, _)| {
        let each = a.iter().zip(b).zip(&plan.order);
        each.map(|((a, b), (_, descends))| if *descends { compare(b, a) } else { compare(a, b) })
            .find(|order| order.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    tuples.extend(keyed.into_iter().map(|(_, tuple)| tuple));
    Ok(())
}

fn joined(plan: &Plan, outer: Option<&Env<'_>>) -> Result<Vec<Tuple>, SqlError> {
    let mut tuples: Vec<Tuple> = vec![Vec::new()];
    for (at, source) in plan.sources.iter().enumerate() {
        // Conditions of `where` that need no later source thin the rows out early; a left join's must wait.
        let ready = |node: &&Node| {
            !node.any(&|n| {
                matches!(n.op, Op::Column { depth: 0, source, .. } if source > at) || has_query(n)
            })
        };
        let early: Vec<Node> = if source.left {
            Vec::new()
        } else {
            plan.filter.iter().filter(ready).cloned().collect()
        };
        let conditions: Vec<&Node> = source.on.iter().chain(&early).collect();
        tuples = if at == 0 {
            first(source, &early, outer)?
        } else {
            join(tuples, at, source, &conditions, outer)?
        };
    }
    let mut kept = Vec::with_capacity(tuples.len());
    for tuple in tuples {
        if passes(&plan.filter, &tuple, outer)? {
            kept.push(tuple);
        }
    }
    Ok(kept)
}

fn has_query(node: &Node) -> bool {
    matches!(node.op, Op::Exists(_) | Op::Scalar(_) | Op::InQuery(_))
}

fn first(
    source: &Source,
    filter: &[Node],
    outer: Option<&Env<'_>>,
) -> Result<Vec<Tuple>, SqlError> {
    let rows: Vec<Row> = match &source.rows {
        Rows::Table(data) => {
            let stretch = access::choose(data, 0, filter, &[]);
            data.indexes
                .get(stretch.index)
                .map(|index| index.rows[stretch.start..stretch.end].to_vec())
                .unwrap_or_default()
        }
        other => all_rows(other, outer)?.to_vec(),
    };
    Ok(rows.into_iter().map(|row| vec![row]).collect())
}

fn all_rows(rows: &Rows, outer: Option<&Env<'_>>) -> Result<Arc<Vec<Row>>, SqlError> {
    Ok(match rows {
        Rows::Table(data) => Arc::new(data.rows().to_vec()),
        Rows::Made(rows) => rows.clone(),
        Rows::Query(plan) => Arc::new(Cursor::open(plan, outer)?.values(plan, outer)?),
    })
}

/// Joins by an index of the table or a hash of the rows if there is an equality, else by trying all.
fn join(
    tuples: Vec<Tuple>,
    at: usize,
    source: &Source,
    conditions: &[&Node],
    outer: Option<&Env<'_>>,
) -> Result<Vec<Tuple>, SqlError> {
    let rows = all_rows(&source.rows, outer)?;
    let equality = conditions.iter().find_map(|node| equality(node, at));
    let hashed: HashMap<String, Vec<usize>> = match equality {
        Some((column, _)) => {
            let mut map: HashMap<String, Vec<usize>> = HashMap::new();
            for (place, row) in rows.iter().enumerate() {
                map.entry(hash_text(&row[column])).or_default().push(place);
            }
            map
        }
        None => HashMap::new(),
    };
    let everything: Vec<usize> = (0..if equality.is_some() { 0 } else { rows.len() }).collect();
    let mut result = Vec::with_capacity(tuples.len());
    for mut tuple in tuples {
        let places = match equality {
            Some((_, node)) => {
                let value = node.eval(&Env { rows: &tuple, outer })?;
                let key = hash_text(&value);
                hashed.get(&key).map_or(&[][..], Vec::as_slice)
            }
            None => &everything,
        };
        let mut found = false;
        for &place in places {
            tuple.push(rows[place].clone());
            let mut holds = true;
            for condition in conditions {
                holds = holds && condition.holds(&Env { rows: &tuple, outer })? == Some(true);
            }
            if holds {
                found = true;
                result.push(tuple.clone());
            }
            tuple.pop();
        }
        if source.left && !found {
            tuple.push(Arc::from([]));
            result.push(tuple);
        }
    }
    Ok(result)
}

/// `column of this source = expression over earlier ones`.
fn equality(node: &Node, at: usize) -> Option<(usize, &Node)> {
    let (Op::Compare(Comparison::Eq), [a, b]) = (&node.op, &node.args[..]) else { return None };
    let own = |node: &Node| match node.op {
        Op::Column { depth: 0, source, at: column } if source == at => Some(column),
        _ => None,
    };
    let earlier = |node: &Node| {
        !has_query(node)
            && !node.any(&|n| matches!(n.op, Op::Column { depth: 0, source, .. } if source >= at))
    };
    match (own(a), own(b)) {
        (Some(column), _) if earlier(b) => Some((column, b)),
        (_, Some(column)) if earlier(a) => Some((column, a)),
        _ => None,
    }
}

/// A text that equal values share; others may share it too.
pub(super) fn hash_text(value: &Value) -> String {
    match value {
        Value::Decimal(decimal) => {
            let text = decimal.to_string();
            if text.contains('.') {
                text.trim_end_matches('0').trim_end_matches('.').to_owned()
            } else {
                text
            }
        }
        Value::Int(int) => int.to_string(),
        Value::Bit(bit) => u8::from(*bit).to_string(),
        Value::RowVersion(_) | Value::Binary(_) | Value::Float(_) => "*".to_owned(),
        Value::DateTimeOffset(ticks, _) => ticks.to_string(),
        Value::Variant(_) => "variant".to_owned(),
        other => match other.as_text() {
            Some(text) => text.trim_end_matches(' ').to_ascii_lowercase() + "\u{1}",
            None => format!("{other:?}"),
        },
    }
}
