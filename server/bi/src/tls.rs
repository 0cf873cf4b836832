//! TLS for the endpoint: passwords travel over it.

use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::error::BiError;

/// Answers TLS with the hub's certificate.
pub type Acceptor = TlsAcceptor;

/// Reads a certificate chain and its key, both in PEM.
///
/// # Errors
///
/// [`BiError::Pem`] and [`BiError::Certificate`].
pub fn acceptor(certificate: &Path, key: &Path) -> Result<Acceptor, BiError> {
    let pem = |path: &Path, wanted| {
        let path = path.to_owned();
        move |source| BiError::Pem { path, wanted, source }
    };
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(pem(certificate, "a certificate"))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(pem(key, "a private key"))?;
    let wrong = |source| BiError::Certificate { path: certificate.to_owned(), source };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(wrong)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(wrong)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
