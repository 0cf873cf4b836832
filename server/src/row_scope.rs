//! From what somebody may see to the rows that every query of theirs is limited to.

use std::sync::Arc;

use yuanliu_access::{DealerScope, RegionScope, RowScope};
use yuanliu_warehouse::{RegionLimit, RowLimit};

use crate::knowledge::Knowledge;

/// The limit of a scope under the dealers of the last build; `None` where nothing is hidden.
pub(crate) fn row_limit(scope: &RowScope, known: &Knowledge) -> Option<RowLimit> {
    if scope.is_everything() {
        return None;
    }
    let dealers = match &scope.dealers {
        DealerScope::All => None,
        DealerScope::Subtree(root) => Some(known.dealers_below(root).into_iter().collect()),
    };
    let regions = match &scope.regions {
        RegionScope::All => None,
        RegionScope::Only(codes) => Some(RegionLimit {
            codes: Arc::from(codes.as_slice()),
            dealers: known.dealers_in(codes).into_iter().collect(),
        }),
    };
    Some(RowLimit { dealers, regions })
}
