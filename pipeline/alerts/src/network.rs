//! The network as it is: HTTP by reqwest, mail by lettre.

use std::time::Duration;

use async_trait::async_trait;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use reqwest::Client;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::redirect::Policy;

use crate::transport::{
    HttpAnswer, HttpPost, Mail, MailSecurity, MailServer, Transport, TransportError,
};

/// A robot answers in a fraction of this.
const HTTP_TIMEOUT: Duration = Duration::from_secs(15);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// For each command; mail servers that look for spam take their time.
const SMTP_TIMEOUT: Duration = Duration::from_secs(30);
/// No answer is longer; the rest is not read.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// Sends over the network.
#[derive(Debug, Clone)]
pub struct Network {
    client: Client,
    smtp_timeout: Duration,
}

/// The HTTP client cannot be built.
#[derive(Debug, thiserror::Error)]
#[error("building the HTTP client for alerts")]
pub struct NetworkError(#[source] reqwest::Error);

impl Network {
    /// With the usual time limits.
    pub fn new() -> Result<Self, NetworkError> {
        Self::with_timeouts(HTTP_TIMEOUT, SMTP_TIMEOUT)
    }

    /// With other time limits.
    pub fn with_timeouts(http: Duration, smtp: Duration) -> Result<Self, NetworkError> {
        let builder = || {
            Client::builder()
                .connect_timeout(CONNECT_TIMEOUT.min(http))
                .timeout(http)
                // A redirect would carry the signed message elsewhere.
                .redirect(Policy::none())
                .http1_only()
        };
        // A machine without any certificate store must still be able to call plain http.
        let client = builder().build().or_else(|_| builder().tls_certs_only(Vec::new()).build());
        Ok(Self { client: client.map_err(NetworkError)?, smtp_timeout: smtp })
    }
}

#[async_trait]
impl Transport for Network {
    async fn post(&self, request: HttpPost) -> Result<HttpAnswer, TransportError> {
        let mut call = self
            .client
            .post(request.url.reveal())
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
            .body(request.body);
        for (name, value) in request.headers {
            call = call.header(name, value);
        }
        let mut response = call.send().await.map_err(http_error)?;
        let header = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after = header.map(str::to_owned);
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(http_error)? {
            body.extend_from_slice(&chunk);
            if body.len() > BODY_BYTES_MAX {
                break;
            }
        }
        Ok(HttpAnswer { status, retry_after, body: String::from_utf8_lossy(&body).into_owned() })
    }

    async fn mail(&self, server: &MailServer, mail: Mail) -> Result<(), TransportError> {
        let message = compose(server, mail)?;
        let transport = connect(server, self.smtp_timeout)?;
        // `smtp_timeout` bounds each command; all together are bounded as well.
        match tokio::time::timeout(self.smtp_timeout * 3, transport.send(message)).await {
            Err(_) => Err(TransportError::Unreachable("the mail server takes too long".to_owned())),
            Ok(Err(error)) => Err(smtp_error(&error)),
            Ok(Ok(_)) => Ok(()),
        }
    }
}

fn compose(server: &MailServer, mail: Mail) -> Result<Message, TransportError> {
    let refused = |what: &str, why: String| TransportError::Refused(format!("{what}: {why}"));
    let from: Mailbox = server.from.parse().map_err(|e| refused("the sender", format!("{e}")))?;
    let to: Mailbox = mail.to.parse().map_err(|e| refused("the recipient", format!("{e}")))?;
    Message::builder()
        .from(from)
        .to(to)
        .subject(mail.subject)
        .message_id(Some(mail.message_id))
        .header(ContentType::TEXT_PLAIN)
        .body(mail.text)
        .map_err(|error| refused("the mail cannot be written", error.to_string()))
}

fn connect(
    server: &MailServer,
    timeout: Duration,
) -> Result<AsyncSmtpTransport<Tokio1Executor>, TransportError> {
    let parameters = || {
        TlsParameters::new(server.host.clone())
            .map_err(|error| TransportError::Refused(format!("TLS cannot be set up: {error}")))
    };
    let tls = match server.security {
        MailSecurity::Tls => Tls::Wrapper(parameters()?),
        // Not the opportunistic kind: whoever strips STARTTLS would read password and mail.
        MailSecurity::StartTls => Tls::Required(parameters()?),
        MailSecurity::None => Tls::None,
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
        .port(server.port)
        .tls(tls)
        .timeout(Some(timeout));
    if let Some((user, password)) = &server.login {
        builder = builder.credentials(Credentials::new(user.clone(), password.reveal().to_owned()));
    }
    Ok(builder.build())
}

/// Without the address, which may hold a token.
fn http_error(error: reqwest::Error) -> TransportError {
    if error.is_builder() {
        let why = "the address or a header holds characters that HTTP does not allow";
        return TransportError::Refused(why.to_owned());
    }
    let what = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "cannot connect; check name, firewall and certificate"
    } else {
        "the connection broke"
    };
    let error = error.without_url();
    let mut below = std::error::Error::source(&error);
    let mut root = None;
    while let Some(source) = below {
        root = Some(source.to_string());
        below = source.source();
    }
    TransportError::Unreachable(match root {
        Some(root) => format!("{what}: {root}"),
        None => what.to_owned(),
    })
}

fn smtp_error(error: &lettre::transport::smtp::Error) -> TransportError {
    let mut text = error.to_string();
    if let Some(source) = std::error::Error::source(error) {
        text = format!("{text}: {source}");
    }
    let text = format!("the mail server: {}", text.replace(char::is_control, " "));
    if error.is_permanent() {
        TransportError::Refused(text)
    } else if error.is_transient() {
        TransportError::Later(text)
    } else if error.is_client() {
        // It offers no STARTTLS or no way to log in that we have.
        TransportError::Refused(text)
    } else {
        TransportError::Unreachable(text)
    }
}
