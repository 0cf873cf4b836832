//! One connection of HTTP/1.1, kept alive.

use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{
    AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, HeaderValue, RETRY_AFTER, SET_COOKIE,
};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

/// What a server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// When to come back, if the server said so in seconds.
    pub retry_after: Option<Duration>,
    /// The cookie it set, as it is sent back.
    pub cookie: Option<String>,
    /// The body.
    pub body: Bytes,
}

/// A connection to a server.
#[derive(Debug)]
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: HeaderValue,
    authorization: Option<HeaderValue>,
    session: Option<(HeaderValue, HeaderValue)>,
}

impl Connection {
    /// Connects to `http://HOST:PORT`; `token` goes with every request.
    pub async fn open(address: &str, token: Option<&str>) -> Result<Self> {
        let host = address.strip_prefix("http://").context("an address begins with http://")?;
        let stream = TcpStream::connect(host).await;
        let stream = stream.with_context(|| format!("connecting to {host}"))?;
        stream.set_nodelay(true).context("setting up the connection")?;
        let (sender, connection) =
            handshake(TokioIo::new(stream)).await.context("speaking HTTP")?;
        // A connection that broke shows in the next request.
        tokio::spawn(connection);
        let bearer = |token: &str| HeaderValue::from_str(&format!("Bearer {token}"));
        let authorization = token.map(bearer).transpose().context("writing the token")?;
        Ok(Self { sender, host: HeaderValue::from_str(host)?, authorization, session: None })
    }

    /// Connects and logs in, as a page of the hub does.
    pub async fn log_in(address: &str, login: &str, password: &str) -> Result<Self> {
        let mut connection = Self::open(address, None).await?;
        let body = json!({"login": login, "password": password});
        let answer = connection.post_json("/api/v1/session", &body).await?;
        let session: Value = serde_json::from_slice(&answer.body).context("reading the session")?;
        let csrf_token = session["csrf_token"].as_str();
        let csrf_token = csrf_token.with_context(|| format!("logging in as {login}: {session}"))?;
        connection.in_session(answer.cookie.as_deref().context("a session's cookie")?, csrf_token)
    }

    /// Goes on in a session: its cookie, and what shows that the session's own page asks.
    fn in_session(mut self, cookie: &str, csrf_token: &str) -> Result<Self> {
        self.session = Some((HeaderValue::from_str(cookie)?, HeaderValue::from_str(csrf_token)?));
        Ok(self)
    }

    /// Sends a JSON document.
    pub async fn post_json(&mut self, path: &str, document: &Value) -> Result<Answer> {
        let body = Bytes::from(document.to_string());
        self.send(Method::POST, path, Some("application/json"), body).await
    }

    /// Asks for a path.
    pub async fn get(&mut self, path: &str) -> Result<Answer> {
        self.send(Method::GET, path, None, Bytes::new()).await
    }

    /// Sends JSON Lines.
    pub async fn post_lines(&mut self, path: &str, lines: Bytes) -> Result<Answer> {
        self.send(Method::POST, path, Some("application/x-ndjson"), lines).await
    }

    async fn send(
        &mut self,
        method: Method,
        path: &str,
        content_type: Option<&'static str>,
        body: Bytes,
    ) -> Result<Answer> {
        let mut request = Request::builder().method(method).uri(path).header(HOST, &self.host);
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        if let Some((cookie, csrf_token)) = &self.session {
            request = request.header(COOKIE, cookie).header("x-csrf-token", csrf_token);
        }
        if let Some(content_type) = content_type {
            request = request.header(CONTENT_TYPE, content_type);
        }
        let request = request.body(Full::new(body)).context("writing the request")?;
        self.sender.ready().await.context("the connection was closed")?;
        let answer = self.sender.send_request(request).await;
        let answer = answer.with_context(|| format!("asking for {path}"))?;
        let status = answer.status();
        let retry_after = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after = retry_after.and_then(|text| text.parse().ok()).map(Duration::from_secs);
        let cookie = answer.headers().get(SET_COOKIE).and_then(|value| value.to_str().ok());
        let cookie = cookie.and_then(|text| text.split(';').next()).map(str::to_owned);
        let body = answer.into_body().collect().await.context("reading the answer")?.to_bytes();
        Ok(Answer { status, retry_after, cookie, body })
    }
}
