//! What can go wrong with the metadata store.

/// The metadata store could not do something.
#[derive(Debug, thiserror::Error)]
#[error("{action} in the metadata store")]
pub struct MetadataError {
    /// What was being done.
    pub action: &'static str,
    /// The error below.
    #[source]
    pub source: sqlx::Error,
}

impl MetadataError {
    pub(crate) fn while_doing(action: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |source| Self { action, source }
    }
}
