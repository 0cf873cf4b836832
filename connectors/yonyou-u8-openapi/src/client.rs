//! Calls one account: a token that all calls share, renewed before it ends.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex;
use yuanliu_contract::{Clock, ConnectorError, ErrorKind, Result, Seams};
use yuanliu_http_kit::{Bytes, HttpCaller, HttpOptions, HttpRequest, Method, Url};

use crate::config::Account;
use crate::envelope::{Row, accept, count, scalar};

/// A token lives two hours; the vendor's SDK renews it after 1 h 55 min (reference: yonyou.md 2.2).
const TOKEN_S_DEFAULT: u64 = 7_200;
const RENEW_BEFORE_S: i64 = 300;

/// A token and when to renew it. No `Debug`.
struct Token {
    id: String,
    renew_at: DateTime<Utc>,
}

/// Calls one account. A call may run beside others; logging in does not.
pub(crate) struct Client {
    caller: HttpCaller,
    account: Account,
    clock: Arc<dyn Clock>,
    token: Mutex<Option<Token>>,
}

impl Client {
    /// A client that has not called yet.
    pub(crate) fn new(account: Account, options: HttpOptions, seams: &Seams) -> Result<Self> {
        let caller = HttpCaller::new(options, seams)?;
        Ok(Self { caller, account, clock: seams.clock.clone(), token: Mutex::new(None) })
    }

    /// Now on the hub's clock: the relay's own says nothing about the U8 server behind it.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Asks a resource: `batch_get` or `get`.
    pub(crate) async fn ask(
        &self,
        resource: &str,
        verb: &str,
        parameters: &[(&str, String)],
    ) -> Result<Row> {
        let action = format!("asking {resource}/{verb}");
        self.call(Method::GET, resource, verb, parameters, Bytes::new(), action).await
    }

    /// Sends a document to a resource and answers what the relay said.
    pub(crate) async fn add(
        &self,
        resource: &str,
        parameters: &[(&str, String)],
        body: String,
    ) -> Result<Row> {
        let action = format!("sending {resource}/add");
        self.call(Method::POST, resource, "add", parameters, Bytes::from(body), action).await
    }

    /// A trade id, which makes one add idempotent.
    pub(crate) async fn trade_id(&self) -> Result<String> {
        let token = self.token().await?;
        let mut url = self.url("system/tradeid")?;
        self.sign(&mut url, &token);
        let answer = self.send(Method::GET, url, Bytes::new(), "asking for a trade id").await?;
        let id = answer.get("trade").and_then(|trade| trade.get("id")).and_then(scalar);
        id.ok_or_else(|| {
            ConnectorError::new(ErrorKind::Malformed, "asking for a trade id")
                .with_detail("the answer holds none")
        })
    }

    /// Logs in if that is needed.
    pub(crate) async fn greet(&self) -> Result<()> {
        self.token().await.map(|_| ())
    }

    async fn call(
        &self,
        method: Method,
        resource: &str,
        verb: &str,
        parameters: &[(&str, String)],
        body: Bytes,
        action: String,
    ) -> Result<Row> {
        let token = self.token().await?;
        let mut url = self.url(&format!("api/{resource}/{verb}"))?;
        self.sign(&mut url, &token);
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("to_account", &self.account.to_account);
            if let Some(number) = self.account.ds_sequence {
                query.append_pair("ds_sequence", &number.to_string());
            }
            query.extend_pairs(parameters.iter().map(|(name, value)| (*name, value.as_str())));
        }
        let answer = self.send(method, url, body, &action).await;
        if answer.as_ref().is_err_and(|error| error.kind == ErrorKind::SessionExpired) {
            // Only the token that was refused: another task may have a new one already.
            let mut kept = self.token.lock().await;
            if kept.as_ref().is_some_and(|kept| kept.id == token) {
                *kept = None;
            }
        }
        answer
    }

    /// The token, asked for once however many calls wait for it.
    async fn token(&self) -> Result<String> {
        let mut kept = self.token.lock().await;
        if let Some(token) = kept.as_ref().filter(|token| self.clock.now() < token.renew_at) {
            return Ok(token.id.clone());
        }
        let action = "asking for a token";
        let mut url = self.url("system/token")?;
        url.query_pairs_mut()
            .append_pair("from_account", &self.account.from_account)
            .append_pair("app_key", &self.account.app_key)
            .append_pair("app_secret", self.account.app_secret.reveal());
        let asked_at = self.clock.now();
        let answer = self.send(Method::GET, url, Bytes::new(), action).await.map_err(as_login)?;
        let token = answer.get("token").and_then(|token| token.as_object());
        let id = token.and_then(|token| token.get("id")).and_then(scalar);
        let (Some(token), Some(id)) = (token, id) else {
            return Err(ConnectorError::new(ErrorKind::Malformed, action)
                .with_detail("the answer holds no token"));
        };
        let life_s = count(token, "expiresIn").unwrap_or(TOKEN_S_DEFAULT).min(TOKEN_S_DEFAULT);
        let kept_s = i64::try_from(life_s).unwrap_or_default() - RENEW_BEFORE_S;
        let renew_at = asked_at + TimeDelta::seconds(kept_s);
        *kept = Some(Token { id: id.clone(), renew_at });
        Ok(id)
    }

    fn sign(&self, url: &mut Url, token: &str) {
        url.query_pairs_mut()
            .append_pair("from_account", &self.account.from_account)
            .append_pair("app_key", &self.account.app_key)
            .append_pair("token", token);
    }

    async fn send(&self, method: Method, url: Url, body: Bytes, action: &str) -> Result<Row> {
        let headers = vec![("Content-Type", "application/json; charset=utf-8".to_owned())];
        let request = HttpRequest { method, url, headers, body, action: action.to_owned() };
        accept(&self.caller.send(request).await?)
    }

    fn url(&self, path: &str) -> Result<Url> {
        self.account.base_url.join(path).map_err(|source| {
            ConnectorError::new(ErrorKind::Config, format!("addressing {path}")).with_source(source)
        })
    }
}

/// A login that is refused is a wrong credential, whatever word the refusal uses.
fn as_login(mut error: ConnectorError) -> ConnectorError {
    if matches!(error.kind, ErrorKind::Refused | ErrorKind::SessionExpired) {
        error.kind = ErrorKind::Auth;
        error.hint = Some("check from_account, app_key and app_secret".to_owned());
    }
    error
}
