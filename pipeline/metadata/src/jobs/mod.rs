//! Leases, states of jobs and their history, as `yuanliu-schedule` wants them kept, and how far reports reach.

pub mod freshness;
mod history;
mod leases;
mod row;
mod states;

use yuanliu_schedule::StoreError;

use crate::error::MetadataError;

/// The error of the traits, which keeps ours below it.
fn failed(action: &'static str) -> impl FnOnce(MetadataError) -> StoreError {
    move |error| StoreError::Failed { action, source: Box::new(error) }
}
