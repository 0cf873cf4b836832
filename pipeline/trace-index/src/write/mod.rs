//! From batches of events to entries of the store.

mod apply;
mod bulk;
mod columns;
mod entries;
mod ids;
mod merge;
mod progress;
mod runs;
mod sorting;
mod step;

pub(crate) use apply::{Writer, apply};
pub(crate) use entries::{PRINTED, RECORD};
pub(crate) use ids::Ids;
pub(crate) use merge::{contents_in, voids_at};
pub(crate) use progress::read_progress;

pub use apply::Applied;
pub use bulk::BulkBuild;
pub use progress::Progress;
