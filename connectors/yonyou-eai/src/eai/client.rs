//! Posts one document and reads the answer's root element.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use yuanliu_contract::{Clock, ErrorKind, Result, Seams};
use yuanliu_http_kit::reply::excerpt;
use yuanliu_http_kit::{Bytes, HttpCaller, HttpOptions, HttpReply, HttpRequest, Method, Url};

use crate::xml::{Element, decode, parse};

const PAGE_HINT: &str = "open the address in a browser: it should say 正常; check that the EAI data source of this sender is configured on the U8 server";

/// An answer: its root element, and the text it came as.
pub(crate) struct Answer {
    pub(crate) root: Element,
    pub(crate) text: String,
    reply: HttpReply,
}

impl Answer {
    /// An error about this answer.
    pub(crate) fn error(&self, kind: ErrorKind) -> yuanliu_contract::ConnectorError {
        self.reply.error(kind)
    }
}

/// Calls one address.
pub(crate) struct Client {
    caller: HttpCaller,
    clock: Arc<dyn Clock>,
    url: Url,
}

impl Client {
    /// A client that has not called yet.
    pub(crate) fn new(url: Url, options: HttpOptions, seams: &Seams) -> Result<Self> {
        Ok(Self { caller: HttpCaller::new(options, seams)?, clock: seams.clock.clone(), url })
    }

    /// Now on the hub's clock.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Whether the address answers at all, and with what.
    pub(crate) async fn greet(&self) -> Result<String> {
        let reply = self.send(Method::GET, Bytes::new(), "greeting".to_owned(), "").await?;
        reply.require_success().map_err(|error| error.with_hint(PAGE_HINT))?;
        Ok(decode(&reply.body).map(|text| excerpt(&text)).unwrap_or_default())
    }

    /// Posts a document as the raw body.
    pub(crate) async fn post(
        &self,
        xml: String,
        content_type: &str,
        action: String,
    ) -> Result<Answer> {
        let reply = self.send(Method::POST, Bytes::from(xml), action, content_type).await?;
        reply.require_success().map_err(|error| match error.kind {
            ErrorKind::Busy | ErrorKind::NotFound => error.with_hint(PAGE_HINT),
            _ => error,
        })?;
        let malformed = |detail: String| reply.error(ErrorKind::Malformed).with_detail(detail);
        let text = decode(&reply.body).ok_or_else(|| {
            malformed(format!("the answer is neither UTF-8 nor GBK: {}", reply.excerpt()))
        })?;
        let start = text.trim_start().get(..5).unwrap_or_default().to_ascii_lowercase();
        if text.trim().is_empty() || matches!(start.as_str(), "<html" | "<!doc") {
            let detail = format!("a web page or nothing came instead of data: {}", excerpt(&text));
            return Err(malformed(detail).with_hint(PAGE_HINT));
        }
        let root = parse(&text)
            .map_err(|message| malformed(format!("the answer: {message}: {}", excerpt(&text))))?;
        if !root.name.eq_ignore_ascii_case("ufinterface") {
            return Err(malformed(format!("the answer is a <{}>", root.name)));
        }
        Ok(Answer { root, text, reply })
    }

    async fn send(
        &self,
        method: Method,
        body: Bytes,
        action: String,
        content_type: &str,
    ) -> Result<HttpReply> {
        let headers = match content_type {
            "" => Vec::new(),
            text => vec![("Content-Type", text.to_owned())],
        };
        let request = HttpRequest { method, url: self.url.clone(), headers, body, action };
        self.caller.send(request).await
    }
}
