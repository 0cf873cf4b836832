//! What the server holds and how it is asked for.

mod condition;
mod dataset;
mod object;
mod select;

pub use dataset::Dataset;
pub(crate) use dataset::text;
pub use object::Object;
pub(crate) use object::Shape;
pub(crate) use select::{Selected, select};
