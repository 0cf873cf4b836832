//! What goes wrong before anybody is let in.

use std::io;
use std::path::PathBuf;

/// The endpoint cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum BiError {
    /// A file of the TLS certificate cannot be read.
    #[error("reading {}: it must hold {wanted} in PEM", path.display())]
    Pem {
        /// The file.
        path: PathBuf,
        /// What it must hold.
        wanted: &'static str,
        /// Why.
        #[source]
        source: rustls::pki_types::pem::Error,
    },
    /// Certificate and key do not go together.
    #[error("using the certificate of {}", path.display())]
    Certificate {
        /// The certificate.
        path: PathBuf,
        /// Why.
        #[source]
        source: rustls::Error,
    },
    /// Connections cannot be taken.
    #[error("taking connections of BI tools")]
    Accept(#[source] io::Error),
}
