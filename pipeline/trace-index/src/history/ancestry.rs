//! What a unit was inside of, through other containers.

use std::sync::Arc;

use super::answer::Inside;
use super::reader::Reader;
use super::unit::Unit;
use crate::error::IndexError;

/// Item in inner box in case in pallet in container.
pub(super) const DEPTH_MAX: u8 = 4;
/// More rows are not followed; a unit has some four.
const ROWS_MAX: usize = 4_096;

impl Reader<'_> {
    /// Everything the unit was inside of and when, by time and depth; and whether there was more.
    pub(super) fn ancestry(&mut self, unit: &Unit) -> Result<(Vec<Inside>, bool), IndexError> {
        let own = unit.stays.iter().map(|stay| Inside {
            ancestor: Arc::clone(&stay.parent),
            depth: 1,
            from_us: stay.from_us,
            to_us: stay.to_us,
        });
        let mut level: Vec<Inside> = own.collect();
        let mut rows = Vec::new();
        for depth in 2..=DEPTH_MAX {
            let mut outer = Vec::new();
            for inside in &level {
                let container = self.unit(&inside.ancestor)?;
                let around = container.stays.iter().filter(|stay| *stay.parent != *unit.code);
                outer.extend(around.filter_map(|stay| {
                    let (from_us, to_us) =
                        overlap((inside.from_us, inside.to_us), (stay.from_us, stay.to_us))?;
                    Some(Inside { ancestor: Arc::clone(&stay.parent), depth, from_us, to_us })
                }));
                if rows.len() + level.len() + outer.len() > ROWS_MAX {
                    rows.extend(level);
                    return Ok((in_order(rows), true));
                }
            }
            rows.append(&mut level);
            level = outer;
        }
        rows.extend(level);
        Ok((in_order(rows), false))
    }
}

fn in_order(mut rows: Vec<Inside>) -> Vec<Inside> {
    rows.sort_unstable_by(|a, b| {
        let order = |row: &Inside| (row.from_us, row.depth, Arc::clone(&row.ancestor), row.to_us);
        order(a).cmp(&order(b))
    });
    rows
}

/// The time two half-open intervals have in common; open ends last for ever.
pub(super) fn overlap(
    (a_from, a_to): (i64, Option<i64>),
    (b_from, b_to): (i64, Option<i64>),
) -> Option<(i64, Option<i64>)> {
    let from = a_from.max(b_from);
    let to = match (a_to, b_to) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    to.is_none_or(|to| from < to).then_some((from, to))
}
