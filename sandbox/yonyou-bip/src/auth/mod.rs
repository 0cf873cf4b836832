//! The app, its signature and its tokens.

mod query;
mod signature;
mod tokens;

pub(crate) use query::Query;
pub use signature::sign;
pub(crate) use tokens::{Tokens, answer};

/// The one tenant and its one app; invented, and public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The tenant.
    pub tenant_id: String,
    /// The app's key; a suite's as well.
    pub app_key: String,
    /// The app's secret.
    pub app_secret: String,
    /// What an old suite signs with besides.
    pub suite_ticket: String,
}

impl Default for Credentials {
    fn default() -> Self {
        Self {
            tenant_id: "tenant9x".to_owned(),
            app_key: "a1b2c3d4e5f60718293a4b5c6d7e8f90".to_owned(),
            app_secret: "0f1e2d3c4b5a69788796a5b4c3d2e1f001234567".to_owned(),
            suite_ticket: "ticket-demo-77".to_owned(),
        }
    }
}
