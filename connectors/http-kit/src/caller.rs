//! Sends one request and reads its reply.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder, Method, Url};
use yuanliu_contract::{CallBudget, Clock, ConnectorError, ErrorKind, Result, Seams};

use crate::options::HttpOptions;
use crate::reply::HttpReply;

/// One request.
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// The address.
    pub url: Url,
    /// Header names and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Bytes,
    /// What is being done to which object, lower case: `querying BD_MATERIAL`.
    pub action: String,
}

/// Calls one system. Cheap to share; every method may be called concurrently.
pub struct HttpCaller {
    client: Client,
    clock: Arc<dyn Clock>,
    budget: Arc<dyn CallBudget>,
    options: HttpOptions,
}

impl HttpCaller {
    /// Builds a caller; fails only on a certificate file that cannot be used.
    pub fn new(options: HttpOptions, seams: &Seams) -> Result<Self> {
        let client = match &options.ca_file {
            Some(path) => build(builder(&options).tls_certs_merge(read_certificates(path)?))?,
            // A machine without any certificate store must still be able to call plain http.
            None => build(builder(&options))
                .or_else(|_| build(builder(&options).tls_certs_only(Vec::new())))?,
        };
        let (clock, budget) = (seams.clock.clone(), seams.budget.clone());
        Ok(Self { client, clock, budget, options })
    }

    /// Sends a request and reads the reply whole; only the transport can fail here.
    pub async fn send(&self, request: HttpRequest) -> Result<HttpReply> {
        let action = format!("{} at {}", request.action, printable(&request.url));
        self.budget.acquire().await;
        let mut builder = self.client.request(request.method, request.url).body(request.body);
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        let mut response = match builder.send().await {
            Ok(response) => response,
            Err(error) => return Err(failure(&action, error)),
        };
        let received_at = self.clock.now();
        let mut body = BytesMut::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= self.options.body_bytes_max => {
                    body.extend_from_slice(&chunk);
                }
                Ok(Some(_)) => return Err(self.too_large(&action)),
                Ok(None) => break,
                Err(error) => return Err(failure(&action, error)),
            }
        }
        Ok(HttpReply {
            status: response.status(),
            headers: std::mem::take(response.headers_mut()),
            body: body.freeze(),
            received_at,
            action,
        })
    }

    fn too_large(&self, action: &str) -> ConnectorError {
        ConnectorError::new(ErrorKind::Malformed, action)
            .with_detail(format!("the body is larger than {} bytes", self.options.body_bytes_max))
            .with_hint("ask for fewer rows per page")
    }
}

fn builder(options: &HttpOptions) -> ClientBuilder {
    Client::builder()
        .connect_timeout(options.connect_timeout)
        .timeout(options.request_timeout)
        .redirect(Policy::none())
        // HTTP/2 to some vendors' front proxies answers 502.
        .http1_only()
}

fn build(builder: ClientBuilder) -> Result<Client> {
    builder.build().map_err(|source| {
        ConnectorError::new(ErrorKind::Config, "building the HTTP client").with_source(source)
    })
}

fn read_certificates(path: &Path) -> Result<Vec<Certificate>> {
    let failed = || {
        ConnectorError::new(ErrorKind::Config, format!("reading certificates {}", path.display()))
            .with_hint("give a PEM file with the authority that signed the server's certificate")
    };
    let text = fs::read(path).map_err(|source| failed().with_source(source))?;
    let found = Certificate::from_pem_bundle(&text).map_err(|e| failed().with_source(e))?;
    if found.is_empty() { Err(failed().with_detail("it holds no certificate")) } else { Ok(found) }
}

/// The address without user, password, query and fragment.
fn printable(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    // Both refuse only addresses that cannot carry a user at all.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}

fn failure(action: &str, error: reqwest::Error) -> ConnectorError {
    let (kind, hint) = if error.is_connect() {
        let hint = "check the address, that the system runs, the firewall between, and, for a \
                    private certificate, the setting ca_file";
        (ErrorKind::Unreachable, Some(hint))
    } else if error.is_timeout() {
        (ErrorKind::Timeout, None)
    } else if error.is_builder() {
        (ErrorKind::Config, Some("a header or the address holds characters HTTP does not allow"))
    } else if is_garbled(&error) {
        (ErrorKind::Malformed, None)
    } else {
        (ErrorKind::Unreachable, None)
    };
    let mut failure = ConnectorError::new(kind, action).with_source(error.without_url());
    failure.hint = hint.map(str::to_owned);
    failure
}

/// Whether a body arrived but could not be decompressed; everything else is a broken connection.
fn is_garbled(error: &reqwest::Error) -> bool {
    let mut below = std::error::Error::source(error);
    while let Some(source) = below {
        if let Some(io) = source.downcast_ref::<io::Error>() {
            return matches!(io.kind(), io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput);
        }
        below = source.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_printed_without_secrets() {
        let url = Url::parse("https://u:p@erp.example.com:8443/K3Cloud/a?token=x#y").unwrap();
        assert_eq!(printable(&url), "https://erp.example.com:8443/K3Cloud/a");
    }
}
