//! The seams to the network: HTTP and mail.

use async_trait::async_trait;

use crate::secret::Secret;

/// One POST. The address may hold a token, so it is a secret.
#[derive(Debug, Clone)]
pub struct HttpPost {
    /// Where to.
    pub url: Secret,
    /// Header names and values, besides the content type, which is JSON.
    pub headers: Vec<(&'static str, String)>,
    /// The body, JSON.
    pub body: String,
}

/// What came back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HttpAnswer {
    /// The status.
    pub status: u16,
    /// The `Retry-After` header as it was written.
    pub retry_after: Option<String>,
    /// The body, as far as it was read.
    pub body: String,
}

/// How a mail server is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSecurity {
    /// TLS from the first byte.
    Tls,
    /// TLS after STARTTLS, which the server must offer.
    StartTls,
    /// None; only for a server on this machine or in a closed network.
    None,
}

/// A mail server.
#[derive(Debug, Clone)]
pub struct MailServer {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How it is reached.
    pub security: MailSecurity,
    /// User and password, where it wants them.
    pub login: Option<(String, Secret)>,
    /// The sender of every mail.
    pub from: String,
}

/// One mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Whom.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The `Message-ID`, the same for every attempt, so that a mailbox can tell a repeat.
    pub message_id: String,
}

/// Why something could not be handed over. Its text names no token, key or address with a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// Nobody answered, or not in time; it may have arrived.
    #[error("{0}")]
    Unreachable(String),
    /// The mail server says no for now.
    #[error("{0}")]
    Later(String),
    /// The mail server says no for good, or nothing can be made of what was given.
    #[error("{0}")]
    Refused(String),
}

/// The network, or what stands for it in a test. An answer of any status is an answer.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends a POST and reads the answer.
    async fn post(&self, request: HttpPost) -> Result<HttpAnswer, TransportError>;

    /// Hands a mail to a server.
    async fn mail(&self, server: &MailServer, mail: Mail) -> Result<(), TransportError>;
}
