//! PostgreSQL's own client.

use std::path::PathBuf;

use crate::error::ServerError;
use crate::packages::{first_of, require};

/// Where `psql` is; Debian's package of it is installed if it is missing.
///
/// # Errors
///
/// The package cannot be installed.
pub fn psql() -> Result<PathBuf, ServerError> {
    require("postgresql-client", || first_of(["/usr/bin/psql".into()]))
}
