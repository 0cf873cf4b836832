//! What the server holds: forms, documents and values.
//!
//! Nothing here knows HTTP. A form is described by [`FormMeta`]; its rows are documents with a
//! header and, for documents proper, one entry list.

mod dataset;
mod decimal;
mod document;
mod meta;
mod put;
mod save;
mod status;
pub(crate) mod value;

pub use dataset::Dataset;
pub(crate) use dataset::Form;
pub use decimal::{Decimal, DecimalError};
pub(crate) use document::{Document, Entry, Fields};
pub use meta::{EntityMeta, FieldKind, FieldMeta, FormMeta};
pub use put::PutError;
pub(crate) use save::{SaveError, SaveOptions};
pub(crate) use status::Step;
pub use value::Value;
