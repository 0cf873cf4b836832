//! `unit_state(facts, as_of, transit_days)`: the state of one unit and whether it is inferred.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, BooleanBuilder, Int64Array, StringBuilder, StructArray,
    TimestampMicrosecondArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Fields, Int64Type, TimestampMicrosecondType};
use datafusion::common::exec_err;
use datafusion::error::Result;
use yuanliu_law::{Fact, UnitFacts, standing};

use super::rows::{flag, text};
use crate::instants::instant_type;

const DAY_US: i64 = 24 * 60 * 60 * 1_000_000;

fn fields() -> Fields {
    Fields::from(vec![text("state"), flag("is_inferred")])
}

pub(super) fn returns() -> DataType {
    DataType::Struct(fields())
}

pub(super) fn body(arguments: &[ArrayRef]) -> Result<ArrayRef> {
    let Some(given) = arguments[0].as_struct_opt() else {
        return exec_err!("expected a struct of facts, found {}", arguments[0].data_type());
    };
    let columns = FactColumns::new(given, &arguments[1], &arguments[2])?;
    let (mut state, mut inferred) = (StringBuilder::new(), BooleanBuilder::new());
    for row in 0..given.len() {
        let found = standing(&columns.at(row));
        state.append_value(found.state.as_str());
        inferred.append_value(found.inferred);
    }
    let columns: Vec<ArrayRef> = vec![Arc::new(state.finish()), Arc::new(inferred.finish())];
    Ok(Arc::new(StructArray::try_new(fields(), columns, None)?))
}

struct FactColumns {
    as_of: TimestampMicrosecondArray,
    transit_days: Int64Array,
    is_commissioned: BooleanArray,
    left_line_at: TimestampMicrosecondArray,
    decommissioned: FactColumn,
    sold_at: TimestampMicrosecondArray,
    bought: FactColumn,
    returned: FactColumn,
    reached_store: FactColumn,
    reached_dealer: FactColumn,
    shipped: FactColumn,
}

impl FactColumns {
    fn new(given: &StructArray, as_of: &ArrayRef, transit_days: &ArrayRef) -> Result<Self> {
        let days = cast(transit_days, &DataType::Int64)?;
        let fact = |name: &str| FactColumn::new(given, name);
        Ok(Self {
            as_of: instants(as_of)?,
            transit_days: days.as_primitive::<Int64Type>().clone(),
            is_commissioned: boolean(given, "is_commissioned")?,
            left_line_at: instant(given, "left_line_at")?,
            decommissioned: fact("decommissioned")?,
            sold_at: instant(given, "sold_at")?,
            bought: fact("bought")?,
            returned: fact("returned")?,
            reached_store: fact("reached_store")?,
            reached_dealer: fact("reached_dealer")?,
            shipped: fact("shipped")?,
        })
    }

    fn at(&self, row: usize) -> UnitFacts {
        let transit_us = self.transit_days.value(row).saturating_mul(DAY_US);
        UnitFacts {
            arrived_before_us: self.as_of.value(row).saturating_sub(transit_us),
            is_commissioned: self.is_commissioned.is_valid(row) && self.is_commissioned.value(row),
            left_line_us: instant_at(&self.left_line_at, row),
            decommissioned: self.decommissioned.at(row),
            // Only a scan of the item itself sells it.
            sold: instant_at(&self.sold_at, row).map(|at_us| Fact { at_us, inferred: false }),
            bought: self.bought.at(row),
            returned: self.returned.at(row),
            reached_store: self.reached_store.at(row),
            reached_dealer: self.reached_dealer.at(row),
            shipped: self.shipped.at(row),
        }
    }
}

/// The last time something happened, and the last time the unit's own code says so.
struct FactColumn {
    at: TimestampMicrosecondArray,
    own_at: TimestampMicrosecondArray,
}

impl FactColumn {
    fn new(given: &StructArray, name: &str) -> Result<Self> {
        Ok(Self {
            at: instant(given, &format!("{name}_at"))?,
            own_at: instant(given, &format!("own_{name}_at"))?,
        })
    }

    fn at(&self, row: usize) -> Option<Fact> {
        let at_us = instant_at(&self.at, row)?;
        Some(Fact { at_us, inferred: instant_at(&self.own_at, row) != Some(at_us) })
    }
}

fn column<'a>(given: &'a StructArray, name: &str) -> Result<&'a ArrayRef> {
    match given.column_by_name(name) {
        Some(column) => Ok(column),
        None => exec_err!("the facts have no field {name}"),
    }
}

fn boolean(given: &StructArray, name: &str) -> Result<BooleanArray> {
    Ok(cast(column(given, name)?, &DataType::Boolean)?.as_boolean().clone())
}

fn instant(given: &StructArray, name: &str) -> Result<TimestampMicrosecondArray> {
    instants(column(given, name)?)
}

fn instants(column: &ArrayRef) -> Result<TimestampMicrosecondArray> {
    let column = cast(column, &instant_type())?;
    Ok(column.as_primitive::<TimestampMicrosecondType>().clone())
}

fn instant_at(column: &TimestampMicrosecondArray, row: usize) -> Option<i64> {
    column.is_valid(row).then(|| column.value(row))
}
