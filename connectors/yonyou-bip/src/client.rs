//! Calls one tenant: finds its gateway, keeps its token, stays within its budgets.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::sync::Mutex;
use yuanliu_contract::{Clock, ConnectorError, ErrorKind, Result, Seams};
use yuanliu_http_kit::{Bytes, HttpCaller, HttpReply, HttpRequest, Method, Url};

use crate::auth::{Gateway, Login, Token, percent_encode};
use crate::budget::PathBudgets;
use crate::config::Access;
use crate::envelope::{self, BUSINESS_OK};

/// No reply has shown the server's clock yet.
const SKEW_UNKNOWN: i64 = i64::MIN;

/// An accepted reply: its code is that of success.
#[derive(Debug)]
pub(crate) struct Answer(HttpReply);

impl Answer {
    /// What it holds, if anything.
    pub(crate) fn data(&self) -> Result<Option<&RawValue>> {
        envelope::accept(&self.0, BUSINESS_OK)
    }

    /// The body as received.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.body).into_owned()
    }

    /// An error about this answer.
    pub(crate) fn malformed(&self, detail: impl Into<String>) -> ConnectorError {
        self.error(ErrorKind::Malformed).with_detail(detail)
    }

    /// An error of `kind` about this answer.
    pub(crate) fn error(&self, kind: ErrorKind) -> ConnectorError {
        self.0.error(kind)
    }

    /// The reply below.
    pub(crate) fn reply(&self) -> &HttpReply {
        &self.0
    }
}

/// A refused call: the error, and the code by which the system named it.
pub(crate) struct Refusal {
    pub(crate) code: Option<String>,
    pub(crate) error: Box<ConnectorError>,
}

/// What a tenant told about itself.
#[derive(Default)]
struct Session {
    gateway: Option<Gateway>,
    token: Option<Token>,
}

/// Calls one tenant. The lock is held while gateway and token are asked for, so that readers who
/// need them together ask once, and not over a business call.
pub(crate) struct Client {
    caller: HttpCaller,
    clock: Arc<dyn Clock>,
    paths: PathBudgets,
    discovery_url: Url,
    login: Login,
    session: Mutex<Session>,
    skew_ms: AtomicI64,
}

impl Client {
    /// A client that has not called yet.
    pub(crate) fn new(access: Access, seams: &Seams) -> Result<Self> {
        Ok(Self {
            caller: HttpCaller::new(access.http, seams)?,
            clock: seams.clock.clone(),
            paths: PathBudgets::new(seams.clock.clone(), access.calls_per_minute),
            discovery_url: access.discovery_url,
            login: access.login,
            session: Mutex::new(Session::default()),
            skew_ms: AtomicI64::new(SKEW_UNKNOWN),
        })
    }

    /// Posts `body` to a path below the gateway; a refusal keeps the code of the system.
    pub(crate) async fn post(
        &self,
        path: &str,
        action: &str,
        body: &Value,
    ) -> std::result::Result<Answer, Refusal> {
        let uncoded = |error| Refusal { code: None, error: Box::new(error) };
        self.paths.acquire(path).await;
        let (gateway, token) = self.session().await.map_err(uncoded)?;
        let token_text = percent_encode(token.reveal());
        let url = format!("{}{path}?access_token={token_text}", gateway.gateway_url);
        let body = Bytes::from(body.to_string());
        let reply = match self.send(Method::POST, &url, action, body).await {
            Ok(reply) => reply,
            Err(error) => {
                self.forget(&error, &token).await;
                return Err(uncoded(error));
            }
        };
        let code = envelope::code(&reply);
        match envelope::accept(&reply, BUSINESS_OK) {
            Ok(_) => Ok(Answer(reply)),
            Err(error) => {
                self.forget(&error, &token).await;
                Err(Refusal { code, error: Box::new(error) })
            }
        }
    }

    /// The tenant's gateway, asked for if it is not known.
    pub(crate) async fn gateway(&self) -> Result<Gateway> {
        let mut session = self.session.lock().await;
        self.find_gateway(&mut session).await
    }

    /// Gateway and token, each asked for if it is not known or too old.
    pub(crate) async fn session(&self) -> Result<(Gateway, Token)> {
        let mut session = self.session.lock().await;
        let gateway = self.find_gateway(&mut session).await?;
        if let Some(token) = session.token.as_ref().filter(|t| t.is_fresh(self.clock.now())) {
            return Ok((gateway, token.clone()));
        }
        let url = self.login.url(&gateway, self.source_now().timestamp_millis());
        let reply = self.send(Method::GET, &url, "asking for a token", Bytes::new()).await;
        let token = reply.and_then(|reply| Token::read(&reply)).inspect_err(|error| {
            if is_about_address(error.kind) {
                session.gateway = None;
            }
        })?;
        session.token = Some(token.clone());
        Ok((gateway, token))
    }

    async fn find_gateway(&self, session: &mut Session) -> Result<Gateway> {
        let now = self.clock.now();
        if let Some(gateway) = session.gateway.as_ref().filter(|found| found.is_fresh(now)) {
            return Ok(gateway.clone());
        }
        let url = Gateway::discovery_url(&self.discovery_url, self.login.tenant_id());
        let reply = self.send(Method::GET, &url, "finding the gateway", Bytes::new()).await?;
        let gateway = Gateway::read(&reply)?;
        session.gateway = Some(gateway.clone());
        Ok(gateway)
    }

    /// Drops what a failed call proved wrong, unless another call has renewed it meanwhile.
    async fn forget(&self, error: &ConnectorError, used: &Token) {
        let mut session = self.session.lock().await;
        if error.kind == ErrorKind::SessionExpired && session.token.as_ref() == Some(used) {
            session.token = None;
        }
        if is_about_address(error.kind) {
            session.gateway = None;
        }
    }

    /// The server's clock minus the hub's, by the last reply that had a date.
    pub(crate) fn skew(&self) -> Option<TimeDelta> {
        let skew_ms = self.skew_ms.load(Ordering::Relaxed);
        (skew_ms != SKEW_UNKNOWN).then(|| TimeDelta::milliseconds(skew_ms))
    }

    /// Now on the server's clock, as far as it is known.
    pub(crate) fn source_now(&self) -> DateTime<Utc> {
        let now = self.clock.now();
        self.skew().and_then(|skew| now.checked_add_signed(skew)).unwrap_or(now)
    }

    async fn send(
        &self,
        method: Method,
        url: &str,
        action: &str,
        body: Bytes,
    ) -> Result<HttpReply> {
        let url: Url = url.parse().map_err(|source| {
            ConnectorError::new(ErrorKind::Config, action)
                .with_detail("the path does not make an address")
                .with_source(source)
        })?;
        let headers = vec![("Content-Type", "application/json; charset=utf-8".to_owned())];
        let request = HttpRequest { method, url, headers, body, action: action.to_owned() };
        let reply = self.caller.send(request).await?;
        if let Some(time) = reply.server_time() {
            let skew = time.signed_duration_since(reply.received_at);
            self.skew_ms.store(skew.num_milliseconds(), Ordering::Relaxed);
        }
        Ok(reply)
    }
}

/// Failures after which the data centre is asked for anew.
fn is_about_address(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Unreachable | ErrorKind::NotFound)
}
