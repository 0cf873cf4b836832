//! Limits of a caller, each with its default.

use std::path::PathBuf;
use std::time::Duration;

/// How long a connection may take to stand: a host that is there answers well within it.
pub const CONNECT_TIMEOUT_DEFAULT: Duration = Duration::from_secs(10);

/// How long one call may take in all: what the vendors' own clients wait.
pub const REQUEST_TIMEOUT_DEFAULT: Duration = Duration::from_secs(120);

/// The largest body that is read: a page of 10,000 wide rows is about half of it.
pub const BODY_BYTES_MAX_DEFAULT: usize = 64 * 1024 * 1024;

/// Limits of a caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpOptions {
    /// How long a connection may take to stand.
    pub connect_timeout: Duration,
    /// How long one call may take in all, body included.
    pub request_timeout: Duration,
    /// The largest body that is read, after decompression.
    pub body_bytes_max: usize,
    /// A PEM file with further certificate authorities, for private installations.
    pub ca_file: Option<PathBuf>,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            connect_timeout: CONNECT_TIMEOUT_DEFAULT,
            request_timeout: REQUEST_TIMEOUT_DEFAULT,
            body_bytes_max: BODY_BYTES_MAX_DEFAULT,
            ca_file: None,
        }
    }
}
