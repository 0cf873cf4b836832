//! The law of scan events as functions over the events of one unit.
//!
//! Each takes `array_agg(named_struct(…))` of one unit's events, in any order, and gives a list of
//! structs to unnest. `unit_state` takes one struct of what is known of a unit, the instant it is
//! asked for and the days goods travel, and gives one struct. Fields are found by name; a missing
//! one or one of another type is an error of the query. Events without a time and unknown types are
//! passed over.
//!
//! | function | fields of the argument | fields of the answer |
//! | --- | --- | --- |
//! | `containment` | `event_id content_hash event_type event_time parent_code` | `parent_code contained_from contained_to start_event_id end_event_id` |
//! | `custody` | `event_id content_hash event_type event_time inferred via_code holder channel delivery_no order_no corrects_event_id` | `holder held_from held_to held_since channel start_event_id inferred ship_event_id shipped_at ship_via_code delivery_no order_no continues` |
//! | `shipments` | as `custody` | `event_id event_type event_time holder channel delivery_no order_no inferred via_code is_voided is_repeat` |
//! | `unit_state` | `is_commissioned left_line_at sold_at`; `X_at own_X_at` for decommissioned, bought, returned, reached_store, reached_dealer, shipped: when, and when on its own code | `state is_inferred` |

mod containment;
mod custody;
mod events;
mod rows;
mod shipments;
mod state;

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array};
use arrow::datatypes::DataType;
use datafusion::logical_expr::ScalarUDF;
use yuanliu_law::EventType;

use crate::scalar::{as_text, scalar, scalar_of_any};

pub(crate) fn functions() -> Vec<ScalarUDF> {
    vec![
        scalar("type_precedence", vec![DataType::Utf8], DataType::Int64, |arguments| {
            let names = as_text(&arguments[0])?;
            let rank = |name| EventType::parse(name).map(|t| i64::from(t.precedence()));
            let ranks: Int64Array = names.iter().map(|name| name.and_then(rank)).collect();
            Ok(Arc::new(ranks) as ArrayRef)
        }),
        scalar_of_any("containment", 1, containment::returns(), |arguments| {
            containment::body(&arguments[0])
        }),
        scalar_of_any("custody", 1, custody::returns(), |arguments| custody::body(&arguments[0])),
        scalar_of_any("shipments", 1, shipments::returns(), |arguments| {
            shipments::body(&arguments[0])
        }),
        scalar_of_any("unit_state", 3, state::returns(), state::body),
    ]
}
