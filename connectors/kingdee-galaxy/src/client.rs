//! Calls one account, one request at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use yuanliu_contract::{Clock, ConnectorError, ErrorKind, Result, Seams};
use yuanliu_http_kit::{Bytes, HttpCaller, HttpOptions, HttpReply, HttpRequest, Method, Url};

use crate::auth::{Auth, Login};
use crate::envelope::accept;
use crate::session::{Greeting, Session};

const FORM_SERVICE: &str = "Kingdee.BOS.WebApi.ServicesStub.DynamicFormService";
const AUTH_SERVICE: &str = "Kingdee.BOS.WebApi.ServicesStub.AuthService";

/// No reply has shown the server's clock yet.
const SKEW_UNKNOWN: i64 = i64::MIN;

/// An accepted reply: a body that is data.
#[derive(Debug)]
pub(crate) struct Answer(HttpReply);

impl Answer {
    /// The body.
    pub(crate) fn text(&self) -> Result<&str> {
        accept(&self.0)
    }

    /// An error about this answer.
    pub(crate) fn malformed(&self, detail: impl Into<String>) -> ConnectorError {
        self.0.error(ErrorKind::Malformed).with_detail(detail)
    }

    /// The reply below.
    pub(crate) fn reply(&self) -> &HttpReply {
        &self.0
    }
}

/// Calls one account. The lock is held over a call: one request and one login at a time.
pub(crate) struct Client {
    caller: HttpCaller,
    base_url: Url,
    auth: Auth,
    clock: Arc<dyn Clock>,
    session: Mutex<Session>,
    skew_ms: AtomicI64,
}

impl Client {
    /// A client that has not called yet.
    pub(crate) fn new(
        base_url: Url,
        auth: Auth,
        options: HttpOptions,
        seams: &Seams,
    ) -> Result<Self> {
        Ok(Self {
            caller: HttpCaller::new(options, seams)?,
            base_url,
            auth,
            clock: seams.clock.clone(),
            session: Mutex::new(Session::default()),
            skew_ms: AtomicI64::new(SKEW_UNKNOWN),
        })
    }

    /// Calls an operation that reads, after logging in if that is needed.
    pub(crate) async fn call(
        &self,
        operation: &str,
        action: String,
        data: Value,
    ) -> Result<Answer> {
        self.send_form_call(operation, action, json!({ "data": data })).await
    }

    /// Calls an operation on the documents of a form, after logging in if that is needed.
    pub(crate) async fn call_form(
        &self,
        operation: &str,
        form: &str,
        action: String,
        data: Value,
    ) -> Result<Answer> {
        self.send_form_call(operation, action, json!({ "formid": form, "data": data })).await
    }

    async fn send_form_call(&self, operation: &str, action: String, body: Value) -> Result<Answer> {
        let mut session = self.session.lock().await;
        let url = self.url(FORM_SERVICE, operation)?;
        let headers = match &self.auth {
            Auth::Signature(signature) => {
                signature.headers(url.path(), self.clock.now().timestamp())
            }
            Auth::Session(login) => {
                if !session.is_open() {
                    self.log_in(login, &mut session).await?;
                }
                session.headers()
            }
        };
        let reply = self.send(url, headers, body, action).await?;
        match accept(&reply) {
            Ok(_) => session.renew(&reply),
            Err(error) => {
                if matches!(error.kind, ErrorKind::SessionExpired | ErrorKind::Auth) {
                    session.forget();
                }
                return Err(error);
            }
        }
        Ok(Answer(reply))
    }

    /// Logs in if that is needed and repeats what the server said about itself; a signature has
    /// no login and learns nothing.
    pub(crate) async fn greet(&self) -> Result<Greeting> {
        let mut session = self.session.lock().await;
        if let Auth::Session(login) = &self.auth
            && !session.is_open()
        {
            self.log_in(login, &mut session).await?;
        }
        Ok(session.greeting.clone())
    }

    /// Whether every call proves anew who is calling.
    pub(crate) fn is_signed(&self) -> bool {
        matches!(self.auth, Auth::Signature(_))
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

    async fn log_in(&self, login: &Login, session: &mut Session) -> Result<()> {
        let (variant, parameters) = login.request(self.clock.now().timestamp());
        let url = self.url(AUTH_SERVICE, variant)?;
        let body = json!({ "parameters": parameters });
        let reply = self.send(url, Vec::new(), body, "logging in".to_owned()).await?;
        session.open(&reply)
    }

    async fn send(
        &self,
        url: Url,
        mut headers: Vec<(&'static str, String)>,
        body: Value,
        action: String,
    ) -> Result<HttpReply> {
        headers.push(("Content-Type", "application/json".to_owned()));
        headers.push(("Accept-Charset", "utf-8".to_owned()));
        let body = Bytes::from(body.to_string());
        let request = HttpRequest { method: Method::POST, url, headers, body, action };
        let reply = self.caller.send(request).await?;
        if let Some(time) = reply.server_time() {
            let skew_ms = (time - reply.received_at).num_milliseconds();
            self.skew_ms.store(skew_ms, Ordering::Relaxed);
        }
        Ok(reply)
    }

    fn url(&self, service: &str, operation: &str) -> Result<Url> {
        self.base_url.join(&format!("{service}.{operation}.common.kdsvc")).map_err(|source| {
            ConnectorError::new(ErrorKind::Config, format!("addressing {operation}"))
                .with_source(source)
        })
    }
}
