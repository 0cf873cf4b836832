//! Data types, values, and how one becomes another.

mod cast;
mod collation;
mod compare;
mod decimal;
mod format;
mod json;
mod sql_type;
mod temporal;
mod value;

pub(crate) use cast::{cast, convert, parse_hex};
pub use collation::Collation;
pub(crate) use compare::{compare, like};
pub use decimal::Decimal;
pub(crate) use decimal::{divide_rounded, power};
pub(crate) use format::uuid_from_wire;
pub(crate) use json::from_json;
pub use sql_type::{MAX, SqlType};
pub(crate) use sql_type::{decimal_bytes, time_bytes};
pub(crate) use temporal::{DAYS_TO_1900, datetime_units, from_chrono, to_chrono};
pub(crate) use value::DAY;
pub use value::{Row, Value};
