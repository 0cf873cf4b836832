//! The engine's ports, served by the lake, the metadata store and the machine's clock.

mod clock;
mod landing;
mod outbox;
mod rejects;

pub(crate) use clock::SystemClock;
pub(crate) use landing::LakeTables;
pub(crate) use outbox::MetadataOutbox;
pub(crate) use rejects::MetadataRejects;

use yuanliu_engine::StoreError;

fn store_error(
    action: impl Into<String>,
) -> impl FnOnce(Box<dyn std::error::Error + Send + Sync>) -> StoreError {
    let action = action.into();
    move |source| StoreError { action, source }
}
