//! The store panics on some damage that it finds on disk; for the hub that is an error like others.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::error::IndexError;

/// Runs a use of the store; a panic in it becomes [`IndexError::Damaged`].
///
/// Everything the store shares is behind its own locks, which poison, so nothing half done is used
/// afterwards.
pub(crate) fn contained<T>(
    folder: &Path,
    body: impl FnOnce() -> Result<T, IndexError>,
) -> Result<T, IndexError> {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|cause| {
        let said = cause
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| cause.downcast_ref::<&str>().copied())
            .unwrap_or("no reason given");
        Err(IndexError::Damaged {
            folder: folder.to_owned(),
            what: format!("the store stopped: {said}"),
        })
    })
}
