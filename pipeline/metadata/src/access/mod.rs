//! Accounts, sessions, tokens, logins by OIDC and the audit log, as `yuanliu-access` wants them kept.

mod accounts;
mod audit;
mod sessions;
mod tokens;

use yuanliu_access::StoreError;

use crate::error::MetadataError;

/// The error of the traits, which keeps ours below it.
fn failed(action: &'static str) -> impl FnOnce(MetadataError) -> StoreError {
    move |error| StoreError { action, source: Box::new(error) }
}
