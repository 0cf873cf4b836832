//! An order in which every model comes after what it reads.

use std::collections::{BTreeMap, BTreeSet};

use crate::lake::TableName;

/// The models in order, or one cycle among them, first and last being the same.
pub(super) fn order(
    reads: &BTreeMap<TableName, BTreeSet<TableName>>,
) -> Result<Vec<TableName>, Vec<TableName>> {
    let mut ordered = Vec::with_capacity(reads.len());
    let mut done = BTreeSet::new();
    for start in reads.keys() {
        visit(start, reads, &mut done, &mut ordered)?;
    }
    Ok(ordered)
}

/// Depth first with its own stack, so that a long chain of models cannot exhaust the thread's.
fn visit(
    start: &TableName,
    reads: &BTreeMap<TableName, BTreeSet<TableName>>,
    done: &mut BTreeSet<TableName>,
    ordered: &mut Vec<TableName>,
) -> Result<(), Vec<TableName>> {
    let mut path: Vec<(TableName, Vec<TableName>)> = Vec::new();
    let open = |name: &TableName| {
        let inputs = reads.get(name).into_iter().flatten().rev();
        (name.clone(), inputs.filter(|input| reads.contains_key(*input)).cloned().collect())
    };
    if !done.contains(start) {
        path.push(open(start));
    }
    while let Some((name, inputs)) = path.last_mut() {
        let Some(next) = inputs.pop() else {
            let name = name.clone();
            path.pop();
            if done.insert(name.clone()) {
                ordered.push(name);
            }
            continue;
        };
        if let Some(begin) = path.iter().position(|(name, _)| *name == next) {
            let mut cycle: Vec<_> = path[begin..].iter().map(|(name, _)| name.clone()).collect();
            cycle.push(next);
            return Err(cycle);
        }
        if !done.contains(&next) {
            path.push(open(&next));
        }
    }
    Ok(())
}
