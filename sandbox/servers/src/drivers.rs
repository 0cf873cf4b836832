//! The drivers of PostgreSQL that BI tools come with.

use std::path::PathBuf;

use crate::error::ServerError;
use crate::packages::{first_of, require};

/// unixODBC's `isql` and PostgreSQL's Unicode driver for it.
///
/// # Errors
///
/// A package cannot be installed.
pub fn odbc() -> Result<(PathBuf, PathBuf), ServerError> {
    let isql = require("unixodbc", || first_of(["/usr/bin/isql".into()]))?;
    let driver = require("odbc-postgresql", || {
        let folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"];
        first_of(folders.map(|folder| PathBuf::from(folder).join("odbc/psqlodbcw.so")))
    })?;
    Ok((isql, driver))
}

/// A `java` that runs a source file, and PostgreSQL's driver for it.
///
/// # Errors
///
/// A package cannot be installed.
pub fn jdbc() -> Result<(PathBuf, PathBuf), ServerError> {
    // A runtime alone has no compiler.
    require("default-jdk-headless", || first_of(["/usr/bin/javac".into()]))?;
    let java = require("default-jdk-headless", || first_of(["/usr/bin/java".into()]))?;
    let jar = "/usr/share/java/postgresql.jar";
    let driver = require("libpostgresql-jdbc-java", || first_of([jar.into()]))?;
    Ok((java, driver))
}
