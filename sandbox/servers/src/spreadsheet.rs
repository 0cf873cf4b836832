//! A spreadsheet program.

use std::path::PathBuf;

use crate::error::ServerError;
use crate::packages::{first_of, require};

/// Gnumeric's `ssconvert`, which computes workbooks without a screen.
///
/// # Errors
///
/// The package cannot be installed.
pub fn ssconvert() -> Result<PathBuf, ServerError> {
    require("gnumeric", || first_of(["/usr/bin/ssconvert".into()]))
}
