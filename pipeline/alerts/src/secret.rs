//! A value that is never printed.

use std::fmt;

/// A key, password, or an address with a token. No `Display`; `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a resolved secret.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value, for the one call that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Resolves `env:NAME` and `file:PATH`, which only the process's own configuration reader may do.
pub trait SecretSource {
    /// The value behind a reference, or why there is none.
    fn resolve(&self, reference: &str) -> Result<String, String>;
}
