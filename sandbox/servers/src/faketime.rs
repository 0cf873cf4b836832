//! The library that shifts a process's clock, from its Debian package.

use std::path::PathBuf;

use crate::{ServerError, packages};

const PACKAGE: &str = "libfaketime";

/// Where `libfaketime.so.1` is, to be named in `LD_PRELOAD` of a process whose clock is to jump.
pub fn faketime() -> Result<PathBuf, ServerError> {
    packages::require(PACKAGE, || {
        // Debian keeps libraries in a folder named after the machine's architecture.
        let architectures = std::fs::read_dir("/usr/lib").ok()?.flatten();
        let places = architectures.map(|one| one.path().join("faketime/libfaketime.so.1"));
        packages::first_of(places)
    })
}
