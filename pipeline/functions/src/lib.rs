//! SQL functions of the warehouse: codes, time, statistics, regions, points and the law of scan events.
//!
//! [`functions_at`] builds them for one build or query: everything that depends on configuration or
//! on the instant the answer stands for is fixed when they are made, so a plan that uses them is a
//! pure function of its input. This crate decides nothing itself: order, voids, containment, custody
//! and state come from `yuanliu-law`, places from `yuanliu-regions`, the spelling of codes from the
//! caller.

mod codes;
mod evidence;
mod instants;
mod law;
mod options;
mod places;
mod points;
mod scalar;
mod statistics;

use chrono::{DateTime, Utc};
use datafusion::logical_expr::ScalarUDF;

pub use codes::buckets;
pub use options::{FunctionOptions, Normalize, Places};

/// Every function the models and reports use, fixed to what `options` say and to `as_of`.
///
/// The names are the contract of `warehouse-sql`; registering them twice replaces them.
pub fn functions_at(options: &FunctionOptions, as_of: DateTime<Utc>) -> Vec<ScalarUDF> {
    let mut functions = codes::functions(options);
    functions.extend(instants::functions(options, as_of));
    functions.extend(statistics::functions());
    functions.extend(places::functions(options));
    functions.extend(points::functions());
    functions.extend(evidence::functions(options));
    functions.extend(law::functions());
    functions
}
