//! Who is let in, and to what.

use std::net::IpAddr;

use async_trait::async_trait;
use yuanliu_warehouse::QueryScope;

/// Lets people in.
#[async_trait]
pub trait Door: Send + Sync {
    /// What everybody's sessions are made of: functions and memory, with tables that nobody sees yet.
    fn lobby(&self) -> QueryScope;

    /// The view of whoever shows this login and password.
    ///
    /// # Errors
    ///
    /// Who is not let in learns why in one sentence, and nothing about whether the login exists.
    async fn admit(&self, login: &str, password: &str, from: IpAddr)
    -> Result<QueryScope, Refused>;
}

/// Why somebody is not let in, for them to read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);
